// Progress of several publishings at once: a line each and a sum on a terminal, lines now and then in a log.
import type { PublishEvent, PublishItem } from '@imagebridge/core';
import { fit, formatBytes, formatDuration } from '../format.ts';
import {
  barLine,
  bytesDetail,
  ETA_ROOM,
  jsonEvent,
  lineSink,
  noteOf,
  type ProgressMode,
  type ProgressSink,
  preparationOf,
  rateDetail,
  stateText,
  type ViewOptions,
} from '../progress.ts';

/** What is shown of an item. */
export type ShownItem = Pick<PublishItem, 'path' | 'cloud' | 'region' | 'name'>;

/** Shows several publishings. Call `end` before anything else is printed. */
export interface ManyView {
  onEvent(item: ShownItem, event: PublishEvent): void;
  /** An item has ended. @param text how */
  onEnd(item: ShownItem, text: string): void;
  note(text: string): void;
  end(): void;
}

interface State {
  label: string;
  fraction: number;
  doneBytes: number;
  sizeBytes: number;
  rate: number;
  etaMs?: number | undefined;
  what: string;
}

const RESERVED_ROWS = 2;
const LOG_COLUMNS = 120;

/** A view. @param items all that will be published */
export function manyView(
  items: readonly ShownItem[],
  mode: ProgressMode,
  sink: ProgressSink,
  { now = Date.now, intervalMs = 10_000 }: ViewOptions = {},
): ManyView {
  const lines = lineSink(sink, now);
  const active = new Map<string, State>();
  let ended = 0;
  let nextMs = now() + Math.min(intervalMs, 1000);
  const files = new Set(items.map((item) => item.path)).size;
  const clouds = new Set(items.map((item) => `${item.cloud}/${item.region}`)).size;
  const labelOf = ({ path, cloud, region }: ShownItem) => {
    const name = path.split(/[\\/]/).pop() ?? path;
    const where =
      new Set(items.filter((one) => one.cloud === cloud).map((one) => one.region)).size > 1
        ? `${cloud}/${region}`
        : cloud;
    return clouds === 1 ? name : files === 1 ? where : `${name} → ${where}`;
  };
  const keyOf = (item: ShownItem) => JSON.stringify([item.path, item.cloud, item.region]);
  const note = (text: string) => {
    if (mode === 'line') lines.note(text);
    else if (mode === 'log') sink.write(`${text}\n`);
    else if (mode === 'json') sink.write(`${JSON.stringify({ type: 'note', text })}\n`);
  };
  const redraw = () => {
    const columns = sink.columns ?? 80;
    const room = Math.max(1, (sink.rows ?? 24) - RESERVED_ROWS);
    const states = [...active.values()];
    const shown = states.slice(0, room).map((state) => lineOf(state, columns));
    lines.draw([...shown, sumLine(states, ended, items.length)]);
  };
  return {
    onEvent(item, event) {
      if (mode === 'none') return;
      if (mode === 'json') {
        const { path, cloud, region, name } = item;
        sink.write(`${JSON.stringify({ item: { path, cloud, region, name }, ...jsonEvent(event) })}\n`);
        return;
      }
      const label = labelOf(item);
      const state = active.get(keyOf(item)) ?? {
        label,
        fraction: 0,
        doneBytes: 0,
        sizeBytes: 0,
        rate: 0,
        what: 'looking at it',
      };
      active.set(keyOf(item), updated(state, event));
      const text = noteOf(event);
      if (text !== undefined && event.type !== 'inspected') note(`${label}: ${text}`);
      if (mode === 'line') return redraw();
      if (now() < nextMs) return;
      nextMs = now() + intervalMs;
      for (const one of active.values()) sink.write(`${lineOf(one, LOG_COLUMNS)}\n`);
      sink.write(`${sumLine([...active.values()], ended, items.length)}\n`);
    },
    onEnd(item, text) {
      active.delete(keyOf(item));
      ended++;
      if (mode === 'json') return;
      note(`${labelOf(item)}: ${text}`);
      if (mode === 'line' && ended < items.length) redraw();
    },
    note,
    end: lines.clear,
  };
}

function updated(state: State, event: PublishEvent): State {
  const preparing = preparationOf(event);
  if (preparing) return { ...state, what: `${preparing.what} ${Math.floor(preparing.fraction * 100)}%` };
  switch (event.type) {
    case 'inspected':
      return { ...state, sizeBytes: event.inspection.fileSizeBytes };
    case 'import': {
      const percent = event.job.progress === undefined ? '' : ` ${Math.floor(event.job.progress * 100)}%`;
      return { ...state, fraction: 1, rate: 0, etaMs: undefined, what: `importing${percent}` };
    }
    case 'upload': {
      const { snapshot } = event.event;
      const { confirmedBytes, bytesPerSecond, etaMs } = snapshot;
      const { sizeBytes } = snapshot.file;
      return {
        ...state,
        fraction: sizeBytes === 0 ? 0 : confirmedBytes / sizeBytes,
        doneBytes: confirmedBytes,
        sizeBytes,
        rate: snapshot.state === 'uploading' ? bytesPerSecond : 0,
        etaMs,
        what: stateText(snapshot),
      };
    }
    default:
      return state;
  }
}

function lineOf(state: State, columns: number): string {
  if (state.what !== 'uploading') return fit(`${state.label}: ${state.what}`, Math.max(1, columns - 1));
  const eta = state.etaMs === undefined ? 'ETA …' : `ETA ${formatDuration(state.etaMs)}`;
  return barLine(
    state.label,
    state.fraction,
    [
      bytesDetail(state.doneBytes, state.sizeBytes),
      rateDetail(state.rate),
      { text: eta, room: ETA_ROOM, rank: 0 },
    ],
    columns,
  );
}

function sumLine(states: readonly State[], ended: number, total: number): string {
  const rate = states.reduce((sum, state) => sum + state.rate, 0);
  const speed = rate > 0 ? `, ${formatBytes(Math.round(rate))}/s` : '';
  const waiting = total - ended - states.length;
  return `${ended} of ${total} done${waiting > 0 ? `, ${waiting} waiting` : ''}${speed}`;
}
