// The form of a profile: a new one, a changed one, or a copy. It can be tested before it is saved.
import { type ProfileField, SIGN_IN_WAYS } from '@imagebridge/desktop-contract';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Checkbox,
  Dialog,
  Field,
  Note,
  ProblemNote,
  Segmented,
  TextInput,
  useLeaving,
  visible,
} from '../../kit/index.ts';
import { FormField } from './form-field.tsx';
import { fieldsOf, isStored, withFamily } from './form-model.ts';
import { TestSteps, type Trial } from './test-steps.tsx';
import { type FormState, type Subject, useProfileForm } from './use-profile-form.ts';
import { isWeakStore, NoKeychainNote, WeakStoreQuestion } from './weak-store.tsx';

const FAMILIES = ['ucloudstack', 'huaweicloud', 'openstack'] as const;

/**
 * The form, in a dialog.
 * @param taken names that are in use
 * @param isFirst there is no other profile of the user
 */
export function ProfileDialog({
  subject,
  taken,
  isFirst,
  onClose,
}: {
  subject: Subject;
  taken: readonly string[];
  isFirst: boolean;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const formId = useId();
  const form = useProfileForm(subject, taken, isFirst, onClose);
  const { draft, initial, save, trial } = form;
  const { leave, question } = useLeaving(draft !== initial, onClose);
  const mistakeCount = Object.keys(form.mistakes).length;
  const name = subject.kind === 'new' ? '' : subject.detail.profile.name;

  return (
    <Dialog
      open
      sticky
      size="wide"
      busy={save.busy}
      onClose={leave}
      title={<span className="foreign">{t(`form.${subject.kind}Title`, { name: visible(name) })}</span>}
      footer={
        <>
          <Button onClick={form.test} busy={trial.busy} disabled={save.busy}>
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
      <form
        id={formId}
        ref={form.element}
        className="profile-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(false);
        }}
      >
        <Remarks subject={subject} left={form.left} />
        <FormBody subject={subject} taken={taken} form={form} />
        <TestArea trial={trial} />
        {save.problem && !isWeakStore(save.problem) ? <ProblemNote problem={save.problem} /> : null}
      </form>
      <WeakStoreQuestion problem={save.problem} onClose={save.clear} onAgree={() => form.submit(true)} />
      {question}
    </Dialog>
  );
}

/** What should be known before the form is filled in. */
function Remarks({ subject, left }: { subject: Subject; left: readonly string[] }): ReactNode {
  const { t } = useTranslation('profiles');
  if (subject.kind === 'new') return null;
  if (subject.kind === 'edit') {
    const { problem } = subject.detail;
    return problem ? <ProblemNote title={t('form.broken')} problem={problem} /> : null;
  }
  return (
    <>
      <Note>{t('form.secretsAgain')}</Note>
      {left.length > 0 ? (
        <Note tone="warning">
          <span className="foreign">{t('form.leftOut', { names: visible(left.join(', ')) })}</span>
        </Note>
      ) : null}
    </>
  );
}

function FormBody({
  subject,
  taken,
  form,
}: {
  subject: Subject;
  taken: readonly string[];
  form: FormState;
}): ReactNode {
  const { t } = useTranslation('profiles');
  const { draft, initial, mistakes, change } = form;
  const isNew = subject.kind !== 'edit';
  // The file may not tell the family, or tell it wrongly.
  const canChooseFamily =
    subject.kind === 'new' || (subject.kind === 'edit' && subject.detail.profile.family === undefined);
  const ways = SIGN_IN_WAYS[draft.family];
  const fields = fieldsOf(draft.family, draft.way);
  const more = fields.filter(({ group, required }) => group === 'main' && !required);

  return (
    <>
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
            error={mistakes.name === undefined ? undefined : t(`invalid.${mistakes.name}`)}
          >
            <TextInput value={draft.name} onChange={(name) => change({ name })} aria-required />
          </Field>
        ) : null}
        <Fields form={form} fields={fields.filter(({ group, required }) => group === 'main' && required)} />
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
      <div className="profile-fields">
        <Fields form={form} fields={fields.filter(({ group }) => group.startsWith('way:'))} />
      </div>
      <NoKeychainNote />
      {more.length > 0 ? (
        <>
          <h3>{t('form.more')}</h3>
          <div className="profile-fields">
            <Fields form={form} fields={more} />
          </div>
        </>
      ) : null}
      <details className="profile-fold">
        <summary>{t('form.advanced')}</summary>
        <div className="profile-fields">
          <Fields form={form} fields={fields.filter(({ group }) => group === 'advanced')} />
        </div>
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
    </>
  );
}

function Fields({
  form: { draft, origin, mistakes, setValue, setRemoved },
  fields,
}: {
  form: FormState;
  fields: readonly ProfileField[];
}): ReactNode {
  return fields.map((field) => (
    <FormField
      key={field.name}
      field={field}
      family={draft.family}
      value={draft.values[field.name] ?? ''}
      onChange={(value) => setValue(field.name, value)}
      mistake={mistakes[field.name]}
      kept={origin?.secrets.find((secret) => secret.field === field.name)}
      removed={origin !== undefined && !isStored(field.name, draft, origin)}
      onRemove={(removed) => setRemoved(field.name, removed)}
    />
  ));
}

/** The steps of the test, brought into sight. */
function TestArea({ trial }: { trial: Trial }): ReactNode {
  const { t } = useTranslation('profiles');
  const area = useRef<HTMLElement>(null);
  const { busy, result, problem } = trial;
  const state = busy ? 'busy' : (result ?? problem);
  useEffect(() => {
    if (state !== undefined) area.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  if (state === undefined) return null;
  return (
    <section ref={area} className="profile-test" aria-label={t('testing.heading')}>
      <h3>{t('testing.heading')}</h3>
      <TestSteps trial={trial} />
    </section>
  );
}
