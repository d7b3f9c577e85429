// Names from outside, made harmless to read. Pure.

/** What has no picture of its own, or changes the direction of what follows: `invoice⟨U+202E⟩fdp.exe` must not read as a PDF. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A name as it can be shown: characters that are not seen, or that turn the others around, become marks such as `⟨U+202E⟩`.
 * Joiners between letters (as some scripts and emoji need them) stay.
 */
export function visible(name: string): string {
  return name.replace(UNSEEN, (found, at: number) => {
    const isJoiner = found === '\u200c' || found === '\u200d';
    const between = `${name[at - 1] ?? ''}${name[at + 1] ?? ''}`;
    if (isJoiner && /^[\p{L}\p{M}\p{So}\ud800-\udfff]{2}$/u.test(between)) return found;
    return `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** A text from outside as it can be shown: as `visible`, but its lines and tabs stay. */
export const visibleText = (text: string): string => text.replace(/[^\t\r\n]+/g, (line) => visible(line));
