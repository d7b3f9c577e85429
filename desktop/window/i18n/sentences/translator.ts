// Finds an English sentence of the core or the engine in a catalogue and says it in the catalogue's language. Pure.

/** Says a text in another language. What is in no catalogue (names, words of services) stays as it is. */
export type Translator = (text: string) => string;

interface Pattern {
  /** What stands around the values: one more than there are values. */
  fixed: readonly string[];
  translation: string;
}

/** Values in values in values: deeper ones stay as they are. */
const MAX_DEPTH = 5;
/** Answers that are kept, because lists say the same again and again. */
const MAX_KEPT = 500;
/** Longer texts are no sentences of ours. */
const MAX_CHARS = 2000;
/** What has more parts is no text of ours either. */
const MAX_PARTS = 12;

const VALUE = /\{\d+\}/g;
const charsOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0);

/** What stands in a text between its fixed parts; undefined: it is another text. In one pass: texts may be made to be slow. */
function valuesOf(text: string, [start = '', ...fixed]: readonly string[]): string[] | undefined {
  if (!text.startsWith(start)) return undefined;
  const values: string[] = [];
  let at = start.length;
  for (const [index, next] of fixed.entries()) {
    const isLast = index === fixed.length - 1;
    if (isLast && !text.endsWith(next)) return undefined;
    const end = isLast ? text.length - next.length : text.indexOf(next, at);
    if (end < at) return undefined;
    values.push(text.slice(at, end));
    at = end + next.length;
  }
  return values;
}

/** Where a text falls apart that is not in the catalogue as a whole, and what joins its parts again. The first that helps counts. */
const SEAMS: readonly { seam: RegExp; english: string; joint: string; all?: boolean }[] = [
  { seam: /(?<=[.!?]) (?=["'{(]?[A-Z0-9])/, english: ' ', joint: ' ' },
  { seam: /; /, english: '; ', joint: '；' },
  { seam: /: /, english: ': ', joint: '：' },
  // A list: all of it is known, or it is left as it is.
  { seam: /, (?:and |or )?| and | or /, english: ', ', joint: '、', all: true },
];

/** What stands in parentheses behind a sentence: `must be 1 to 9 (given: 10)`. */
const REMARK = /^(.+?) \((.+)\)(\.?)$/s;

/** @param entries English with `{0}`, `{1}` … for values, and the same in the other language; an empty translation is none */
export function translator(entries: Iterable<readonly [string, string]>): Translator {
  const exact = new Map<string, string>();
  const patterns: Pattern[] = [];
  for (const [english, translation] of entries) {
    if (translation === '') continue;
    const fixed = english.split(VALUE);
    if (fixed.length === 1) exact.set(english, translation);
    else patterns.push({ fixed, translation });
  }
  // The one that says most fits best.
  patterns.sort((a, b) => charsOf(b.fixed) - charsOf(a.fixed));

  const whole = (text: string, depth: number): string | undefined => {
    // At the beginning of a sentence a phrase has a capital.
    const same = exact.get(text) ?? exact.get(text.slice(0, 1).toLowerCase() + text.slice(1));
    if (same !== undefined || depth > MAX_DEPTH) return same;
    for (const { fixed, translation } of patterns) {
      const values = valuesOf(text, fixed);
      if (values === undefined) continue;
      return translation.replaceAll(VALUE, (name) => {
        const value = values[Number(name.slice(1, -1))] ?? '';
        return anyhow(value.trim(), depth + 1) ?? value;
      });
    }
    // A clause that was made a sentence.
    if (!text.endsWith('.')) return undefined;
    const clause = whole(text.slice(0, -1), depth + 1);
    return clause === undefined ? undefined : `${clause}。`;
  };
  /** As a whole, or part by part. Undefined: nothing of it is known. */
  const anyhow = (text: string, depth: number): string | undefined => {
    const found = whole(text, depth);
    if (found !== undefined || depth > MAX_DEPTH) return found;
    for (const { seam, english, joint, all = false } of SEAMS) {
      const said = inParts(text.split(seam), english, joint, all, depth);
      if (said !== undefined) return said;
    }
    const [, before = '', remark = '', stop = ''] = REMARK.exec(text) ?? [];
    const main = before === '' ? undefined : anyhow(before, depth + 1);
    return main && `${main}（${anyhow(remark, depth + 1) ?? remark}）${stop && '。'}`;
  };
  const inParts = (parts: readonly string[], english: string, joint: string, all: boolean, depth: number) => {
    if (parts.length === 1 || parts.length > MAX_PARTS) return undefined;
    let said = '';
    let isKnown = false;
    for (let from = 0; from < parts.length; ) {
      // Some entries are two sentences long: the longest that is known is taken.
      let to = parts.length;
      let found: string | undefined;
      while (found === undefined && to > from)
        found = whole(parts.slice(from, to--).join(english), depth + 1);
      if (found === undefined) found = anyhow(parts[from] ?? '', depth + 1);
      else to++;
      if (all && found === undefined) return undefined;
      isKnown ||= found !== undefined;
      const next = found ?? parts[from] ?? '';
      said += said === '' || (joint === ' ' && /[。！？；：]$/u.test(said)) ? next : joint + next;
      from = Math.max(to, from + 1);
    }
    return isKnown ? said : undefined;
  };

  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const said = text.length > MAX_CHARS ? text : (anyhow(text, 0) ?? text);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(text, said);
    return said;
  };
}
