// The filters of the history.
import type { HistoryEntry } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchInput, Select, TextInput, visible } from '../../kit/index.ts';
import type { FilterForm } from './filter.ts';

const OUTCOMES: readonly HistoryEntry['outcome'][] = ['done', 'failed', 'cancelled'];
/** Stands for "whatever it is". */
const ANY = '*';

/** The form. */
export function Filters({
  form,
  clouds,
  onChange,
}: {
  form: FilterForm;
  clouds: readonly string[];
  onChange: (form: FilterForm) => void;
}): ReactNode {
  const { t } = useTranslation('history');
  const set = (change: Partial<FilterForm>) => onChange({ ...form, ...change });
  return (
    <div className="history-filters">
      <SearchInput
        label={t('search')}
        value={form.text}
        onChange={(text) => set({ text })}
        maxLength={300}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || form.text === '') return;
          event.stopPropagation();
          set({ text: '' });
        }}
      />
      <Select
        label={t('filter.outcome')}
        value={form.outcome ?? ANY}
        onChange={(value) => set({ outcome: value === ANY ? undefined : value })}
        choices={[
          { value: ANY, label: t('filter.anyOutcome') },
          ...OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })),
        ]}
      />
      <Select
        label={t('filter.cloud')}
        value={form.cloud ?? ANY}
        onChange={(value) => set({ cloud: value === ANY ? undefined : value })}
        choices={[
          { value: ANY, label: t('filter.anyCloud') },
          ...[...new Set([...clouds, ...(form.cloud === undefined ? [] : [form.cloud])])].map((value) => ({
            value,
            label: visible(value),
          })),
        ]}
      />
      <div className="history-dates">
        <TextInput
          type="date"
          aria-label={t('filter.from')}
          title={t('filter.from')}
          value={form.from}
          max={form.to || undefined}
          onChange={(from) => set({ from })}
        />
        <span className="muted" aria-hidden>
          –
        </span>
        <TextInput
          type="date"
          aria-label={t('filter.to')}
          title={t('filter.to')}
          value={form.to}
          min={form.from || undefined}
          onChange={(to) => set({ to })}
        />
      </div>
    </div>
  );
}
