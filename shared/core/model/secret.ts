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

/** A secret as a store gave it. */
export interface StoredSecret {
  secret: Secret;
  /** Where it is kept, for users: `the keychain of this system`, `the file …`. */
  place: string;
  /** Of a file, which is not encrypted: its path. Absent: it is a keychain. */
  path?: string | undefined;
}

/** Keeps the secrets of profiles outside the profile file. Every face uses the same one. */
export interface SecretStore {
  /**
   * @param profile name of the profile
   * @param field name of the field, nested ones with a dot: `part_transport.secret_key`
   * @returns undefined when it has none
   * @throws LocalFileError when what it keeps cannot be read
   */
  get(profile: string, field: string): Promise<StoredSecret | undefined>;
  /**
   * Keeps a secret, instead of an earlier one.
   * @returns where it is kept and why there, as a sentence for the user
   * @throws LocalFileError when it cannot be kept anywhere
   */
  set(profile: string, field: string, secret: Secret): Promise<string>;
  /**
   * Forgets a secret.
   * @returns false when there was none
   * @throws LocalFileError when it cannot be removed
   */
  remove(profile: string, field: string): Promise<boolean>;
}
