// The try-out cloud: starts and stops it, and says what to do with it.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge, Button, Confirm, ProblemNote, useToast } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { useAbout, useCommand, useProfiles } from '../../state/hooks.ts';
import { useAdd } from '../add/index.tsx';
import { FamilyIcon } from './family-icon.tsx';

/** Starts the try-out cloud, and says so. */
export function useTryOut(): { start: () => void; busy: boolean; problem: ReactNode } {
  const { t } = useTranslation('profiles');
  const { run, busy, problem } = useCommand('localCloud.start');
  const { variant } = useAbout();
  const toast = useToast();
  const start = async () => {
    const started = await run({});
    if (started) toast({ title: t('tryOut.started'), body: t(`tryOut.startedText.${variant}`) });
  };
  return {
    start: () => void start(),
    busy,
    problem: problem ? <ProblemNote problem={problem} /> : null,
  };
}

/** The place of the try-out cloud in the list of clouds. @param children its accounts while it runs */
export function TryOut({ children }: { children?: ReactNode }): ReactNode {
  const { t } = useTranslation('profiles');
  const locals = useProfiles().filter(({ isLocal }) => isLocal);
  const isRunning = locals.length > 0;
  const tryOut = useTryOut();
  return (
    <section className="card try-out" aria-label={t('tryOut.title')}>
      <div className="profile-head">
        <FamilyIcon family={undefined} local />
        <div className="grow">
          <h2 className="profile-name">
            {t(isRunning ? 'tryOut.title' : 'tryOut.offer')}
            {isRunning ? <Badge tone="success">{t('tryOut.runs')}</Badge> : null}
          </h2>
          <p className="muted small">{t('tryOut.text')}</p>
        </div>
        {isRunning ? (
          <Stop names={locals.map(({ name }) => name)} />
        ) : (
          <Button onClick={tryOut.start} busy={tryOut.busy}>
            {t('tryOut.start')}
          </Button>
        )}
      </div>
      {tryOut.problem}
      {isRunning ? <Next /> : null}
      {isRunning ? (
        <details className="profile-fold">
          <summary>{t('tryOut.accounts', { count: locals.length })}</summary>
          {children}
        </details>
      ) : null}
    </section>
  );
}

function Next(): ReactNode {
  const { t } = useTranslation('profiles');
  const add = useAdd();
  const { variant } = useAbout();
  return (
    <div className="try-out-next">
      <span className="grow">{t(`tryOut.next.${variant}`)}</span>
      <Button look="primary" size="small" onClick={() => add.pick()}>
        {t('tryOut.addFiles')}
      </Button>
    </div>
  );
}

/** States in which a task needs its cloud. */
const UNDER_WAY = new Set(['uploading', 'waiting-network', 'verifying', 'completing', 'importing']);

function Stop({ names }: { names: readonly string[] }): ReactNode {
  const { t } = useTranslation('profiles');
  const { store } = useConnection();
  const { run, busy, problem } = useCommand('localCloud.stop');
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();
  const stop = async () => {
    setAsking(false);
    const done = await run({});
    if (done !== undefined) toast({ title: t('tryOut.stopped') });
  };
  const isUsed = () =>
    store
      .tasks()
      .some(({ cloud, state }) => cloud !== undefined && names.includes(cloud) && UNDER_WAY.has(state));
  return (
    <>
      <Button busy={busy} onClick={() => (isUsed() ? setAsking(true) : void stop())}>
        {t('tryOut.stop')}
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t('tryOut.stopTitle')}
        confirm={t('tryOut.stop')}
        onConfirm={() => void stop()}
        look="primary"
      >
        {t('tryOut.stopText')}
      </Confirm>
      {problem ? <ProblemNote problem={problem} /> : null}
    </>
  );
}
