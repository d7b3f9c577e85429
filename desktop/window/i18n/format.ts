// Sizes, rates, times and numbers, as the chosen language writes them.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** What writes values of one language. */
export interface Formats {
  /** 1024-based with binary units: `3.5 GiB`. */
  bytes(bytes: number): string;
  rate(bytesPerSecond: number): string;
  /** `1 h 5 min`, `40 s`; the two largest units. */
  duration(ms: number): string;
  /** Rounded down, so that 100 % means all of it. */
  percent(fraction: number): string;
  number(value: number): string;
  dateTime(at: number): string;
  date(at: number): string;
  /** `5 minutes ago`. */
  ago(at: number, now: number): string;
  time(at: number): string;
  /** Hours and minutes. */
  minute(at: number): string;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

const known = new Map<string, Formats>();

/** The formats of a language; made once for each, because that is slow and rows are many. */
export function formatsOf(language: string): Formats {
  let formats = known.get(language);
  if (formats === undefined) {
    formats = makeFormats(language);
    known.set(language, formats);
  }
  return formats;
}

function makeFormats(language: string): Formats {
  const number = (digits: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: 0 });
  const whole = number(0);
  const tenths = number(1);
  const hundredths = number(2);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const minutes = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const zh = language.startsWith('zh');
  const [d, h, m, s] = zh ? ['天', '小时', '分钟', '秒'] : ['d', 'h', 'min', 's'];

  const bytes = (count: number): string => {
    let value = Math.max(0, count);
    let unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    const digits = unit === 0 || value >= 100 ? whole : value >= 10 ? tenths : hundredths;
    return `${digits.format(value)} ${UNITS[unit]}`;
  };
  return {
    bytes,
    rate: (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`,
    duration: (ms) => {
      const seconds = Math.max(0, Math.round(ms / 1000));
      const parts: [number, string | undefined][] = [
        [Math.floor(seconds / 86_400), d],
        [Math.floor(seconds / 3600) % 24, h],
        [Math.floor(seconds / 60) % 60, m],
        [seconds % 60, s],
      ];
      const first = parts.findIndex(([count]) => count > 0);
      const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
      return shown
        .filter(([count], i) => i === 0 || count > 0)
        .map(([count, unit]) => `${whole.format(count)} ${unit}`)
        .join(' ');
    },
    percent: (fraction) => `${whole.format(Math.floor(Math.min(1, Math.max(0, fraction)) * 100))}%`,
    number: (value) => whole.format(value),
    dateTime: (at) => date.format(at),
    date: (at) => day.format(at),
    time: (at) => clock.format(at),
    minute: (at) => minutes.format(at),
    ago: (at, now) => {
      const seconds = Math.round((at - now) / 1000);
      const size = Math.abs(seconds);
      if (size < 60) return relative.format(seconds, 'second');
      if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
      if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
      return relative.format(Math.round(seconds / 86_400), 'day');
    },
  };
}

/** The formats of the language that is shown. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language), [i18n.language]);
}
