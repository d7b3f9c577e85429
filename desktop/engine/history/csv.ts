// History as CSV for spreadsheets (RFC 4180). Pure.
import type { HistoryEntry } from '@imagebridge/desktop-contract';

const COLUMNS: readonly (readonly [
  title: string,
  value: (entry: HistoryEntry) => string | number | undefined,
])[] = [
  ['ended', (entry) => time(entry.endedAt)],
  ['outcome', (entry) => entry.outcome],
  ['file', (entry) => entry.fileName],
  ['image', (entry) => entry.imageName],
  ['image id', (entry) => entry.imageId],
  ['cloud', (entry) => entry.cloud],
  ['region', (entry) => entry.region],
  ['size in bytes', (entry) => entry.sizeBytes],
  ['sent bytes', (entry) => entry.sentBytes],
  ['seconds', (entry) => Math.round((entry.endedAt - entry.startedAt) / 1000)],
  ['started', (entry) => time(entry.startedAt)],
  ['sha256', (entry) => entry.sha256],
  ['path', (entry) => entry.path],
  ['begun by', (entry) => (entry.origin === 'desktop' ? 'the uploader' : 'another program')],
  ['problem', (entry) => entry.problem?.message],
  ['request id', (entry) => entry.problem?.requestId],
];

/** A table with a line of titles. Cells that a spreadsheet would take for a formula are made texts. */
export function historyCsv(entries: readonly HistoryEntry[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...entries.map((entry) => COLUMNS.map(([, value]) => value(entry))),
  ];
  // The mark at the start tells Excel that it is UTF-8.
  return `\uFEFF${rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`;
}

/** One cell. Numbers of ours stay numbers. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = beginsFormula(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(harmless) || harmless !== harmless.trim()
    ? `"${harmless.replaceAll('"', '""')}"`
    : harmless;
}

/** A name may begin with anything; some spreadsheet takes these for a formula, also in full width or behind blanks. */
function beginsFormula(text: string): boolean {
  const first = [...text].find((sign) => sign > ' ' && sign.trim() !== '');
  return (
    (first !== undefined && '=+-@|%＝＋－＠'.includes(first)) ||
    text.startsWith('\t') ||
    text.startsWith('\r')
  );
}

function time(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
