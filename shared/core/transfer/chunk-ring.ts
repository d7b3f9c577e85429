// Memory that chunks on their way to the network use over and over. Fresh memory for each of them is only given back when
// the engine's heap is cleaned, and that waits until tens of MB have gathered.

/**
 * A piece of memory, given out bit by bit, around and around. What was given out is written over once `sizeBytes` less one
 * bit more have been given out: its user must have let go of it by then. An HTTP client has: it asks for no more while
 * more than a few dozen KiB wait in its socket.
 */
export class ChunkRing {
  readonly #memory: Buffer;
  #at = 0;

  /** @param sizeBytes at least three times the largest chunk */
  constructor(sizeBytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** The next bit of memory. */
  take(bytes: number): Buffer {
    if (this.#at + bytes > this.#memory.length) this.#at = 0;
    const taken = this.#memory.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    return taken;
  }
}
