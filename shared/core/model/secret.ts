// A value that must not print by accident: a password, a secret key, a token. Imports Node's util only.
import { inspect } from 'node:util';

const HIDDEN = '***';

/** Wraps a secret text. Printing, string conversion and JSON give `***`; only `reveal` gives the text. */
export class Secret {
  readonly #value: string;

  /** @param value the text to hide */
  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Call it only where the text goes on the wire or into a signature. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
