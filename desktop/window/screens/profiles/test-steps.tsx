// The test of a profile: runs it, and shows each step as it stands.

import type { Params, Problem, ProfileTest } from '@imagebridge/desktop-contract';
import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/say.ts';
import { Button, Dialog, ProblemNote, visible, visibleText } from '../../kit/index.ts';
import { useConnection } from '../../state/connection.tsx';
import { problemOf } from '../../state/hooks.ts';

const STEPS = ['settings', 'reach', 'sign-in', 'project', 'list-images', 'upload'] as const;

/** A test that can be begun, and given up. */
export interface Trial {
  run: (params: Params<'profiles.test'>) => void;
  /** Forgets the result, and gives up what runs: it is about something else now. */
  clear: () => void;
  busy: boolean;
  result: ProfileTest | undefined;
  /** Why there is no result. */
  problem: Problem | undefined;
}

/** A test of a profile. It is given up when its place is left. */
export function useTrial(): Trial {
  const { client } = useConnection();
  const [state, setState] = useState<Pick<Trial, 'busy' | 'result' | 'problem'>>(IDLE);
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const run = useCallback(
    (params: Params<'profiles.test'>) => {
      stop();
      const mine = new AbortController();
      running.current = mine;
      setState({ ...IDLE, busy: true });
      client
        .call('profiles.test', params, mine.signal)
        .then((result) => {
          if (!mine.signal.aborted) setState({ ...IDLE, result });
        })
        .catch((thrown: unknown) => {
          if (!mine.signal.aborted) setState({ ...IDLE, problem: problemOf(thrown) });
        });
    },
    [client, stop],
  );
  const clear = useCallback(() => {
    stop();
    setState(IDLE);
  }, [stop]);
  return { run, clear, ...state };
}

const IDLE = { busy: false, result: undefined, problem: undefined };

/** The steps of a test, with what failed. Nothing before it has begun. */
export function TestSteps({ trial }: { trial: Trial }): ReactNode {
  const { t } = useTranslation('profiles');
  const { busy, result, problem } = trial;
  if (problem) return <ProblemNote problem={problem} />;
  if (!busy && result === undefined) return null;
  const steps = result?.steps ?? STEPS.map((step) => ({ step, outcome: 'running' as const }));
  return (
    <div className="col gap-3">
      <div role="status" className={result === undefined ? 'muted' : 'test-summary'} data-ok={result?.ok}>
        {result === undefined ? t('testing.running') : result.ok ? t('testing.ok') : t('testing.failed')}
      </div>
      <ol className="test-steps">
        {steps.map((line) => (
          <Step key={line.step} line={line} />
        ))}
      </ol>
    </div>
  );
}

type Line = Omit<ProfileTest['steps'][number], 'outcome'> & {
  outcome: ProfileTest['steps'][number]['outcome'] | 'running';
};

const ICONS = { works: CircleCheck, failed: CircleX, 'not-tried': CircleDashed, running: LoaderCircle };

function Step({ line: { step, outcome, detail, problem } }: { line: Line }): ReactNode {
  const { t } = useTranslation('profiles');
  const say = useSay();
  const Icon = ICONS[outcome];
  return (
    <li className="test-step" data-outcome={outcome}>
      <Icon size={18} aria-hidden className={outcome === 'running' ? 'spinner' : undefined} />
      <div className="grow col">
        <div>
          <span className="test-step-name">{t(`profileTest.${step}`)}</span>
          <span className={outcome === 'not-tried' ? 'muted small' : 'sr-only'}>
            {' '}
            · {t(`outcome.${outcome}`)}
          </span>
          {detail ? (
            <span className="muted small foreign">
              {' '}
              · {step === 'list-images' ? <Count text={detail} /> : visibleText(say(detail))}
            </span>
          ) : null}
        </div>
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </li>
  );
}

/** `12` and `50+` as words. */
function Count({ text }: { text: string }): ReactNode {
  const { t } = useTranslation('profiles');
  const [, digits, more] = /^(\d+)(\+?)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  return t(more ? 'testing.imagesMore' : 'testing.images', { count: Number(digits) });
}

/** Tests a profile that is saved. */
export function TestDialog({ name, onClose }: { name: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation('profiles');
  const trial = useTrial();
  const { run } = trial;
  useEffect(() => run({ name }), [run, name]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={<span className="foreign">{t('testing.title', { name: visible(name) })}</span>}
      description={t('testing.text')}
      footer={
        <>
          <Button onClick={() => run({ name })} busy={trial.busy}>
            {t('testing.again')}
          </Button>
          <Button look="primary" onClick={onClose}>
            {t('common:action.done')}
          </Button>
        </>
      }
    >
      <TestSteps trial={trial} />
    </Dialog>
  );
}
