// The screen "activities": work on images that goes on, and what has come of it.
import type { Activity } from '@imagebridge/desktop-contract';
import { Activity as ActivityIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Empty, Page } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { useActivities } from '../../state/hooks.ts';
import { hrefOf } from '../../state/route.ts';
import { ActivityLine } from './activity-line.tsx';
import './activities.css';

/** The screen. */
export function ActivitiesScreen(): ReactNode {
  const { t } = useTranslation('activities');
  const activities = useActivities();
  const running = activities.filter(({ state }) => state === 'running');
  const ended = activities.filter(({ state }) => state !== 'running');
  return (
    <Page
      title={t('common:nav.activity')}
      actions={ended.length > 0 ? <DismissAll activities={ended} /> : undefined}
    >
      {activities.length === 0 ? (
        <Empty
          icon={<ActivityIcon size={32} aria-hidden />}
          title={t('empty.title')}
          action={
            <a className="button" href={hrefOf('images')}>
              {t('empty.action')}
            </a>
          }
        >
          {t('empty.text')}
        </Empty>
      ) : (
        <div className="activities">
          <Section title={t('running', { count: running.length })} activities={running} />
          <Section title={t('over', { count: ended.length })} activities={ended} />
        </div>
      )}
    </Page>
  );
}

function Section({ title, activities }: { title: string; activities: readonly Activity[] }): ReactNode {
  if (activities.length === 0) return null;
  return (
    <section className="activities-section" aria-label={title}>
      <h2>{title}</h2>
      <ul className="activities-list">
        {activities.map((activity) => (
          <li key={activity.id}>
            <ActivityLine activity={activity} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Takes all that are over off the list. One that cannot be taken off stays, and says why when it is dismissed alone. */
function DismissAll({ activities }: { activities: readonly Activity[] }): ReactNode {
  const { t } = useTranslation('activities');
  const { client } = useConnection();
  const [busy, setBusy] = useState(false);
  const dismiss = async () => {
    setBusy(true);
    await Promise.allSettled(activities.map(({ id }) => client.call('activities.dismiss', { id })));
    setBusy(false);
  };
  return (
    <Button busy={busy} onClick={() => void dismiss()}>
      {t('dismissAll')}
    </Button>
  );
}
