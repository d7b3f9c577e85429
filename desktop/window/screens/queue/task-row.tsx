// One task in the list. It follows its own task only, so that progress draws this row and no other.

import type { TFunction } from 'i18next';
import { Monitor } from 'lucide-react';
import { type DragEvent, type MouseEvent, memo, type ReactNode, useId, useState } from 'react';
import type { Formats } from '../../i18n/format.ts';
import { useSay } from '../../i18n/say.ts';
import { Badge, Cut, Progress, visible } from '../../kit/index.ts';
import { useTask } from '../../state/hooks.ts';
import { ActionButtons } from './action-buttons.tsx';
import { barOf, factsOf, isStopping, STATES, stateText } from './state-words.tsx';

/** What a row tells its list. All stay the same while the list lives. */
export interface RowEvents {
  /** The row was clicked: with which keys, tells what it means. */
  onPick: (id: string, keys: { shift: boolean; toggle: boolean }) => void;
  onCheck: (id: string, checked: boolean) => void;
  /** Another row was dropped before, or behind, this one. */
  onDropRow: (dragged: string, target: string, behind: boolean) => void;
}

/** Kind of data that a dragged row carries; files carry another. */
const DRAG_TYPE = 'application/x-imagebridge-task';

interface Props extends RowEvents {
  id: string;
  /** The keyboard is here. */
  isActive: boolean;
  isSelected: boolean;
  isOpen: boolean;
  shown: readonly string[];
  /** Words of the namespace `queue` and formats: the list has them for all of its rows. */
  t: TFunction<'queue'>;
  formats: Formats;
}

/** True where the name of a file tells its format. */
const endsWith = (fileName: string, format: string) => fileName.toLowerCase().endsWith(`.${format}`);

/** A row. */
export const TaskRow = memo(function TaskRow({
  id,
  isActive,
  isSelected,
  isOpen,
  shown,
  onPick,
  onCheck,
  onDropRow,
  t,
  formats,
}: Props): ReactNode {
  const task = useTask(id);
  const statusId = useId();
  const say = useSay();
  const [dropAt, setDropAt] = useState<'before' | 'behind'>();
  if (task === undefined) return null;

  const { icon: Icon, tone } = STATES[task.state];
  const hasErrors = task.errors > 0 && task.state === 'draft';
  const bar = barOf(task);
  const words = stateText(task, t);
  const facts = factsOf(task, t, formats, say);
  const percent = typeof bar === 'number' ? formats.percent(bar) : undefined;

  const click = (event: MouseEvent<HTMLElement>) => {
    // Controls of the row do their own; the name does what the row does.
    if (!(event.target instanceof Element)) return;
    const control = event.target.closest('button, [role="checkbox"], label, input');
    if (control !== null && !control.classList.contains('task-name')) return;
    // A menu is drawn elsewhere, and is a child of this row all the same.
    if (!event.currentTarget.contains(event.target)) return;
    onPick(id, { shift: event.shiftKey, toggle: event.ctrlKey || event.metaKey });
  };
  const sideOf = (event: DragEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2 ? ('behind' as const) : ('before' as const);
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the name is a button that does the same
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className="task-row"
      data-selected={isSelected ? '' : undefined}
      data-open={isOpen ? '' : undefined}
      data-drop={dropAt}
      onClick={click}
      onClickCapture={(event) => {
        // A range is chosen at the checkboxes, too.
        if (!event.shiftKey || !(event.target instanceof Element) || !event.target.closest('.task-check'))
          return;
        event.preventDefault();
        event.stopPropagation();
        onPick(id, { shift: true, toggle: true });
      }}
      draggable={task.actions.includes('move')}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAG_TYPE, id);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        setDropAt(sideOf(event));
      }}
      onDragLeave={() => setDropAt(undefined)}
      onDrop={(event) => {
        setDropAt(undefined);
        const dragged = event.dataTransfer.getData(DRAG_TYPE);
        if (dragged !== '') onDropRow(dragged, id, sideOf(event) === 'behind');
      }}
    >
      <span className="task-check">
        {/* The browser's own: rows are many, and it is the fastest. */}
        <input
          type="checkbox"
          className="checkbox task-tick"
          aria-label={t('select', { name: visible(task.fileName) })}
          checked={isSelected}
          onChange={(event) => onCheck(id, event.target.checked)}
          tabIndex={isActive ? 0 : -1}
        />
      </span>
      <div className="task-main">
        <div className="task-title">
          <button
            type="button"
            className="task-name one-line"
            data-roving={id}
            tabIndex={isActive ? 0 : -1}
            aria-describedby={statusId}
            aria-current={isOpen ? 'true' : undefined}
          >
            <Cut text={task.fileName} />
          </button>
          {task.format && !endsWith(task.fileName, task.format) ? (
            <span className="task-format">{task.format}</span>
          ) : null}
        </div>
        <div className="task-sub small muted">
          {task.imageName ? (
            <>
              <span aria-hidden>→</span>
              <Cut text={task.imageName} />
              {task.cloud ? (
                <span className="task-place foreign one-line">
                  · {visible(task.cloud)}
                  {task.region ? <span className="task-region"> / {visible(task.region)}</span> : null}
                </span>
              ) : null}
            </>
          ) : (
            <Cut text={task.path} />
          )}
        </div>
      </div>
      <div className="task-status" id={statusId} data-tone={hasErrors ? 'danger' : tone}>
        <div className="task-state">
          <Icon size={15} aria-hidden />
          <span className="one-line">{words}</span>
          <span className="task-limited one-line grow">
            {task.state === 'uploading' && task.progress?.bottleneck && !isStopping(task)
              ? t(`bottleneck.${task.progress.bottleneck}`)
              : null}
          </span>
          {task.elsewhere ? (
            <span title={t('elsewhere')}>
              <Badge icon={<Monitor size={12} aria-hidden />}>
                <span className="task-elsewhere">{t('elsewhere')}</span>
              </Badge>
            </span>
          ) : null}
          {task.errors > 0 && !hasErrors ? (
            <Badge tone="danger">{t('errors', { count: task.errors })}</Badge>
          ) : null}
          {percent ? <span className="numeric task-percent">{percent}</span> : null}
        </div>
        {bar === null ? null : (
          <Progress fraction={bar} tone={tone} label={t('progressOf', { name: visible(task.fileName) })} />
        )}
        <div className="task-line">
          <div className="task-facts small muted numeric one-line foreign" title={facts.join(' · ')}>
            {facts.join(' · ')}
          </div>
          {task.warnings > 0 && task.errors === 0 && task.state === 'draft' ? (
            <Badge tone="warning">{t('warnings', { count: task.warnings })}</Badge>
          ) : null}
        </div>
      </div>
      <ActionButtons task={task} t={t} shown={shown} canTab={isActive} />
    </div>
  );
});
