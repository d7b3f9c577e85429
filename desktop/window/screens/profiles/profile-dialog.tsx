// The form of a profile: a new one, a changed one, or a copy. It can be tested before it is saved.
import type { Family, ProfileDetail, ProfileField } from '@imagebridge/desktop-contract';
import { SIGN_IN_WAYS } from '@imagebridge/desktop-contract';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Checkbox,
  Confirm,
  Dialog,
  Field,
  Note,
  ProblemNote,
  Segmented,
  TextInput,
  useToast,
} from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { FormField } from './form-field.tsx';
import {
  copyDraft,
  type Draft,
  editDraft,
  fieldsOf,
  formOf,
  isStored,
  mistakesOf,
  newDraft,
  type Origin,
  withFamily,
} from './form-model.ts';
import { TestSteps, useTrial } from './test-steps.tsx';
import { isWeakStore, NoKeychainNote, WeakStoreQuestion } from './weak-store.tsx';

const FAMILIES = ['ucloudstack', 'huaweicloud', 'openstack'] as const;

/** What the form is about. */
export type Subject =
  | { kind: 'new'; family: Family }
  | { kind: 'edit' | 'copy'; detail: ProfileDetail; family: Family };

interface Start {
  draft: Draft;
  origin: Origin | undefined;
  /** Settings that a copy does not have. */
  left: readonly string[];
}

function startOf(subject: Subject, taken: readonly string[]): Start {
  if (subject.kind === 'new') return { draft: newDraft(subject.family, taken), origin: undefined, left: [] };
  if (subject.kind === 'copy')
    return { ...copyDraft(subject.detail, subject.family, taken), origin: undefined };
  return { ...editDraft(subject.detail, subject.family), left: [] };
}

/** The form, in a dialog. @param taken names that are in use */
export function ProfileDialog({
  subject,
  taken,
  onClose,
}: {
  subject: Subject;
  taken: readonly string[];
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const formId = useId();
  const body = useRef<HTMLFormElement>(null);
  const [{ draft: initial, origin, left }] = useState(() => startOf(subject, taken));
  const [draft, setDraft] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const trial = useTrial();
  const save = useCommand('profiles.save');
  const secretStore = useCommand('profiles.secretStore');
  const toast = useToast();

  const isNew = subject.kind !== 'edit';
  const mistakes = mistakesOf(draft, origin, isNew ? taken : undefined);
  const shown = isChecked ? mistakes : {};
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    trial.clear();
    save.clear();
  };
  const setValue = (name: string, value: string) => change({ values: { ...draft.values, [name]: value } });
  const setRemoved = (name: string, removed: boolean) => {
    const others = draft.removed.filter((one) => one !== name);
    change({ removed: removed ? [...others, name] : others, values: { ...draft.values, [name]: '' } });
  };

  /** True when all is right; else the first wrong field has the focus. */
  const check = (): boolean => {
    setChecked(true);
    if (Object.keys(mistakes).length === 0) return true;
    // After the mistakes have been drawn.
    setTimeout(() => {
      const first = body.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      const fold = first?.closest('details');
      if (fold) fold.open = true;
      first?.focus();
    });
    return false;
  };
  const test = () => {
    if (check()) trial.run({ form: formOf(draft, origin) });
  };
  const store = async (allowFile: boolean) => {
    const form = formOf(draft, origin);
    const { makeDefault } = draft;
    const done = await save.run({ form, overwrite: !isNew, makeDefault, allowFile });
    if (done === undefined) return;
    const place = done.kept.length === 0 ? undefined : await secretStore.run({});
    toast({
      title: t('saved', { name: form.name }),
      ...(place && {
        body: place.kind === 'keychain' ? t('keptKeychain') : t('keptFile', { place: place.place }),
      }),
    });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (check()) void store(false);
  };
  const leave = () => (draft === initial ? onClose() : setLeaving(true));

  const seen = fieldsOf(draft.family, draft.way);
  const drawn = (fields: readonly ProfileField[]) =>
    fields.map((field) => (
      <FormField
        key={field.name}
        field={field}
        family={draft.family}
        value={draft.values[field.name] ?? ''}
        onChange={(value) => setValue(field.name, value)}
        mistake={shown[field.name]}
        place={origin?.places[field.name]}
        removed={origin !== undefined && !isStored(field.name, draft, origin)}
        onRemove={(removed) => setRemoved(field.name, removed)}
      />
    ));
  const more = seen.filter(({ group, required }) => group === 'main' && !required);
  const ways = SIGN_IN_WAYS[draft.family];
  const mistakeCount = Object.keys(shown).length;
  const canChooseFamily =
    subject.kind === 'new' || (subject.kind === 'edit' && subject.detail.profile.family === undefined);
  const name = subject.kind === 'new' ? '' : subject.detail.profile.name;

  return (
    <Dialog
      open
      sticky
      size="wide"
      busy={save.busy}
      onClose={leave}
      title={<span className="foreign">{t(`form.${subject.kind}Title`, { name })}</span>}
      footer={
        <>
          <Button onClick={test} busy={trial.busy} disabled={save.busy}>
            {t('form.test')}
          </Button>
          <span className="grow field-error profile-mistakes" role="status">
            {mistakeCount > 0 ? t('form.mistakes', { count: mistakeCount }) : null}
          </span>
          <Button onClick={leave} disabled={save.busy}>
            {t('common:action.cancel')}
          </Button>
          <Button look="primary" type="submit" form={formId} busy={save.busy}>
            {t('common:action.save')}
          </Button>
        </>
      }
    >
      <form id={formId} ref={body} className="profile-form" onSubmit={submit} noValidate>
        {subject.kind === 'edit' && subject.detail.problem ? (
          <ProblemNote title={t('form.broken')} problem={subject.detail.problem} />
        ) : null}
        {subject.kind === 'copy' ? <Note>{t('form.secretsAgain')}</Note> : null}
        {left.length > 0 ? (
          <Note tone="warning">
            <span className="foreign">{t('form.leftOut', { names: left.join(', ') })}</span>
          </Note>
        ) : null}
        {canChooseFamily ? (
          <Segmented
            label={t('form.family')}
            value={draft.family}
            onChange={(family) => change(withFamily(draft, family, taken))}
            choices={FAMILIES.map((family) => ({ value: family, label: t(`common:family.${family}`) }))}
          />
        ) : null}
        <div className="profile-fields">
          {isNew ? (
            <Field
              label={t('form.name')}
              hint={t('form.nameHint')}
              error={shown.name === undefined ? undefined : t(`invalid.${shown.name}`)}
            >
              <TextInput value={draft.name} onChange={(text) => change({ name: text })} aria-required />
            </Field>
          ) : null}
          {drawn(seen.filter(({ group, required }) => group === 'main' && required))}
        </div>
        {ways.length > 1 ? (
          <Segmented
            label={t('form.way')}
            value={draft.way}
            onChange={(way) => change({ way })}
            choices={ways.map((way) => ({ value: way, label: t(`way.${way}`) }))}
          />
        ) : (
          <h3>{t('form.signIn')}</h3>
        )}
        <div className="profile-fields">{drawn(seen.filter(({ group }) => group.startsWith('way:')))}</div>
        <NoKeychainNote />
        {more.length > 0 ? <h3>{t('form.more')}</h3> : null}
        <div className="profile-fields">{drawn(more)}</div>
        <details className="profile-fold">
          <summary>{t('form.advanced')}</summary>
          <div className="profile-fields">{drawn(seen.filter(({ group }) => group === 'advanced'))}</div>
        </details>
        {initial.makeDefault && !isNew ? (
          <p className="muted small">{t('form.isDefault')}</p>
        ) : (
          <Checkbox
            label={t('form.makeDefault')}
            checked={draft.makeDefault}
            onChange={(makeDefault) => change({ makeDefault })}
          />
        )}
        {isNew ? null : <p className="muted small">{t('form.nameFixed')}</p>}
        <TestArea trial={trial} />
        {save.problem && !isWeakStore(save.problem) ? <ProblemNote problem={save.problem} /> : null}
      </form>
      <WeakStoreQuestion problem={save.problem} onClose={save.clear} onAgree={() => void store(true)} />
      <Confirm
        open={isLeaving}
        onClose={() => setLeaving(false)}
        title={t('form.discard')}
        confirm={t('form.discardConfirm')}
        onConfirm={onClose}
      >
        {t('form.discardText')}
      </Confirm>
    </Dialog>
  );
}

/** The steps of the test, brought into sight. */
function TestArea({ trial }: { trial: ReturnType<typeof useTrial> }): ReactNode {
  const { t } = useTranslation('profiles');
  const area = useRef<HTMLElement>(null);
  const isShown = trial.busy || trial.result !== undefined || trial.problem !== undefined;
  useEffect(() => {
    if (isShown) area.current?.scrollIntoView({ block: 'nearest' });
  });
  if (!isShown) return null;
  return (
    <section ref={area} className="profile-test" aria-label={t('testing.heading')}>
      <h3>{t('testing.heading')}</h3>
      <TestSteps trial={trial} />
    </section>
  );
}
