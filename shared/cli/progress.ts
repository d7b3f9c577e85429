// How progress is shown: one line that is redrawn on a terminal, a line now and then in a log, or JSON lines for programs.
// Writes to stderr only, so that stdout holds nothing but results.
import type { PublishEvent, UploadSnapshot } from '@imagebridge/core';
import { fit, formatBytes, formatDuration, width } from './format.ts';

/** Where progress goes. */
export type ProgressMode = 'line' | 'log' | 'json' | 'none';

/** A log without a terminal gets a line this often, in ms. */
const LOG_INTERVAL_MS = 5_000;
const MIN_BAR_COLUMNS = 8;

/** What is written to; process.stderr fits. */
export interface ProgressSink {
  write(text: string): unknown;
  columns?: number | undefined;
}

/** Shows the events of one publishing. Call `end` before anything else is printed. */
export interface ProgressView {
  onEvent(event: PublishEvent): void;
  end(): void;
}

/** A view for a mode. */
export function progressView(
  mode: ProgressMode,
  sink: ProgressSink,
  now: () => number = Date.now,
): ProgressView {
  if (mode === 'none') return { onEvent: () => {}, end: () => {} };
  if (mode === 'json')
    return { onEvent: (event) => void sink.write(`${JSON.stringify(jsonEvent(event))}\n`), end: () => {} };
  return mode === 'line' ? lineView(sink) : logView(sink, now);
}

function lineView(sink: ProgressSink): ProgressView {
  let drawn = false;
  const clear = () => {
    if (drawn) sink.write('\r\x1b[2K');
    drawn = false;
  };
  return {
    onEvent(event) {
      const line = liveLine(event, sink.columns ?? 80);
      const note = noteOf(event);
      if (note !== undefined) {
        clear();
        sink.write(`${note}\n`);
      }
      if (line !== undefined) {
        sink.write(`\r\x1b[2K${line}`);
        drawn = true;
      }
    },
    end: clear,
  };
}

function logView(sink: ProgressSink, now: () => number): ProgressView {
  let nextMs = 0;
  return {
    onEvent(event) {
      const note = noteOf(event);
      if (note !== undefined) sink.write(`${note}\n`);
      const line = liveLine(event, 120);
      if (line === undefined || now() < nextMs) return;
      nextMs = now() + LOG_INTERVAL_MS;
      sink.write(`${line}\n`);
    },
    end: () => {},
  };
}

function liveLine(event: PublishEvent, columns: number): string | undefined {
  if (event.type === 'import') {
    const percent = event.job.progress === undefined ? '' : ` ${Math.floor(event.job.progress * 100)}%`;
    return `importing${percent} (job ${event.job.id})`;
  }
  if (event.type !== 'upload' || event.event.type === 'note') return undefined;
  return uploadLine(event.event.snapshot, columns);
}

/** `disk.qcow2 [████░░░░]  48.3%  96.0 MiB of 192.0 MiB  41.2 MiB/s  ETA 3 s  part 6/12`, cut to the terminal. */
export function uploadLine(s: UploadSnapshot, columns: number): string {
  const fraction = s.file.sizeBytes === 0 ? 0 : s.confirmedBytes / s.file.sizeBytes;
  const eta =
    s.state === 'uploading' ? (s.etaMs === undefined ? 'ETA …' : `ETA ${formatDuration(s.etaMs)}`) : s.state;
  const facts = [
    `${(fraction * 100).toFixed(1).padStart(5)}%`,
    `${formatBytes(s.confirmedBytes)} of ${formatBytes(s.file.sizeBytes)}`,
    `${formatBytes(Math.round(s.bytesPerSecond))}/s`,
    eta,
    `parts ${s.partsDone}/${s.partsTotal}`,
  ];
  const name = s.file.path.split(/[\\/]/).pop() ?? s.file.path;
  // The least important facts go first where the terminal is narrow.
  while (facts.length > 1 && facts.join('  ').length > columns - 1) facts.splice(facts.length > 2 ? 1 : 0, 1);
  const text = facts.join('  ');
  const room = columns - 1 - text.length;
  if (room < MIN_BAR_COLUMNS + 14) return text;
  const shown = fit(name, Math.min(28, room - MIN_BAR_COLUMNS - 5));
  const barColumns = Math.min(24, room - width(shown) - 4);
  const filled = Math.round(fraction * barColumns);
  const bar =
    barColumns >= MIN_BAR_COLUMNS ? ` [${'█'.repeat(filled)}${'░'.repeat(barColumns - filled)}]` : '';
  return `${shown}${bar} ${text}`;
}

function noteOf(event: PublishEvent): string | undefined {
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
      if (event.event.type !== 'retry') return undefined;
      return `retrying${event.event.partNumber === undefined ? '' : ` part ${event.event.partNumber}`} in ${formatDuration(event.event.waitMs)}: ${event.event.error.message}`;
    default:
      return undefined;
  }
}

/** The event as plain data. Progress is flat, so that a wrapper needs to look at one level only. */
function jsonEvent(event: PublishEvent): Record<string, unknown> {
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
        : {};
  return { type: `upload-${type}`, ...snapshot, ...extra };
}
