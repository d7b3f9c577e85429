// The picker of files of the engine's machine, for a browser: a page gets no paths from the system's own dialog.
import type { FileEntry } from '@imagebridge/desktop-contract';
import { ArrowUp, FolderOpen } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Checkbox,
  Dialog,
  Empty,
  IconButton,
  Loading,
  Note,
  ProblemNote,
  SearchInput,
  visible,
} from '../../kit/index.ts';
import { useAsk } from '../../state/hooks.ts';
import { PathField } from './path-field.tsx';
import { type Crumb, crumbsOf, rootOf } from './paths.ts';
import { PickerList } from './picker-list.tsx';

/** Where the picker was last, for as long as the window lives. */
let lastFolder: string | undefined;

const isHidden = (entry: FileEntry) => entry.name.startsWith('.');

/** Folders first, then by name as people order them. */
function sorted(entries: readonly FileEntry[], language: string): FileEntry[] {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return [...entries].sort((a, b) =>
    a.kind === b.kind ? compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1,
  );
}

/** The picker. Tells the chosen paths; none when it was dismissed. */
export function Picker({
  choose,
  onClose,
}: {
  choose: 'one' | 'many';
  onClose: (paths: readonly string[]) => void;
}): ReactNode {
  const { t, i18n } = useTranslation('add');
  const roots = useAsk('files.roots', {});
  const [folder, setFolder] = useState(lastFolder);
  const [filter, setFilter] = useState('');
  const [showsHidden, setShowsHidden] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());

  const all = roots.data?.roots;
  // With one root there is nothing to choose above it.
  const only = all?.length === 1 ? all[0]?.path : undefined;
  const path = folder ?? only;
  const listing = useAsk('files.list', path === undefined ? undefined : { path });
  useEffect(() => {
    // The folder of last time may be gone, or outside of what is allowed now.
    if (listing.problem !== undefined && folder !== undefined && folder === lastFolder) {
      lastFolder = undefined;
      setFolder(undefined);
    }
  }, [listing.problem, folder]);

  const go = (to: string | undefined) => {
    setFolder(to);
    setFilter('');
  };
  const entries = path === undefined ? all : listing.data?.entries;
  const shown = useMemo(() => {
    const wanted = filter.trim().toLocaleLowerCase();
    return sorted(entries ?? [], i18n.language).filter(
      (entry) =>
        (showsHidden || path === undefined || !isHidden(entry)) &&
        (wanted === '' || entry.name.toLocaleLowerCase().includes(wanted)),
    );
  }, [entries, filter, showsHidden, path, i18n.language]);

  const toggle = (entry: FileEntry) => {
    if (choose === 'one') return setChosen(new Set(chosen.has(entry.path) ? [] : [entry.path]));
    const next = new Set(chosen);
    if (!next.delete(entry.path)) next.add(entry.path);
    setChosen(next);
  };
  const files = shown.filter((entry) => entry.kind === 'file');
  const areAllChosen = files.length > 0 && files.every((entry) => chosen.has(entry.path));
  const toggleAll = () => {
    const next = new Set(chosen);
    for (const { path: file } of files) {
      if (areAllChosen) next.delete(file);
      else next.add(file);
    }
    setChosen(next);
  };
  const close = (paths: readonly string[]) => {
    lastFolder = path;
    onClose(paths);
  };

  const places = all?.map(({ name, path: at }): Crumb => ({ name, path: at })) ?? [];
  const root = path === undefined ? undefined : rootOf(path, places);
  const crumbs = path === undefined ? [] : root ? crumbsOf(path, root) : [{ name: path, path }];
  const above = listing.data?.parent ?? (crumbs.length > 1 ? crumbs.at(-2)?.path : undefined);
  const canGoUp = above !== undefined || (path !== undefined && only === undefined);
  const goUp = () => {
    if (canGoUp) go(above);
  };
  const problem = roots.problem ?? listing.problem;

  return (
    <Dialog
      open
      size="wide"
      sticky
      onClose={() => close([])}
      title={t(choose === 'one' ? 'picker.titleOne' : 'picker.title')}
      description={t('picker.hint')}
      footer={
        <>
          <span className="grow muted small" role="status">
            {chosen.size > 0 ? t('picker.chosen', { count: chosen.size }) : null}
          </span>
          <Button onClick={() => close([])}>{t('common:action.cancel')}</Button>
          <Button look="primary" disabled={chosen.size === 0} onClick={() => close([...chosen])}>
            {choose === 'one'
              ? t('picker.use')
              : chosen.size === 0
                ? t('picker.addNone')
                : t('picker.add', { count: chosen.size })}
          </Button>
        </>
      }
    >
      <div className="picker">
        <div className="row">
          <IconButton
            size="small"
            label={t('picker.up')}
            icon={<ArrowUp size={16} aria-hidden />}
            disabled={!canGoUp}
            onClick={goUp}
          />
          <nav className="picker-crumbs grow" aria-label={t('picker.crumbs')}>
            {only === undefined ? (
              <button
                type="button"
                className="picker-crumb"
                aria-current={path === undefined ? 'location' : undefined}
                onClick={() => go(undefined)}
              >
                {t('picker.places')}
              </button>
            ) : null}
            {crumbs.map((crumb, i) => (
              <span key={crumb.path} className="row">
                {i > 0 || only === undefined ? (
                  <span className="muted" aria-hidden>
                    /
                  </span>
                ) : null}
                <button
                  type="button"
                  className="picker-crumb foreign one-line"
                  aria-current={i === crumbs.length - 1 ? 'location' : undefined}
                  onClick={() => go(crumb.path)}
                >
                  {visible(crumb.name)}
                </button>
              </span>
            ))}
          </nav>
        </div>
        <div className="picker-tools">
          <SearchInput label={t('picker.filter')} value={filter} onChange={setFilter} />
          <Checkbox label={t('picker.hidden')} checked={showsHidden} onChange={setShowsHidden} />
          {choose === 'many' ? (
            <Checkbox
              label={t('picker.all')}
              checked={areAllChosen}
              disabled={files.length === 0}
              onChange={toggleAll}
            />
          ) : null}
        </div>
        <div className="picker-box">
          {problem ? (
            <ProblemNote
              problem={problem}
              title={t('picker.failed')}
              action={
                <Button look="link" onClick={roots.problem ? roots.reload : () => go(undefined)}>
                  {t(roots.problem ? 'common:action.retry' : 'picker.places')}
                </Button>
              }
            />
          ) : entries === undefined ? (
            <Loading />
          ) : shown.length === 0 ? (
            <Empty
              icon={<FolderOpen size={28} aria-hidden />}
              title={t(filter === '' ? 'picker.empty' : 'picker.noMatch')}
            />
          ) : (
            <PickerList
              key={path ?? ''}
              entries={shown}
              chosen={chosen}
              onOpen={(entry) => go(entry.path)}
              onToggle={toggle}
              onUp={goUp}
            />
          )}
        </div>
        {listing.data?.truncated ? <Note tone="warning">{t('picker.truncated')}</Note> : null}
        <PathField
          onFolder={go}
          onFile={(file, at) => {
            setChosen((before) => (choose === 'one' ? new Set([file]) : new Set([...before, file])));
            go(at);
          }}
        />
      </div>
    </Dialog>
  );
}
