// The form of a profile while it is filled in: checks, tests, saves.
import type { Family, ProfileDetail } from '@imagebridge/desktop-contract';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast, visible } from '../../kit/index.ts';
import { type Command, useCommand } from '../../state/hooks.ts';
import {
  copyDraft,
  type Draft,
  editDraft,
  formOf,
  type Mistakes,
  mistakesOf,
  newDraft,
  type Origin,
} from './form-model.ts';
import { type Trial, useTrial } from './test-steps.tsx';

/** What the form is about. */
export type Subject =
  /** `given`: what is known of it already. */
  | { kind: 'new'; family: Family; given?: ProfileDetail }
  | { kind: 'edit' | 'copy'; detail: ProfileDetail; family: Family };

/** The form, and what can be done with it. */
export interface FormState {
  draft: Draft;
  /** As it was at the start. */
  initial: Draft;
  /** The profile that is being changed. */
  origin: Origin | undefined;
  /** Settings that a copy does not have. */
  left: readonly string[];
  /** What is wrong; nothing until it has been tried to test or save it. */
  mistakes: Mistakes;
  change: (next: Partial<Draft>) => void;
  setValue: (name: string, value: string) => void;
  /** Takes a stored secret away, or keeps it. */
  setRemoved: (name: string, removed: boolean) => void;
  /** Where the fields are: the first wrong one gets the focus. */
  element: RefObject<HTMLFormElement | null>;
  trial: Trial;
  test: () => void;
  save: Pick<Command<'profiles.save'>, 'busy' | 'problem' | 'clear'>;
  /** Checks and saves. @param allowFile the user agrees that secrets go to a file */
  submit: (allowFile: boolean) => void;
}

interface Start {
  draft: Draft;
  origin: Origin | undefined;
  left: readonly string[];
}

function startOf(subject: Subject, taken: readonly string[], isFirst: boolean): Start {
  if (subject.kind === 'new') {
    const { family, given } = subject;
    const draft = given ? copyDraft(given, family, taken).draft : newDraft(family, taken);
    return { draft: { ...draft, makeDefault: isFirst }, origin: undefined, left: [] };
  }
  if (subject.kind === 'copy')
    return { ...copyDraft(subject.detail, subject.family, taken), origin: undefined };
  return { ...editDraft(subject.detail, subject.family), left: [] };
}

/**
 * The form of a subject.
 * @param taken names that are in use
 * @param isFirst there is no other profile of the user
 * @param onSaved called when it is saved
 */
export function useProfileForm(
  subject: Subject,
  taken: readonly string[],
  isFirst: boolean,
  onSaved: () => void,
): FormState {
  const { t } = useTranslation('profiles');
  const element = useRef<HTMLFormElement>(null);
  const [{ draft: initial, origin, left }] = useState(() => startOf(subject, taken, isFirst));
  const [draft, setDraft] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const trial = useTrial();
  const save = useCommand('profiles.save');
  const secretStore = useCommand('profiles.secretStore');
  const toast = useToast();
  const isNew = subject.kind !== 'edit';
  const mistakes = mistakesOf(draft, origin, isNew ? taken : undefined);

  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    // What was found out is about another form.
    trial.clear();
    save.clear();
  };
  const check = (): boolean => {
    setChecked(true);
    if (Object.keys(mistakes).length === 0) return true;
    // After the mistakes have been drawn.
    setTimeout(() => showFirstMistake(element.current));
    return false;
  };
  const store = async (allowFile: boolean) => {
    const form = formOf(draft, origin);
    const { makeDefault } = draft;
    const done = await save.run({ form, overwrite: !isNew, makeDefault, allowFile });
    if (done === undefined) return;
    const place = done.kept.length === 0 ? undefined : await secretStore.run({});
    const kept = place?.kind === 'file' ? t('keptFile', { place: visible(place.place) }) : t('keptKeychain');
    toast({ title: t('saved', { name: visible(form.name) }), ...(place && { body: kept }) });
    onSaved();
  };

  return {
    draft,
    initial,
    origin,
    left,
    mistakes: isChecked ? mistakes : {},
    change,
    setValue: (name, value) => change({ values: { ...draft.values, [name]: value } }),
    setRemoved: (name, removed) => {
      const others = draft.removed.filter((one) => one !== name);
      change({ removed: removed ? [...others, name] : others, values: { ...draft.values, [name]: '' } });
    },
    element,
    trial,
    test: () => {
      if (check()) trial.run({ form: formOf(draft, origin) });
    },
    save,
    submit: (allowFile) => {
      if (check()) void store(allowFile);
    },
  };
}

function showFirstMistake(form: HTMLFormElement | null): void {
  const first = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const fold = first?.closest('details');
  if (fold) fold.open = true;
  first?.focus();
}
