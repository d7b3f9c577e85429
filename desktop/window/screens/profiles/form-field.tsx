// One field of a profile's form, as its kind wants it.
import type { Family, ProfileDetail, ProfileField } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Field, SecretInput, Select, Switch, TextInput, visible } from '../../kit/index.ts';
import { bridge } from '../../state/transport.ts';
import type { Mistake } from './form-model.ts';

interface Props {
  field: ProfileField;
  family: Family;
  value: string;
  onChange: (value: string) => void;
  mistake: Mistake | undefined;
  /** Of a secret that is kept: where. It is never shown. */
  kept: ProfileDetail['secrets'][number] | undefined;
  /** True: the kept secret goes when the form is saved. */
  removed: boolean;
  onRemove: (removed: boolean) => void;
}

/** A labelled control for a field. */
export function FormField(props: Props): ReactNode {
  const { t, i18n } = useTranslation('profiles');
  const { field, family, value, onChange, mistake } = props;
  const label = t(`profileField.${field.name}`);
  const hintKey = [`profileHint.${family}.${field.name}`, `profileHint.any.${field.name}`].find((key) =>
    i18n.exists(key, { ns: 'profiles' }),
  );
  const hint = hintKey === undefined ? undefined : t(hintKey);
  if (field.kind === 'flag') {
    return (
      <Switch
        label={label}
        hint={hint}
        checked={value === 'true'}
        onChange={(on) => onChange(on ? 'true' : 'false')}
      />
    );
  }
  return (
    <Field
      label={label}
      hint={<Hint {...props} hint={hint} />}
      error={mistake === undefined ? undefined : t(`invalid.${mistake}`)}
      optional={!field.required && field.kind !== 'choice'}
    >
      <Control {...props} />
    </Field>
  );
}

function Hint({ field, kept, removed, onRemove, hint }: Props & { hint: string | undefined }): ReactNode {
  const { t } = useTranslation('profiles');
  if (kept === undefined) return hint;
  return (
    <>
      {removed ? (
        t('form.forgotten')
      ) : (
        <span className="foreign">{t(`form.kept.${kept.kind}`, { place: visible(kept.place) })}</span>
      )}
      {field.required ? null : (
        <>
          {' '}
          <Button look="link" size="small" onClick={() => onRemove(!removed)}>
            {removed ? t('form.keepIt') : t('form.forget')}
          </Button>
        </>
      )}
    </>
  );
}

function Control({ field, value, onChange, mistake, kept, removed }: Props): ReactNode {
  const { t } = useTranslation('profiles');
  const { kind, placeholder } = field;
  const common = { value, onChange, placeholder, 'aria-required': field.required, 'data-field': field.name };
  if (kind === 'secret') {
    const dots = kept !== undefined && !removed ? '••••••••' : placeholder;
    return (
      <SecretInput {...common} placeholder={dots} aria-required={field.required && kept === undefined} />
    );
  }
  if (kind === 'choice') {
    const choices = field.choices ?? [];
    const all = value === '' || choices.includes(value) ? choices : [...choices, value];
    return (
      <Select
        value={value === '' ? choices[0] : value}
        onChange={onChange}
        choices={all.map((choice) => ({
          value: choice,
          label: choices.includes(choice) ? t(`profileChoice.${field.name}.${choice}`) : choice,
        }))}
      />
    );
  }
  const shell = bridge();
  if (kind === 'file' && shell !== undefined) {
    const choose = async () => {
      const [path] = await shell.pickFiles('one');
      if (path !== undefined) onChange(path);
    };
    return (
      <div className="row">
        <TextInput {...common} />
        <Button onClick={() => void choose()}>{t('form.chooseFile')}</Button>
      </div>
    );
  }
  return (
    <TextInput
      {...common}
      inputMode={kind === 'number' ? 'numeric' : kind === 'url' ? 'url' : 'text'}
      aria-invalid={mistake === undefined ? undefined : true}
    />
  );
}
