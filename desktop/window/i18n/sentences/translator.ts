// Finds an English sentence of the core or the engine in a catalogue and says it in the catalogue's language. Pure.

/** Says a text in another language. What is in no catalogue (names, words of services) stays as it is. */
export type Translator = (text: string) => string;

interface Pattern {
  /** What stands around the values: one more than there are values. */
  fixed: readonly string[];
  translation: string;
}

/** Values in values in values: deeper ones stay as they are. */
const MAX_DEPTH = 4;
/** Answers that are kept, because lists say the same again and again. */
const MAX_KEPT = 500;
/** Longer texts are no sentences of ours. */
const MAX_CHARS = 4000;

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
    const end = isLast ? text.length - next.length : text.indexOf(next, at + 1);
    if (end <= at) return undefined;
    values.push(text.slice(at, end));
    at = end + next.length;
  }
  return values;
}

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
    const same = exact.get(text);
    if (same !== undefined) return same;
    for (const { fixed, translation } of patterns) {
      const values = valuesOf(text, fixed);
      if (values === undefined) continue;
      return translation.replaceAll(VALUE, (name) => {
        const value = values[Number(name.slice(1, -1))] ?? '';
        return depth < MAX_DEPTH ? (inPieces(value, depth + 1) ?? value) : value;
      });
    }
    return undefined;
  };
  /** As a whole; or sentence by sentence, then clause by clause. Undefined: nothing of it is known. */
  const inPieces = (text: string, depth: number): string | undefined =>
    whole(text, depth) ??
    pieces(text, /(?<=[.!?]) (?=["'{(]?[A-Z0-9])/, depth, ' ') ??
    pieces(text, /; /, depth, '；') ??
    withoutStop(text, depth);
  const pieces = (text: string, between: RegExp, depth: number, joint: string): string | undefined => {
    const parts = text.split(between);
    if (parts.length === 1) return undefined;
    let said = '';
    let known = false;
    for (let from = 0; from < parts.length; ) {
      // Some entries are two sentences long.
      let to = parts.length;
      let found: string | undefined;
      for (; to > from; to--) {
        const span = parts.slice(from, to).join(joint === ' ' ? ' ' : '; ');
        found = to - from === parts.length ? undefined : (whole(span, depth) ?? withoutStop(span, depth));
        if (found !== undefined || to === from + 1) break;
      }
      known ||= found !== undefined;
      const next = found ?? parts[from] ?? '';
      said += said === '' || (joint === ' ' && /[。！？；：]$/u.test(said)) ? next : joint + next;
      from = Math.max(to, from + 1);
    }
    return known ? said : undefined;
  };
  /** A clause of the catalogue that was made a sentence. */
  const withoutStop = (text: string, depth: number): string | undefined => {
    if (!text.endsWith('.')) return undefined;
    const found = whole(text.slice(0, -1), depth);
    return found === undefined ? undefined : `${found}。`;
  };

  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const said = text.length > MAX_CHARS ? text : (inPieces(text, 0) ?? text);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(text, said);
    return said;
  };
}
