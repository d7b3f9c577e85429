// What this process has changed: such things are read from the service itself from then on. Imports nothing.

/** One for all clouds of a process: an image that one project changes may be seen by another one. */
export class Written {
  readonly #images = new Set<string>();
  #more = false;

  /** True once something was written that is more than a change of one image. */
  get more(): boolean {
    return this.#more;
  }

  /** Notes that an image is being changed. */
  image(id: string): void {
    this.#images.add(id);
  }

  /** Notes that something was made, removed, shared or copied. */
  other(): void {
    this.#more = true;
  }

  /** True when this process has changed the image, or may have. */
  has(id: string): boolean {
    return this.#images.has(id);
  }
}
