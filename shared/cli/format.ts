// Numbers as people read them. Pure.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.5 GiB`; binary units, one decimal above bytes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago, roughly: `45 min`, `5 h`, `12 d`. */
export function formatDays(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 1) return `${Math.max(0, Math.floor(ms / 60_000))} min`;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} d`;
}

/**
 * Reads a size or a rate: `60M`, `1.5GiB`, `500k`, `1048576`. K, M, G, T are binary.
 * @returns bytes, or undefined when the text is no size
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?(?:\/s)?$/i.exec(text.trim());
  if (!match) return undefined;
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match[2] ?? '').toLowerCase());
  const bytes = Math.round(Number(match[1]) * 1024 ** power);
  return bytes > 0 ? bytes : undefined;
}

/** Cells of a table. */
export type Row = readonly string[];

const GAP = '  ';
/** A column is not made narrower than this, and not than the other before less important columns are left out. */
const LEAST_COLUMNS = 8;
const GOOD_COLUMNS = 18;

/** Columns aligned by their widest cell; the first row is the heading. Not wider than `columns` where it can be helped. */
export function table(rows: readonly Row[], columns?: number): string {
  const [headings = [], ...others] = rows;
  const widths = fitTable(widthsOf(rows), columns);
  if (widths === undefined) return blocks(headings, others).trimEnd();
  return rows.map((row) => rowOf(row, widths, columns !== undefined)).join('\n');
}

/** The widest cell of each column. */
export const widthsOf = (rows: readonly Row[]): number[] =>
  (rows[0] ?? []).map((_, column) => rows.reduce((most, row) => Math.max(most, width(row[column] ?? '')), 0));

/**
 * Widths that together fit into so many columns of a terminal. The first column, which people copy, is left whole; the
 * others are made narrower, then columns are left out (width 0), then made narrower still.
 * @param droppable indexes of the columns that can be left out, the least important first
 * @returns undefined when they cannot fit
 */
export function fitTable(
  widths: readonly number[],
  columns: number | undefined,
  droppable: readonly number[] = [],
): number[] | undefined {
  if (columns === undefined) return [...widths];
  for (let dropped = 0; dropped <= droppable.length; dropped++) {
    const out = droppable.slice(0, dropped);
    const least = dropped < droppable.length ? GOOD_COLUMNS : LEAST_COLUMNS;
    const fitted = shrink(
      widths.map((one, i) => (out.includes(i) ? 0 : one)),
      columns,
      least,
    );
    if (fitted !== undefined) return fitted;
  }
  return undefined;
}

/** The widest columns but for the first made narrower, down to `least`; undefined when that is not enough. */
function shrink(widths: readonly number[], columns: number, least: number): number[] | undefined {
  const fitted = [...widths];
  const total = () => fitted.reduce((sum, one) => sum + (one > 0 ? one + GAP.length : 0), -GAP.length);
  while (total() > columns) {
    const widest = fitted.reduce((best, one, i) => (i > 0 && one > (fitted[best] ?? 0) ? i : best), 1);
    const narrower = (fitted[widest] ?? 0) - 1;
    if (narrower < least) return undefined;
    fitted[widest] = narrower;
  }
  return fitted;
}

/** A line of a table. @param cut cells that are wider than their column are cut, but for those of the first */
export const rowOf = (row: Row, widths: readonly number[], cut: boolean): string =>
  row
    .flatMap((cell, column) => {
      const columns = widths[column] ?? 0;
      if (columns === 0 && cut) return [];
      const shown = cut && column > 0 ? fit(cell, Math.max(columns, LEAST_COLUMNS)) : cell;
      return [shown + ' '.repeat(Math.max(0, columns - width(shown)))];
    })
    .join(GAP)
    .trimEnd();

/** Rows as blocks of `heading: cell` lines, for terminals that are too narrow for a table. */
export const blocks = (headings: Row, rows: readonly Row[]): string =>
  rows
    .map((row) =>
      row
        .flatMap((cell, i) => (cell === '' ? [] : [`${(headings[i] ?? '').toLowerCase()}: ${cell}\n`]))
        .join(''),
    )
    .map((block) => `${block}\n`)
    .join('');

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Terminal columns that a text takes; Chinese, Japanese and Korean characters take two. */
export function width(text: string): number {
  let columns = 0;
  for (const char of text) columns += WIDE.test(char) ? 2 : 1;
  return columns;
}

/** The text cut to so many terminal columns, with an ellipsis in the middle, so that the extension stays. */
export function fit(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const chars = [...text];
  let head = '';
  let tail = '';
  const half = Math.max(1, Math.floor((columns - 1) / 2));
  for (const char of chars) {
    if (width(head + char) > columns - 1 - half) break;
    head += char;
  }
  for (const char of chars.reverse()) {
    if (width(char + tail) > half) break;
    tail = char + tail;
  }
  return `${head}…${tail}`;
}
