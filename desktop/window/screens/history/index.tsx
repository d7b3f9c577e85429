// The screen "history": uploads that are over, with filters, details, export and clearing.
import type { HistoryEntry } from '@imagebridge/desktop-contract';
import { Braces, History, SearchX, Sheet, Trash2 } from 'lucide-react';
import { type ReactNode, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import {
  Button,
  type Column,
  Confirm,
  Cut,
  DataTable,
  Empty,
  Loading,
  Menu,
  Page,
  ProblemNote,
  useToast,
  visible,
} from '../../kit/index.ts';
import { useCommand, useProfiles } from '../../state/hooks.ts';
import { hrefOf } from '../../state/route.ts';
import { EntryDrawer, Outcome } from './details.tsx';
import { type FilterForm, filterOf, isNarrowed, NO_FILTER } from './filter.ts';
import { Filters } from './filters.tsx';
import { saveAs } from './save.ts';
import { useHistory } from './use-history.ts';
import './history.css';

const ROW_PX = 52;
const idOf = ({ id }: HistoryEntry) => id;

/** The screen. */
export function HistoryScreen(): ReactNode {
  const { t } = useTranslation('history');
  const { number } = useFormats();
  const [form, setForm] = useState(NO_FILTER);
  const [openId, setOpenId] = useState<string>();
  const wanted = useDeferredValue(form);
  const { pages, state } = useHistory(filterOf(wanted));
  const { entries, total, loaded, problem } = state;
  const profiles = useProfiles();
  const clouds = useMemo(
    () => [...new Set([...profiles.map(({ name }) => name), ...entries.map(({ cloud }) => cloud)])].sort(),
    [profiles, entries],
  );
  const columns = useColumns();
  const rowName = useCallback(
    (entry: HistoryEntry) =>
      `${visible(entry.imageName || entry.fileName)}, ${t(`outcome.${entry.outcome}`)}`,
    [t],
  );
  const opened = entries.find(({ id }) => id === openId);
  const narrowed = isNarrowed(form);
  const isBare = loaded && total === 0 && !narrowed;

  return (
    <Page title={t('common:nav.history')} actions={isBare ? undefined : <Actions form={form} />}>
      <div className="list-page">
        {isBare ? null : <Filters form={form} clouds={clouds} onChange={setForm} />}
        {problem ? (
          <ProblemNote
            title={t('failed')}
            problem={problem}
            action={
              <Button size="small" onClick={() => void (loaded ? pages?.refresh() : pages?.more())}>
                {t('common:action.retry')}
              </Button>
            }
          />
        ) : null}
        {!loaded ? (
          problem ? null : (
            <Loading />
          )
        ) : isBare ? (
          <Empty
            icon={<History size={32} aria-hidden />}
            title={t('empty.title')}
            action={
              <a className="button" href={hrefOf('queue')}>
                {t('empty.action')}
              </a>
            }
          >
            {t('empty.text')}
          </Empty>
        ) : total === 0 ? (
          <Empty
            icon={<SearchX size={32} aria-hidden />}
            title={t('noMatch')}
            action={<Button onClick={() => setForm(NO_FILTER)}>{t('showAll')}</Button>}
          />
        ) : (
          <>
            <DataTable
              label={t('common:nav.history')}
              rows={entries}
              idOf={idOf}
              rowName={rowName}
              columns={columns}
              rowHeightPx={ROW_PX}
              total={total}
              openId={openId}
              onOpen={setOpenId}
              {...(problem === undefined ? { onEnd: () => void pages?.more() } : {})}
            />
            <div className="muted small numeric" role="status">
              {entries.length < total
                ? t('count.part', { loaded: number(entries.length), count: total })
                : t('count.all', { count: total })}
            </div>
          </>
        )}
      </div>
      {opened === undefined ? null : <EntryDrawer entry={opened} onClose={() => setOpenId(undefined)} />}
    </Page>
  );
}

/** Export of what is shown, and clearing of everything. */
function Actions({ form }: { form: FilterForm }): ReactNode {
  const { t } = useTranslation('history');
  const toast = useToast();
  const [isClearing, setClearing] = useState(false);
  const [isUnsaved, setUnsaved] = useState<string>();
  const made = useCommand('history.export');
  const cleared = useCommand('history.clear');

  const save = async (format: 'csv' | 'json') => {
    setUnsaved(undefined);
    const file = await made.run({ filter: filterOf(form), format });
    if (file === undefined) return;
    try {
      const path = await saveAs(file.fileName, file.text);
      if (path !== null) toast({ title: t('export.done'), body: visible(path || file.fileName) });
    } catch (thrown) {
      setUnsaved(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const clear = async () => {
    // The list follows the engine's event, here as in other windows.
    if ((await cleared.run({})) !== undefined) setClearing(false);
  };
  const failure =
    made.problem ?? (isUnsaved === undefined ? undefined : { kind: 'local-file', message: isUnsaved });

  return (
    <>
      {failure ? <ProblemNote problem={failure} /> : null}
      <Menu
        trigger={<Button busy={made.busy}>{t('export.action')}</Button>}
        items={[
          { label: t('export.csv'), icon: <Sheet size={16} aria-hidden />, onClick: () => void save('csv') },
          {
            label: t('export.json'),
            icon: <Braces size={16} aria-hidden />,
            onClick: () => void save('json'),
          },
        ]}
      />
      <Button
        icon={<Trash2 size={16} aria-hidden />}
        onClick={() => {
          cleared.clear();
          setClearing(true);
        }}
      >
        {t('clear.action')}
      </Button>
      <Confirm
        open={isClearing}
        onClose={() => setClearing(false)}
        title={t('clear.title')}
        confirm={t('clear.confirm')}
        busy={cleared.busy}
        onConfirm={() => void clear()}
      >
        <div className="col gap-3">
          <p>{t('clear.text')}</p>
          {cleared.problem ? <ProblemNote problem={cleared.problem} /> : null}
        </div>
      </Confirm>
    </>
  );
}

function useColumns(): readonly Column<HistoryEntry>[] {
  const { t } = useTranslation('history');
  const { bytes, date, duration, minute } = useFormats();
  return useMemo(
    () => [
      {
        key: 'image',
        header: t('field.image'),
        track: 'minmax(0, 3fr)',
        cell: (entry) => (
          <>
            <div className="history-name">
              <Cut text={entry.imageName || entry.fileName} />
            </div>
            <div className="small muted">
              <Cut text={entry.fileName} />
            </div>
          </>
        ),
      },
      {
        key: 'outcome',
        header: t('field.outcome'),
        track: '6.5rem',
        cell: (entry) => <Outcome outcome={entry.outcome} />,
      },
      {
        key: 'cloud',
        header: t('field.cloud'),
        track: 'minmax(0, 1.4fr)',
        fromPx: 600,
        cell: (entry) => (
          <>
            <div className="foreign one-line">{visible(entry.cloud)}</div>
            <div className="small muted foreign one-line">{visible(entry.region)}</div>
          </>
        ),
      },
      {
        key: 'id',
        header: t('field.imageId'),
        track: 'minmax(0, 2.4fr)',
        fromPx: 1300,
        cell: (entry) => (
          <div className="mono small muted foreign one-line">{visible(entry.imageId ?? '–')}</div>
        ),
      },
      {
        key: 'size',
        header: t('field.size'),
        track: '5.5rem',
        align: 'end',
        cell: (entry) => <span className="numeric">{bytes(entry.sizeBytes)}</span>,
      },
      {
        key: 'took',
        header: t('field.took'),
        track: '8rem',
        align: 'end',
        fromPx: 720,
        cell: (entry) => <span className="numeric">{duration(entry.endedAt - entry.startedAt)}</span>,
      },
      {
        key: 'ended',
        header: t('field.ended'),
        track: '7rem',
        fromPx: 480,
        cell: ({ endedAt }) => (
          <>
            <div className="one-line">{date(endedAt)}</div>
            <div className="small muted one-line">{minute(endedAt)}</div>
          </>
        ),
      },
      {
        key: 'origin',
        header: t('field.origin'),
        track: '8rem',
        fromPx: 1600,
        cell: (entry) => <div className="one-line">{t(`origin.${entry.origin}`)}</div>,
      },
    ],
    [t, bytes, date, duration, minute],
  );
}
