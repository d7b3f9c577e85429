// What this process has changed: such things are read from the service itself from then on. Imports nothing.

/** One for all clouds of a process: an image that one project changes may be seen by another one. */
export class Written {
  readonly #images = new Set<string>();
  #more = false;
  #revision = 0;

  /** Another one before and after each write: a read that began under one must not answer under the next. */
  get revision(): number {
    return this.#revision;
  }

  /** True once something was written that is more than a change of one image. */
  get more(): boolean {
    return this.#more;
  }

  /** Notes that an image is about to be changed, or was. */
  image(id: string): void {
    this.#revision += 1;
    this.#images.add(id);
  }

  /** Notes that something is about to be made, removed, shared or copied, or was. */
  other(): void {
    this.#revision += 1;
    this.#more = true;
  }

  /** True when this process has changed the image, or may have. */
  has(id: string): boolean {
    return this.#images.has(id);
  }
}
