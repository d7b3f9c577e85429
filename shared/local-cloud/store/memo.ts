// Results that stay right until what they were made from changes: a list that is read page by page is made once.

/** The last few results, all of one version of what they were made from. */
export class Memo<T> {
  #version = -1;
  readonly #results = new Map<string, T>();
  readonly #most = 16;

  /**
   * The result for a key; made when there is none of this version. Nobody may change what it gives.
   * @param version of what `make` reads; see `Collection.version`
   */
  get(version: number, key: string, make: () => T): T {
    if (version !== this.#version) this.#results.clear();
    this.#version = version;
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const made = make();
    const [oldest] = this.#results.keys();
    if (this.#results.size >= this.#most && oldest !== undefined) this.#results.delete(oldest);
    this.#results.set(key, made);
    return made;
  }
}

/** What of a query decides on the whole list: all but the page that is asked for. */
export function listKey(query: URLSearchParams, ...more: readonly unknown[]): string {
  const kept = [...query].filter(([name]) => name !== 'marker' && name !== 'limit');
  return JSON.stringify([...more, kept]);
}
