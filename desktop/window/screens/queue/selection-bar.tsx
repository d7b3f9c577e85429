// What can be done with all selected tasks at once.
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { ACTION_ICONS } from './action-buttons.tsx';
import { useTaskActions } from './actions.tsx';
import { useActionsOf } from './shown.ts';

const ACTIONS = ['start', 'pause', 'resume', 'retry', 'cancel', 'remove'] as const;

/** The bar. Shows what at least one of them can do. */
export function SelectionBar({
  selected,
  onClear,
  onStart,
}: {
  selected: ReadonlySet<string>;
  onClear: () => void;
  /** Asks how they shall be started. */
  onStart: (ids: readonly string[]) => void;
}): ReactNode {
  const { t } = useTranslation('queue');
  const { store } = useConnection();
  const { act } = useTaskActions();
  const actions = useActionsOf(selected);
  const run = (action: (typeof ACTIONS)[number]) => {
    const ids = store.taskIds.filter((id) => selected.has(id));
    if (action !== 'start') return act(action, ids);
    onStart(ids.filter((id) => store.task(id)?.actions.includes('start') === true));
  };
  return (
    <section className="queue-selection" aria-label={t('selection.label')}>
      <strong role="status">{t('selection.count', { count: selected.size })}</strong>
      <span className="grow" />
      {ACTIONS.filter((action) => actions.has(action)).map((action) => {
        const Icon = ACTION_ICONS[action];
        return (
          <Button
            key={action}
            size="small"
            look="quiet"
            icon={<Icon size={15} aria-hidden />}
            onClick={() => run(action)}
          >
            {t(`action.${action}`)}
          </Button>
        );
      })}
      <IconButton
        size="small"
        label={t('selection.clear')}
        icon={<X size={16} aria-hidden />}
        onClick={onClear}
      />
    </section>
  );
}
