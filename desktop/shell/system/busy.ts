// How busy the engine is, as taskbar, dock, tray and power saving show it. Pure.
import type { HostReport } from '@imagebridge/desktop-contract';
import type { ProgressBarOptions } from 'electron';
import type { Words } from './words.ts';

/** The engine's report. */
export type Busy = Pick<Extract<HostReport, { type: 'busy' }>, 'uploading' | 'attention' | 'fraction'>;

/** Nothing to do. */
export const IDLE: Busy = { uploading: 0, attention: 0 };

/** Less than nothing takes the bar away, more than everything lets it run without an end. */
const NO_BAR = -1;
const ENDLESS = 2;

/** What the taskbar's button shows. */
export function taskbarBar({ uploading, attention, fraction }: Busy): {
  value: number;
  mode: NonNullable<ProgressBarOptions['mode']>;
} {
  if (uploading > 0) {
    return fraction === undefined
      ? { value: ENDLESS, mode: 'indeterminate' }
      : { value: Math.min(1, Math.max(0, fraction)), mode: 'normal' };
  }
  // The red bar stays until somebody looks after it.
  return attention > 0 ? { value: fraction ?? 1, mode: 'error' } : { value: NO_BAR, mode: 'none' };
}

/** One line about it, for the tray. */
export function summary({ uploading, attention, fraction }: Busy, words: Words): string {
  const percent = uploading > 0 && fraction !== undefined ? `, ${Math.floor(fraction * 100)} %` : '';
  const parts = [
    uploading > 0 ? `${words.uploading(uploading)}${percent}` : '',
    attention > 0 ? words.attention(attention) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? words.idle : parts.join(' · ');
}

/** True when the machine should not fall asleep by itself. */
export function mustStayAwake(busy: Busy, settings: { keepAwake: boolean }): boolean {
  return settings.keepAwake && busy.uploading > 0;
}
