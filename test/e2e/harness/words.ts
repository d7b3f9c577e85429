// English words in a window that is in Chinese: what nobody has translated.
import type { Locator } from 'playwright-core';

/** Three small English words in a row, or one where a sentence has just begun with "could not". */
const ENGLISH = /(?<![\w/."'-])[a-z]{2,} [a-z]{2,} [a-z]{2,}|无法 ?[a-z]{2,}(?= )/;

/** The first English phrase of what is shown; undefined: there is none. Commands and what is quoted may be English. */
export async function englishIn(part: Locator): Promise<string | undefined> {
  const text = await part.innerText();
  return ENGLISH.exec(text.replace(/"[^"\n]*"|“[^”\n]*”|qemu-img.*|dd if=.*/g, ''))?.[0];
}
