// What the history is narrowed by, as the user has it in the form. Pure.
import type { HistoryEntry, HistoryFilter } from '@imagebridge/desktop-contract';

/** The form. Dates as `2026-01-31`, empty: none. */
export interface FilterForm {
  text: string;
  outcome: HistoryEntry['outcome'] | undefined;
  cloud: string | undefined;
  from: string;
  to: string;
}

/** Everything. */
export const NO_FILTER: FilterForm = { text: '', outcome: undefined, cloud: undefined, from: '', to: '' };

/** True when it leaves something out. */
export const isNarrowed = (form: FilterForm): boolean => Object.keys(filterOf(form)).length > 0;

/** The start of a day in the user's own time zone, in ms since 1970; `days` later. */
function dayStart(date: string, days: number): number | undefined {
  const [, year, month, day] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(day) + days).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** What the engine is asked for. Both days are meant whole. */
export function filterOf({ text, outcome, cloud, from, to }: FilterForm): HistoryFilter {
  const words = text.trim().slice(0, 300);
  const start = dayStart(from, 0);
  const end = dayStart(to, 1);
  return {
    ...(words === '' ? {} : { text: words }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(cloud === undefined ? {} : { cloud }),
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end - 1 }),
  };
}
