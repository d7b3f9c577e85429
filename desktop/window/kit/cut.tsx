// Names in one line: one that is too long for its place is cut in the middle, so that its ending stays in sight.
import type { ReactNode } from 'react';
import { visible } from './visible.ts';

/** Longer than this a name may have to be cut; in letters of common width. */
const SHORT = 24;
/** How much of the end stays: an extension and a little before it. */
const ENDING = 12;
/** Letters that are as wide as two. */
const WIDE = /[\u1100-\u115f\u2e80-\uffdc]/;
/** A mark of `visible`. */
const LONGEST_MARK = '⟨U+10FFFF⟩'.length;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Where the part begins that stays in sight; undefined: the name is short. Letters, marks of `visible` and short names in a
 * path stay whole.
 */
export function endingAt(text: string): number | undefined {
  // Most names are done with here: rows are many.
  if (text.length <= SHORT && !WIDE.test(text)) return undefined;
  let width = 0;
  let at = text.length;
  for (const { segment, index } of [...graphemes.segment(text)].reverse()) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width <= ENDING) at = index;
    else if (width > SHORT) break;
  }
  if (width <= SHORT) return undefined;
  const last = /[\\/][^\\/]{1,20}$/.exec(text);
  if (last !== null) return last.index;
  const mark = text.lastIndexOf('⟨', at - 1);
  const isInside = mark > at - LONGEST_MARK && mark >= 0 && text.indexOf('⟩', mark) >= at;
  return isInside ? mark : at;
}

/** A name from outside in one line. The whole of it is its tooltip, and what is read aloud and searched for. */
export function Cut({ text }: { text: string }): ReactNode {
  const shown = visible(text);
  const at = endingAt(shown);
  return (
    <span className="cut foreign" title={shown}>
      {at === undefined ? (
        <span className="one-line">{shown}</span>
      ) : (
        <>
          <span className="sr-only">{shown}</span>
          <span className="one-line" aria-hidden>
            {shown.slice(0, at)}
          </span>
          <span className="cut-end" aria-hidden>
            {shown.slice(at)}
          </span>
        </>
      )}
    </span>
  );
}
