// How progress is shown: lines that are redrawn on a terminal, a line now and then in a log, or JSON lines for programs.
// Writes to stderr only, so that stdout holds nothing but results.
import type { PublishEvent, UploadSnapshot } from '@imagebridge/core';
import { fit, formatBytes, formatDuration, width } from './format.ts';
import type { ProgressOptions } from './options.ts';

/** Where progress goes. */
export type ProgressMode = 'line' | 'log' | 'json' | 'none';

const DEFAULT_LOG_INTERVAL_MS = 10_000;
/** A terminal is redrawn no more often than this, in ms. */
const REDRAW_MS = 80;
const MIN_BAR_COLUMNS = 8;
const LOG_COLUMNS = 120;

/** What is written to; process.stderr fits. */
export interface ProgressSink {
  write(text: string): unknown;
  columns?: number | undefined;
  rows?: number | undefined;
  isTTY?: boolean | undefined;
}

/** The mode that options ask for: on a terminal a line, else a log. */
export function modeOf(
  { progress, quiet }: Pick<ProgressOptions, 'progress' | 'quiet'>,
  sink: ProgressSink = process.stderr,
  env: NodeJS.ProcessEnv = process.env,
): ProgressMode {
  if (progress !== 'auto') return progress;
  if (quiet) return 'none';
  return sink.isTTY && env.TERM !== 'dumb' ? 'line' : 'log';
}

/** Shows the events of one publishing. Call `end` before anything else is printed. */
export interface ProgressView {
  onEvent(event: PublishEvent): void;
  end(): void;
}

/** Lines at the bottom of a terminal that are drawn again and again. */
export interface LineSink {
  /** Draws these lines instead of the last ones; not more often than the eye can follow. */
  draw(lines: readonly string[]): void;
  /** Prints a text that stays, above them. */
  note(text: string): void;
  /** Removes them. */
  clear(): void;
}

/** Lines at the bottom of a terminal. */
export function lineSink(sink: ProgressSink, now: () => number = Date.now): LineSink {
  let drawn: readonly string[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (drawn.length === 0) return;
    // A terminal that was made narrower since has broken the lines.
    const columns = sink.columns ?? 80;
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0);
    sink.write(`\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(rows - 1)}`);
    drawn = [];
  };
  return {
    draw(lines) {
      if (now() - lastMs < REDRAW_MS && lines.length === drawn.length) return;
      lastMs = now();
      const shown = lines.map((line) => fit(line, Math.max(1, (sink.columns ?? 80) - 1)));
      clear();
      sink.write(shown.join('\n'));
      drawn = shown;
    },
    note(text) {
      const lines = drawn;
      clear();
      sink.write(`${text}\n`);
      if (lines.length > 0) sink.write(lines.join('\n'));
      drawn = lines;
    },
    clear,
  };
}

/** A view for a mode. @param intervalMs between the lines of a log, in ms */
export function progressView(
  mode: ProgressMode,
  sink: ProgressSink,
  { now = Date.now, intervalMs = DEFAULT_LOG_INTERVAL_MS }: ViewOptions = {},
): ProgressView {
  if (mode === 'none') return { onEvent: () => {}, end: () => {} };
  if (mode === 'json')
    return { onEvent: (event) => void sink.write(`${JSON.stringify(jsonEvent(event))}\n`), end: () => {} };
  return mode === 'line' ? lineView(sink, now) : logView(sink, now, intervalMs);
}

/** How a view measures time. */
export interface ViewOptions {
  now?: (() => number) | undefined;
  intervalMs?: number | undefined;
}

function lineView(sink: ProgressSink, now: () => number): ProgressView {
  const lines = lineSink(sink, now);
  return {
    onEvent(event) {
      const note = noteOf(event);
      if (note !== undefined) lines.note(note);
      const line = liveLine(event, sink.columns ?? 80);
      if (line !== undefined) lines.draw([line]);
    },
    end: lines.clear,
  };
}

function logView(sink: ProgressSink, now: () => number, intervalMs: number): ProgressView {
  let nextMs = 0;
  return {
    onEvent(event) {
      const note = noteOf(event);
      if (note !== undefined) sink.write(`${note}\n`);
      const line = liveLine(event, LOG_COLUMNS);
      if (line === undefined || now() < nextMs) return;
      nextMs = now() + intervalMs;
      sink.write(`${line}\n`);
    },
    end: () => {},
  };
}

/** What is going on right now, in one line; undefined where an event tells nothing of that. */
export function liveLine(event: PublishEvent, columns: number): string | undefined {
  if (event.type === 'import') {
    const percent = event.job.progress === undefined ? '' : ` ${Math.floor(event.job.progress * 100)}%`;
    return `importing${percent} (job ${event.job.id})`;
  }
  const preparing = preparationOf(event);
  if (preparing) return `${preparing.what} ${Math.floor(preparing.fraction * 100)}%`;
  if (event.type !== 'upload' || event.event.type === 'note') return undefined;
  return uploadLine(event.event.snapshot, columns);
}

/** What is done to a file before it is sent, and how far it is; undefined for other events. */
export function preparationOf(event: PublishEvent): { what: string; fraction: number } | undefined {
  if (event.type === 'convert') return { what: 'converting', fraction: event.fraction };
  if (event.type !== 'measure') return undefined;
  return {
    what: 'measuring what is packed',
    fraction: event.totalBytes === 0 ? 1 : event.readBytes / event.totalBytes,
  };
}

/** `disk.qcow2 [████░░░░]  48.3%  96.0 MiB of 192.0 MiB  41.2 MiB/s  ETA 3 s  parts 6/12`, cut to the terminal. */
export function uploadLine(s: UploadSnapshot, columns: number): string {
  const fraction = s.file.sizeBytes === 0 ? 0 : s.confirmedBytes / s.file.sizeBytes;
  const eta =
    s.state === 'uploading'
      ? s.etaMs === undefined
        ? 'ETA …'
        : `ETA ${formatDuration(s.etaMs)}`
      : stateText(s);
  const name = s.file.path.split(/[\\/]/).pop() ?? s.file.path;
  return barLine(
    name,
    fraction,
    [
      bytesDetail(s.confirmedBytes, s.file.sizeBytes),
      rateDetail(s.bytesPerSecond),
      { text: eta, room: ETA_ROOM, rank: 0 },
      ...(s.partsTotal > 1 ? [partsDetail(s.partsDone, s.partsTotal)] : []),
      ...(s.bottleneck === undefined ? [] : [{ text: `waits for ${s.bottleneck}`, room: 18, rank: 4 }]),
    ],
    columns,
  );
}

/** A state in a word or two, with how far the work is that follows the transfer. */
export const stateText = ({ state, work }: Pick<UploadSnapshot, 'state' | 'work'>): string =>
  work?.fraction === undefined ? state : `${state} ${Math.floor(work.fraction * 100)}%`;

/** A fact beside a bar. */
export interface Detail {
  text: string;
  /** Columns that texts of its kind may take: the layout must not change with every number. */
  room: number;
  /** The highest goes first where there is no room; rank 0 stays. */
  rank: number;
}

/** Room for `ETA 59 min 59 s`. */
export const ETA_ROOM = 15;

/** `96.0 MiB of 192.0 MiB`. */
export function bytesDetail(doneBytes: number, sizeBytes: number): Detail {
  const size = formatBytes(sizeBytes);
  return {
    text: `${formatBytes(doneBytes)} of ${size}`,
    room: '1023.9 MiB of '.length + size.length,
    rank: 2,
  };
}

/** `41.2 MiB/s`. */
export const rateDetail = (bytesPerSecond: number): Detail => ({
  text: `${formatBytes(Math.round(bytesPerSecond))}/s`,
  room: '1023.9 MiB/s'.length,
  rank: 1,
});

function partsDetail(done: number, total: number): Detail {
  const text = `parts ${done}/${total}`;
  return { text, room: `parts ${total}/${total}`.length, rank: 3 };
}

/** Least columns that a name and a bar take together, and a name alone. */
const NAME_AND_BAR = 24;
const NAME_ALONE = 10;

/** A name, a bar, the percentage and facts, cut to the columns of a terminal: the least important facts go first. */
export function barLine(name: string, fraction: number, details: readonly Detail[], columns: number): string {
  const percent = `${(fraction * 100).toFixed(1).padStart(5)}%`;
  const roomBeside = (kept: readonly Detail[]) =>
    columns -
    1 -
    percent.length -
    kept.reduce((sum, { text, room }) => sum + 2 + Math.max(room, width(text)), 0);
  const line = (kept: readonly Detail[]) => [percent, ...kept.map(({ text }) => text)].join('  ');
  const withoutRank = (most: number) => details.filter(({ rank }) => rank <= most);
  for (const most of [4, 3, 2, 1]) {
    const kept = withoutRank(most);
    const room = roomBeside(kept);
    if (room < NAME_AND_BAR) continue;
    const shown = fit(name, Math.min(28, room - MIN_BAR_COLUMNS - 4));
    const barColumns = Math.min(24, room - width(shown) - 4);
    const filled = Math.round(Math.min(1, fraction) * barColumns);
    return `${shown} [${'█'.repeat(filled)}${'░'.repeat(barColumns - filled)}] ${line(kept)}`;
  }
  for (const most of [1, 0]) {
    const kept = withoutRank(most);
    const room = roomBeside(kept);
    if (room >= NAME_ALONE) return `${fit(name, room - 1)} ${line(kept)}`;
  }
  return fit(line(withoutRank(0)), Math.max(1, columns - 1));
}

/** What should stay readable, as lines; undefined where an event tells nothing of that kind. */
export function noteOf(event: PublishEvent): string | undefined {
  switch (event.type) {
    case 'inspected': {
      const { inspection } = event;
      const findings = inspection.findings.map((f) => `  ${f.severity}: ${f.message} ${f.remedy}`);
      const facts = `${inspection.format}, ${formatBytes(inspection.fileSizeBytes)}, disk of ${formatBytes(inspection.virtualSizeBytes)}`;
      return [`${inspection.path}: ${facts}`, ...findings].join('\n');
    }
    case 'uploaded': {
      const { partsSkipped, partsTotal, sha256 } = event.result;
      const skipped = partsSkipped > 0 ? `, ${partsSkipped} of ${partsTotal} parts were there already` : '';
      return `uploaded and verified${skipped}; SHA-256 ${sha256}`;
    }
    case 'image-id':
      return event.adopted
        ? `going on with image ${event.imageId}, which an earlier run had made`
        : undefined;
    case 'note':
      return event.text;
    case 'upload':
      if (event.event.type === 'note') return event.event.text;
      if (event.event.type === 'stalled')
        return `no byte has moved for ${formatDuration(event.event.stalledMs)}; still trying`;
      if (event.event.type !== 'retry') return undefined;
      return `retrying${event.event.partNumber === undefined ? '' : ` part ${event.event.partNumber}`} in ${formatDuration(event.event.waitMs)}: ${event.event.error.message}`;
    default:
      return undefined;
  }
}

/** The event as plain data. Progress is flat, so that a wrapper needs to look at one level only. */
export function jsonEvent(event: PublishEvent): Record<string, unknown> {
  if (event.type !== 'upload') return { ...event };
  const { type, snapshot } = event.event;
  const extra =
    event.event.type === 'retry'
      ? {
          partNumber: event.event.partNumber,
          attempt: event.event.attempt,
          waitMs: event.event.waitMs,
          error: event.event.error.toJSON(),
        }
      : event.event.type === 'note'
        ? { text: event.event.text }
        : event.event.type === 'stalled'
          ? { stalledMs: event.event.stalledMs }
          : {};
  return { type: `upload-${type}`, ...snapshot, ...extra };
}
