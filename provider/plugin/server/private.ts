// Private state as JSON bytes.
import type { PrivateState } from '../definition/private-state.ts';
import { emptyRecord, isRecord, own } from '../values/record.ts';

/** A resource's private data while a call runs. */
export class PrivateData implements PrivateState {
  readonly #values: Record<string, unknown> = emptyRecord();

  /** Reads what was stored; bytes that are no JSON object (written by another program) are dropped. */
  constructor(stored: Uint8Array) {
    if (stored.length === 0) return;
    try {
      const parsed: unknown = JSON.parse(Buffer.from(stored).toString('utf8'));
      if (isRecord(parsed)) Object.assign(this.#values, parsed);
    } catch {
      // Nothing of ours: begin anew.
    }
  }

  get<T>(key: string, parse: (json: unknown) => T): T | undefined {
    const value = own(this.#values, key);
    return value === undefined ? undefined : parse(value);
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`the private value "${key}" has no JSON form`);
    // A copy, so that later changes to the caller's object are not stored by accident.
    this.#values[key] = JSON.parse(text);
  }

  getBytes(key: string): Uint8Array | undefined {
    const value = own(this.#values, key);
    return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
  }

  setBytes(key: string, bytes: Uint8Array): void {
    this.#values[key] = Buffer.from(bytes).toString('base64');
  }

  delete(key: string): void {
    delete this.#values[key];
  }

  /** What to store: nothing where there is nothing. */
  bytes(): Uint8Array {
    const keys = Object.keys(this.#values);
    return keys.length === 0 ? new Uint8Array(0) : Buffer.from(JSON.stringify(this.#values));
  }
}
