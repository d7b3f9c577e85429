// Data a resource keeps beside its state, unseen by the user.

/**
 * A resource's private data: JSON values by key, kept by Terraform from plan to apply and from run to run.
 * What is set while planning arrives in apply; what is set in apply and read is stored. Never a secret: it is
 * plain text in the state file.
 */
export interface PrivateState {
  /**
   * Reads a value through `parse`, which validates it and throws where it is not what it should be.
   * @returns undefined where the key is absent
   */
  get<T>(key: string, parse: (json: unknown) => T): T | undefined;
  /** Keeps a JSON-able value. */
  set(key: string, value: unknown): void;
  /** Reads bytes kept by {@link setBytes}; undefined where the key is absent or holds no bytes. */
  getBytes(key: string): Uint8Array | undefined;
  /** Keeps bytes. */
  setBytes(key: string, bytes: Uint8Array): void;
  /** Forgets a value. */
  delete(key: string): void;
}
