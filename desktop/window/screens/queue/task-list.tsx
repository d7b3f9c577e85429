// The rows, the selection and the keys. Draws only what is seen.
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { useRoving, VirtualList } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { navigate } from '../../state/route.ts';
import { type Place, useTaskActions } from './actions.tsx';
import { type RowEvents, TaskRow } from './task-row.tsx';

const ROW_PX = 72;

const MOVES: Partial<Record<string, Place>> = { ArrowUp: 'up', ArrowDown: 'down', Home: 'top', End: 'end' };

/** The ids between two of them, both included. */
function between(ids: readonly string[], a: string, b: string): string[] {
  const [from, to] = [ids.indexOf(a), ids.indexOf(b)].sort((x, y) => x - y);
  return from === undefined || to === undefined || from < 0 ? [b] : ids.slice(from, to + 1);
}

/** The list. */
export function TaskList({
  ids,
  selected,
  onSelect,
  open,
}: {
  ids: readonly string[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  /** The task whose details are shown. */
  open: string | undefined;
}): ReactNode {
  const { t } = useTranslation('queue');
  const formats = useFormats();
  const { store } = useConnection();
  const actions = useTaskActions();
  const roving = useRoving(ids);
  /** Where a range begins. */
  const anchor = useRef<string>(undefined);

  // What is opened from elsewhere, such as a file that was just added, may be far below what is seen.
  const shown = useRef<string>(undefined);
  useEffect(() => {
    const at = open === undefined ? -1 : ids.indexOf(open);
    if (open !== undefined && at < 0) return;
    if (at >= 0 && shown.current !== open) roving.go(at, { focus: false });
    shown.current = open;
  }, [open, ids, roving]);

  const select = (id: string, keys: { shift: boolean; toggle: boolean }) => {
    if (keys.shift) {
      const range = between(ids, anchor.current ?? roving.activeId ?? id, id);
      onSelect(new Set(keys.toggle ? [...selected, ...range] : range));
      return;
    }
    anchor.current = id;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };

  // The rows are given the same functions always, so that they are not drawn anew; these do what is right now.
  const now = useRef<RowEvents>(undefined);
  now.current = {
    onPick(id, keys) {
      roving.go(ids.indexOf(id), { focus: keys.shift || keys.toggle });
      if (keys.shift || keys.toggle) return select(id, keys);
      anchor.current = id;
      navigate('queue', { task: id }, { replace: open !== undefined });
    },
    onCheck: (id) => {
      roving.go(ids.indexOf(id), { focus: false });
      select(id, { shift: false, toggle: true });
    },
    onDropRow(dragged, target, behind) {
      const all = store.taskIds;
      const before = behind ? (all[all.indexOf(target) + 1] ?? null) : target;
      if (dragged !== target && before !== dragged) actions.moveBefore(dragged, before);
    },
  };
  const onPick = useCallback<RowEvents['onPick']>((id, keys) => now.current?.onPick(id, keys), []);
  const onCheck = useCallback<RowEvents['onCheck']>((id, checked) => now.current?.onCheck(id, checked), []);
  const onDropRow = useCallback<RowEvents['onDropRow']>(
    (dragged, target, behind) => now.current?.onDropRow(dragged, target, behind),
    [],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    // Menus are drawn elsewhere, and their keys are their own.
    if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return;
    const id = roving.activeId;
    if (id === undefined) return;
    const isName = event.target.hasAttribute('data-roving');
    const isCommand = event.ctrlKey || event.metaKey;
    const meant = selected.has(id) ? ids.filter((one) => selected.has(one)) : [id];
    const handle = (work: () => void) => {
      event.preventDefault();
      work();
    };

    const place = event.altKey ? MOVES[event.key] : undefined;
    if (place !== undefined) return handle(() => actions.move(id, place, ids));
    if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const to = ids[roving.active + (event.key === 'ArrowDown' ? 1 : -1)];
      if (to === undefined) return;
      anchor.current ??= id;
      return handle(() => {
        select(to, { shift: true, toggle: false });
        roving.go(ids.indexOf(to));
      });
    }
    if (isCommand && event.key.toLowerCase() === 'a') return handle(() => onSelect(new Set(ids)));
    if (event.key === 'Escape' && selected.size > 0) return handle(() => onSelect(new Set()));
    if (event.key === 'Delete' || (event.key === 'Backspace' && event.metaKey))
      return handle(() => actions.dismiss(meant));
    if (event.key === ' ' && isName)
      return handle(() => {
        if (isCommand) return select(id, { shift: false, toggle: true });
        const isPaused = store.task(id)?.actions.includes('resume') === true;
        actions.act(isPaused ? 'resume' : 'pause', meant);
      });
    roving.onKey(event);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows inside
    <div
      ref={roving.ref}
      className="task-list"
      onKeyDown={onKeyDown}
      // A screen reader goes to any row, without keys.
      onFocus={({ target }) => {
        const id = target.getAttribute('data-roving');
        if (id !== null && id !== roving.activeId) roving.go(ids.indexOf(id), { focus: false });
      }}
      // A button is pressed when the key is let go: Space means something else on a row.
      onKeyUp={(event) => {
        if (event.key === ' ' && event.target instanceof Element && event.target.hasAttribute('data-roving'))
          event.preventDefault();
      }}
    >
      <VirtualList
        ids={ids}
        rowHeightPx={ROW_PX}
        label={t('title')}
        active={roving.active}
        turn={roving.turn}
        rowsTakeFocus
        fixed
        row={(id, index) => (
          <TaskRow
            id={id}
            isActive={index === roving.active}
            isSelected={selected.has(id)}
            isOpen={id === open}
            shown={ids}
            onPick={onPick}
            onCheck={onCheck}
            onDropRow={onDropRow}
            t={t}
            formats={formats}
          />
        )}
      />
    </div>
  );
}
