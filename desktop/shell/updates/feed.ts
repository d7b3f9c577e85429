// Whether, where from and when updates are looked for. Pure.

/** Between two looks, in ms. */
export const LOOK_EVERY_MS = 24 * 60 * 60 * 1000;
/** The first look waits until the start is over, in ms. */
export const FIRST_LOOK_MS = 60_000;

/**
 * The feed that the setting names, or undefined when updates are off: it is empty, or no plain `https:` address. An address
 * with a name and password is none: it would end in logs.
 */
export function feedUrl(setting: string): string | undefined {
  const text = setting.trim();
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain =
    url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '';
  if (!isPlain) return undefined;
  url.hash = '';
  return url.href;
}

/** What a user was asked, so that nobody is asked the same twice in one run. */
export class Questions {
  readonly #asked = new Set<string>();

  /**
   * True when to ask now.
   * @param isWanted the user has looked for updates by hand: then always
   */
  mayAsk(question: 'download' | 'install', version: string, isWanted: boolean): boolean {
    const key = `${question} ${version}`;
    const isNew = !this.#asked.has(key);
    this.#asked.add(key);
    return isNew || isWanted;
  }
}
