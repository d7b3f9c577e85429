// The form of one task: suggested by the engine, changed by the user, checked by the cloud while it is being filled in.
import type { Problem, TaskForm, TaskVerdict } from '@imagebridge/desktop-contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from '../../state/connection.tsx';
import { problemOf } from '../../state/hooks.ts';
import { cleaned, draftOf, keepDraft, merged } from './drafts.ts';

/** Where it shall go. */
export interface Target {
  cloud: string;
  region: string | undefined;
}

/** The form and what changes it. */
export interface FormState {
  target: Target | undefined;
  /** Undefined until the first suggestion is there, or when there is none: `problem` then tells why. */
  form: TaskForm | undefined;
  problem: Problem | undefined;
  change: (changes: Partial<TaskForm>) => void;
  setTarget: (target: Target) => void;
  /** Asks for the suggestion again. */
  again: () => void;
}

/**
 * The form of a task. `saved` is what the engine has of it, `cloud` where it goes when nothing else is known.
 */
export function useForm(id: string, saved: TaskForm | undefined, cloud: string | undefined): FormState {
  const { client } = useConnection();
  const [form, setForm] = useState<TaskForm | undefined>(() => draftOf(id) ?? saved);
  const [target, setTargetState] = useState<Target | undefined>(() =>
    form !== undefined
      ? { cloud: form.cloud, region: form.region }
      : cloud === undefined
        ? undefined
        : { cloud, region: undefined },
  );
  const [problem, setProblem] = useState<Problem>();
  const [turn, setTurn] = useState(0);
  const touched = useRef(new Set<string>());
  const latest = useRef(form);
  latest.current = form;

  // Profiles may come after the form was opened: the first one is where it goes.
  useEffect(() => {
    if (target === undefined && cloud !== undefined) setTargetState({ cloud, region: undefined });
  }, [target, cloud]);

  const isFor = form !== undefined && form.cloud === target?.cloud && form.region === target?.region;
  // biome-ignore lint/correctness/useExhaustiveDependencies: turn stands for "ask again"
  useEffect(() => {
    if (target === undefined || isFor) return;
    const stop = new AbortController();
    setProblem(undefined);
    const { region } = target;
    client
      .call(
        'tasks.suggest',
        { id, cloud: target.cloud, ...(region === undefined ? {} : { region }) },
        stop.signal,
      )
      .then((suggested) => {
        // The region is the one that was asked for, whatever a habit says.
        const { region: _, ...rest } = suggested;
        const there: TaskForm = region === undefined ? rest : { ...rest, region };
        const own = latest.current;
        setForm(own === undefined ? there : merged(there, own, touched.current));
      })
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) setProblem(problemOf(thrown));
      });
    return () => stop.abort();
  }, [client, id, target, isFor, turn]);

  const change = useCallback(
    (changes: Partial<TaskForm>) => {
      for (const field of Object.keys(changes)) touched.current.add(field);
      setForm((before) => {
        if (before === undefined) return before;
        const next = { ...before, ...changes };
        keepDraft(id, next);
        return next;
      });
    },
    [id],
  );

  return {
    target,
    form: isFor ? form : undefined,
    problem,
    change,
    setTarget: setTargetState,
    again: useCallback(() => setTurn((n) => n + 1), []),
  };
}

/** What the cloud says to the form. */
export interface Checked {
  verdict: TaskVerdict | undefined;
  /** Why it could not be asked. */
  problem: Problem | undefined;
  /** True until the form as it is now has its answer. */
  checking: boolean;
}

/** How long a form rests before it is checked, in ms. */
const REST_MS = 400;

/** Has the form checked whenever it rests. The last verdict of the same cloud stays until the next one is there. */
export function useVerdict(id: string, form: TaskForm | undefined): Checked {
  const { client } = useConnection();
  const [answer, setAnswer] = useState<{
    key: string;
    place: string;
    verdict?: TaskVerdict;
    problem?: Problem;
  }>();
  const ready = form === undefined ? undefined : cleaned(form);
  const key = ready === undefined || ready.name === '' ? undefined : JSON.stringify(ready);
  const place = JSON.stringify([ready?.cloud, ready?.region]);

  useEffect(() => {
    if (key === undefined) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client
        .call('tasks.check', { id, form: JSON.parse(key) }, stop.signal)
        .then((verdict) => setAnswer({ key, place, verdict }))
        .catch((thrown: unknown) => {
          if (!stop.signal.aborted) setAnswer({ key, place, problem: problemOf(thrown) });
        });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, id, key, place]);

  // What one cloud says is nothing about another.
  const said = key !== undefined && answer?.place === place ? answer : undefined;
  return {
    verdict: said?.verdict,
    problem: said?.problem,
    checking: key !== undefined && answer?.key !== key,
  };
}
