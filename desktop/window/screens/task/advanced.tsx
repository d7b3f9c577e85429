// How the file gets there, and other things that are rarely chosen.
import type { CloudView, TaskForm } from '@imagebridge/desktop-contract';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox, Field, NumberInput, Select, TextInput } from '../../kit/index.ts';

const MIB = 1024 ** 2;

/** Fields that are folded away. */
export function Advanced({
  form,
  onChange,
  cloud,
}: {
  form: TaskForm;
  onChange: (changes: Partial<TaskForm>) => void;
  cloud: CloudView | undefined;
}): ReactNode {
  const { t } = useTranslation('task');
  const { stagedUpload, uploadStream, uploadParts, dataDiskImages } = cloud?.abilities ?? {};
  const canStage = stagedUpload === true;
  const canDirect = cloud === undefined || uploadStream === true || uploadParts === true;
  const why = (ability: true | string | undefined) => (typeof ability === 'string' ? ability : undefined);
  // Direct in parts resumes; direct in one stream does not.
  const directHint = uploadParts === true ? t('route.directParts') : t('route.directStream');

  return (
    <details
      className="advanced"
      onToggle={({ currentTarget: fold }) => {
        // It is at the end of the form: what comes out is below what is seen.
        if (fold.open) fold.scrollIntoView?.({ block: 'start' });
      }}
    >
      <summary>
        <ChevronRight size={16} className="advanced-mark" aria-hidden />
        {t('advanced.title')}
      </summary>
      <div className="col gap-4 advanced-fields">
        <Field
          label={t('advanced.route')}
          hint={
            form.route === 'direct'
              ? directHint
              : form.route === 'staged'
                ? t('route.stagedHint')
                : t('route.autoHint')
          }
        >
          <Select
            value={form.route ?? 'auto'}
            choices={[
              { value: 'auto', label: t('route.auto') },
              {
                value: 'direct',
                label: t('route.direct'),
                disabled: !canDirect,
                detail: canDirect ? undefined : why(uploadStream),
              },
              {
                value: 'staged',
                label: t('route.staged'),
                disabled: !canStage,
                detail: canStage ? undefined : why(stagedUpload),
              },
            ]}
            onChange={(route) => onChange({ route: route === 'auto' ? undefined : route })}
          />
        </Field>
        {canStage && form.route !== 'direct' ? (
          <>
            <Field label={t('advanced.bucket')} hint={t('advanced.bucketHint')} optional>
              <TextInput value={form.bucket ?? ''} onChange={(bucket) => onChange({ bucket })} />
            </Field>
            <Checkbox
              label={t('advanced.keepStaged')}
              checked={form.keepStaged ?? false}
              onChange={(isOn) => onChange({ keepStaged: isOn ? true : undefined })}
            />
          </>
        ) : null}
        <Field label={t('advanced.ifExists')}>
          <Select
            value={form.ifExists ?? 'fail'}
            choices={(['fail', 'skip', 'new'] as const).map((value) => ({
              value,
              label: t(`ifExists.${value}`),
            }))}
            onChange={(value) => onChange({ ifExists: value === 'fail' ? undefined : value })}
          />
        </Field>
        <Checkbox
          label={t('advanced.unpack')}
          hint={t('advanced.unpackHint')}
          checked={form.unpack ?? true}
          onChange={(isOn) => onChange({ unpack: isOn ? undefined : false })}
        />
        <Checkbox
          label={t('advanced.convert')}
          hint={t('advanced.convertHint')}
          checked={form.convert ?? true}
          onChange={(isOn) => onChange({ convert: isOn ? undefined : false })}
        />
        {dataDiskImages === true ? (
          <Checkbox
            label={t('advanced.dataDisk')}
            hint={t('advanced.dataDiskHint')}
            checked={form.dataDisk ?? false}
            onChange={(isOn) => onChange({ dataDisk: isOn ? true : undefined })}
          />
        ) : null}
        <div className="form-grid">
          <Field label={t('advanced.minRam')} optional>
            <NumberInput value={form.minRamMiB} onChange={(minRamMiB) => onChange({ minRamMiB })} />
          </Field>
          <Field label={t('advanced.limit')} optional>
            <NumberInput
              min={1}
              value={
                form.limitBytesPerSecond === undefined
                  ? undefined
                  : Math.round(form.limitBytesPerSecond / MIB)
              }
              onChange={(rate) =>
                onChange({ limitBytesPerSecond: rate === undefined || rate < 1 ? undefined : rate * MIB })
              }
            />
          </Field>
          <Field label={t('advanced.osType')} optional>
            <TextInput value={form.osType ?? ''} onChange={(osType) => onChange({ osType })} />
          </Field>
          <Field label={t('advanced.osDistribution')} optional>
            <TextInput
              value={form.osDistribution ?? ''}
              onChange={(osDistribution) => onChange({ osDistribution })}
            />
          </Field>
        </div>
      </div>
    </details>
  );
}
