// What is done with the whole queue.
import { Ellipsis, ListX, Pause, Play, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, Menu } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { useCommand, useTotals } from '../../state/hooks.ts';
import { useTaskActions } from './actions.tsx';

/** Pauses everything, or goes on with everything. */
export function PauseAllButton(): ReactNode {
  const { t } = useTranslation('queue');
  const { paused } = useTotals();
  const { pauseAll } = useTaskActions();
  const resume = useCommand('tasks.resumeAll');
  return paused ? (
    <Button icon={<Play size={16} aria-hidden />} busy={resume.busy} onClick={() => void resume.run({})}>
      {t('resumeAll')}
    </Button>
  ) : (
    <Button icon={<Pause size={16} aria-hidden />} onClick={pauseAll}>
      {t('pauseAll')}
    </Button>
  );
}

/** The rest, which is rarely needed. */
export function QueueMenu(): ReactNode {
  const { t } = useTranslation('queue');
  const { store } = useConnection();
  const { act } = useTaskActions();
  const idsIn = (...states: string[]) =>
    store.tasks().flatMap(({ id, state }) => (states.includes(state) ? [id] : []));
  return (
    <Menu
      trigger={
        <IconButton look="normal" label={t('common:action.more')} icon={<Ellipsis size={16} aria-hidden />} />
      }
      items={[
        {
          label: t('retryFailed'),
          icon: <RotateCw size={16} aria-hidden />,
          onClick: () => act('retry', idsIn('attention')),
        },
        {
          label: t('clearDone'),
          icon: <ListX size={16} aria-hidden />,
          onClick: () => act('remove', idsIn('done', 'cancelled')),
        },
      ]}
    />
  );
}
