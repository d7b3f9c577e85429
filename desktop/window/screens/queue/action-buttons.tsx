// The actions of one task: the one or two that are likely as buttons, all of them in a menu.
import type { TaskAction, TaskView } from '@imagebridge/desktop-contract';
import type { TFunction } from 'i18next';
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  Copy,
  Ellipsis,
  ExternalLink,
  FileCheck2,
  FileSearch,
  FolderOpen,
  KeyRound,
  type LucideIcon,
  Pause,
  Play,
  RotateCw,
  SlidersHorizontal,
  Trash2,
  X,
} from 'lucide-react';
import { memo, type ReactElement, type ReactNode, useState } from 'react';
import { copyText, IconButton, Menu, type MenuItem } from '../../kit/index.ts';
import { bridge } from '../../state/transport.ts';
import { type Place, useTaskActions } from './actions.tsx';

/** Icons of actions. */
export const ACTION_ICONS: Readonly<Record<Exclude<TaskAction, 'move'>, LucideIcon>> = {
  start: Play,
  edit: SlidersHorizontal,
  pause: Pause,
  resume: Play,
  retry: RotateCw,
  cancel: X,
  remove: Trash2,
  locate: FileSearch,
  'accept-file': FileCheck2,
  'sign-in': KeyRound,
  'open-image': ExternalLink,
};

/** The likely ones first. */
export const ORDER = [
  'sign-in',
  'locate',
  'accept-file',
  'start',
  'pause',
  'resume',
  'open-image',
  'edit',
  'retry',
  'cancel',
  'remove',
] as const;

const PLACES: readonly (readonly [Place, LucideIcon])[] = [
  ['top', ArrowUpToLine],
  ['up', ArrowUp],
  ['down', ArrowDown],
  ['end', ArrowDownToLine],
];

interface Props {
  task: TaskView;
  t: TFunction<'queue'>;
  shown: readonly string[];
  canTab: boolean;
}

/**
 * Buttons of a row. Rows are many and pass by: plain buttons, and the menu is made when it is asked for.
 * @param shown ids in the order that is shown: what "up" and "down" mean
 */
export const ActionButtons = memo(function ActionButtons({ task, t, shown, canTab }: Props): ReactNode {
  const { act, move } = useTaskActions();
  const [isAsked, setAsked] = useState(false);
  const there = ORDER.filter((action) => task.actions.includes(action));
  const end = there.findLast((action) => action === 'cancel' || action === 'remove');
  const first = there.find((action) => action !== end);
  const quick = [first, end].filter((action) => action !== undefined);
  const icon = (Icon: LucideIcon) => <Icon size={16} aria-hidden />;

  const items = (): (MenuItem | undefined)[] => {
    const actions = there
      // Both open the form.
      .filter((action) => !(action === 'edit' && there.includes('start')))
      .map(
        (action): MenuItem => ({
          label: t(`action.${action}`),
          icon: icon(ACTION_ICONS[action]),
          onClick: () => act(action, [task.id]),
          look: action === 'cancel' ? 'danger' : undefined,
        }),
      );
    const moves = task.actions.includes('move')
      ? PLACES.map(
          ([place, Icon]): MenuItem => ({
            label: t(`move.${place}`),
            icon: icon(Icon),
            onClick: () => move(task.id, place, shown),
          }),
        )
      : [];
    const shell = bridge();
    const others: MenuItem[] = [
      { label: t('copyPath'), icon: icon(Copy), onClick: () => void copyText(task.path) },
      ...(shell === undefined
        ? []
        : [{ label: t('reveal'), icon: icon(FolderOpen), onClick: () => void shell.reveal(task.path) }]),
    ];
    return [actions, moves, others]
      .filter((group) => group.length > 0)
      .flatMap((group, i) => (i === 0 ? group : [undefined, ...group]));
  };

  return (
    <div className="task-actions">
      {quick.map((action) => (
        <RowButton
          key={action}
          label={t(`action.${action}`)}
          icon={icon(ACTION_ICONS[action])}
          canTab={canTab}
          onClick={() => act(action, [task.id])}
        />
      ))}
      {isAsked ? (
        <Menu
          trigger={
            <IconButton
              size="small"
              tabIndex={canTab ? 0 : -1}
              label={t('common:action.more')}
              icon={icon(Ellipsis)}
            />
          }
          items={items()}
          defaultOpen
        />
      ) : (
        <RowButton
          label={t('common:action.more')}
          icon={icon(Ellipsis)}
          canTab={canTab}
          onClick={() => setAsked(true)}
          hasMenu
        />
      )}
    </div>
  );
}, isSame);

/** Progress changes nothing here. */
function isSame(a: Props, b: Props): boolean {
  return (
    a.t === b.t &&
    a.shown === b.shown &&
    a.canTab === b.canTab &&
    a.task.id === b.task.id &&
    a.task.path === b.task.path &&
    a.task.actions.join() === b.task.actions.join()
  );
}

function RowButton({
  label,
  icon,
  canTab,
  onClick,
  hasMenu,
}: {
  label: string;
  icon: ReactElement;
  canTab: boolean;
  onClick: () => void;
  hasMenu?: boolean;
}): ReactNode {
  return (
    <button
      type="button"
      className="button"
      data-look="quiet"
      data-size="small"
      data-icon-only=""
      tabIndex={canTab ? 0 : -1}
      title={label}
      aria-label={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}
