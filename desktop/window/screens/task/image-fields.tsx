// What the image shall be: format, system, architecture, firmware, sizes, description, tags.
import type { CloudView, InspectionView, TaskForm } from '@imagebridge/desktop-contract';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Combobox, Field, NumberInput, Select, Switch, TextArea, TextInput } from '../../kit/index.ts';
import { useAsk } from '../../state/hooks.ts';
import { nameOfSystem, systemsByName } from '../../state/systems.ts';
import { TagsEditor } from './tags-editor.tsx';

/** Stands for "nothing is said": an empty value cannot be chosen in a list. */
export const AUTO = 'auto';

/** A choice and "nothing is said". */
export const orAuto = (value: string | undefined): string => value ?? AUTO;
/** What is said by a choice. */
export const saidBy = (choice: string): string | undefined => (choice === AUTO ? undefined : choice);

/** Words for the architecture, as the families spell them. */
const ARCHITECTURES = {
  huaweicloud: ['x86', 'arm'],
  openstack: ['x86_64', 'aarch64'],
  ucloudstack: ['x86_64', 'aarch64'],
} as const;

const VISIBILITIES = ['private', 'shared', 'community', 'public'] as const;

/** A range up to more than this says nothing. */
const TELLING_GIB = 1_000_000;

interface Props {
  form: TaskForm;
  onChange: (changes: Partial<TaskForm>) => void;
  cloud: CloudView | undefined;
  inspection: InspectionView | undefined;
}

/** The fields. What the cloud cannot keep is not shown. */
export function ImageFields({ form, onChange, cloud, inspection }: Props): ReactNode {
  const { t } = useTranslation('task');
  const can = (ability: string) => cloud?.abilities[ability] === true;
  const withOwn = (choices: readonly string[], own: string | undefined) =>
    [...new Set([...choices, ...(own === undefined ? [] : [own])])].map((value) => ({ value, label: value }));
  const architectures = ARCHITECTURES[cloud?.family ?? 'openstack'];

  return (
    <>
      <SystemField form={form} onChange={onChange} cloud={cloud} inspection={inspection} />
      <div className="form-grid">
        <Field label={t('form.format')}>
          <Select
            value={orAuto(form.diskFormat)}
            choices={[
              { value: AUTO, label: t('form.formatAuto', { format: inspection?.format ?? '?' }) },
              ...withOwn(cloud?.importFormats ?? [], form.diskFormat),
            ]}
            onChange={(value) => onChange({ diskFormat: saidBy(value) })}
          />
        </Field>
        <Field label={t('form.architecture')}>
          <Select
            value={orAuto(form.architecture)}
            choices={[{ value: AUTO, label: t('form.unsaid') }, ...withOwn(architectures, form.architecture)]}
            onChange={(value) => onChange({ architecture: saidBy(value) })}
          />
        </Field>
        <Field label={t('form.firmware')}>
          <Select
            value={form.bootMode ?? AUTO}
            choices={[
              { value: AUTO, label: t('form.unsaid') },
              { value: 'bios', label: 'BIOS' },
              { value: 'uefi', label: 'UEFI' },
            ]}
            onChange={(value) =>
              onChange({ bootMode: value === 'bios' || value === 'uefi' ? value : undefined })
            }
          />
        </Field>
        <Field
          label={t('form.minDisk')}
          hint={
            cloud && cloud.minDiskGiB.max > 0 && cloud.minDiskGiB.max <= TELLING_GIB
              ? t('form.range', { min: cloud.minDiskGiB.min, max: cloud.minDiskGiB.max })
              : undefined
          }
        >
          <NumberInput
            value={form.minDiskGiB}
            max={cloud?.minDiskGiB.max}
            onChange={(minDiskGiB) => onChange({ minDiskGiB })}
          />
        </Field>
      </div>
      <Field
        label={t('form.description')}
        optional
        hint={cloud ? <span className="foreign">{cloud.description.rule}</span> : undefined}
      >
        <TextArea
          rows={2}
          value={form.description ?? ''}
          onChange={(description) => onChange({ description })}
        />
      </Field>
      {cloud === undefined || can('updateTags') ? (
        <TagsEditor tags={form.tags ?? {}} onChange={(tags) => onChange({ tags })} />
      ) : null}
      {can('updateVisibility') ? (
        <Field label={t('form.visibility')}>
          <Select
            value={orAuto(form.visibility)}
            choices={[
              { value: AUTO, label: t('form.unsaid') },
              ...VISIBILITIES.map((value) => ({ value, label: t(`visibility.${value}`) })),
            ]}
            onChange={(value) => onChange({ visibility: saidBy(value) })}
          />
        </Field>
      ) : null}
      {can('protect') ? (
        <Switch
          label={t('form.protected')}
          hint={t('form.protectedHint')}
          checked={form.protected ?? false}
          onChange={(isOn) => onChange({ protected: isOn ? true : undefined })}
        />
      ) : null}
    </>
  );
}

/** The operating system: from the cloud's catalogue, or in words where it has none. */
function SystemField({ form, onChange, cloud, inspection }: Props): ReactNode {
  const { t } = useTranslation('task');
  const hasCatalogue = cloud?.abilities.osCatalogue === true;
  const place = { cloud: form.cloud, ...(form.region === undefined ? {} : { region: form.region }) };
  const catalogue = useAsk('clouds.osVersions', hasCatalogue ? place : undefined);
  const systems = useMemo(() => systemsByName(catalogue.data ?? []), [catalogue.data]);
  const chosen = nameOfSystem(systems, form) ?? form.osVersion;
  const names = [...new Set([...systems.keys(), ...(chosen ? [chosen] : [])])];
  const isNeeded =
    cloud?.isoNeedsOsVersion === true && (form.diskFormat ?? inspection?.format) === 'iso' && !form.osVersion;
  const hint = inspection?.osHint
    ? t('form.osHint', { os: inspection.osHint })
    : hasCatalogue
      ? undefined
      : t('form.osFree');
  const choose = (name: string | undefined) => {
    const entry = name === undefined ? undefined : systems.get(name);
    onChange({
      osVersion: entry?.osVersion ?? name,
      osType: entry?.osType ?? (name === undefined ? undefined : form.osType),
      osDistribution: entry?.osDistribution,
      ...(entry?.architecture === undefined ? {} : { architecture: entry.architecture }),
    });
  };
  return (
    <Field
      label={t('form.os')}
      hint={hint ? <span className="foreign">{hint}</span> : undefined}
      error={isNeeded ? t('form.osNeeded') : undefined}
    >
      {hasCatalogue && catalogue.problem === undefined ? (
        <Combobox
          value={chosen}
          items={names}
          placeholder={t(catalogue.loading ? 'common:loading' : 'form.osChoose')}
          empty={t('form.osNone')}
          onChange={choose}
        />
      ) : (
        <TextInput value={form.osVersion ?? ''} onChange={(osVersion) => onChange({ osVersion })} />
      )}
    </Field>
  );
}
