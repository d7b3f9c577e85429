// Changes of an image: name, description, minimums, who sees it, protection, tags.
import { Plus, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Field,
  IconButton,
  Note,
  NumberInput,
  Select,
  Switch,
  TextArea,
  TextInput,
  visible,
} from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { ActionDialog, type ActionProps } from './action-dialog.tsx';
import { absence } from './actions.ts';
import { changesOf, type EditForm, faultsOf, formOf, isSound, type TagRow } from './edit-model.ts';

const VISIBILITIES = ['private', 'shared', 'community', 'public'] as const;

/** The form. What the cloud cannot change is shown with the cloud's sentence. */
export function EditDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  // The image may be refreshed meanwhile: changes are those to what the user saw.
  const [image] = useState(target.image);
  const [form, setForm] = useState(() => formOf(image));
  const { run, busy, problem } = useCommand('images.update');
  const { cloud, place } = target;
  const set = (change: Partial<EditForm>) => setForm((before) => ({ ...before, ...change }));
  const faults = faultsOf(cloud, image, form);
  const changes = changesOf(image, form);
  const lack = (ability: string) => absence(cloud, ability);

  const submit = async () => {
    if (changes === undefined) return;
    if ((await run({ ...place, changes })) === undefined) return;
    target.changed();
    onClose();
  };

  return (
    <ActionDialog
      title={t('edit.title')}
      confirm={t('common:action.save')}
      isReady={changes !== undefined && isSound(faults)}
      isChanged={changes !== undefined}
      busy={busy}
      problem={problem}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field label={t('field.name')} hint={lack('rename')} error={faults.name}>
        <TextInput
          value={form.name}
          onChange={(name) => set({ name })}
          disabled={lack('rename') !== undefined}
        />
      </Field>
      <Field label={t('field.description')} hint={lack('updateDescription')} error={faults.description}>
        <TextArea
          value={form.description}
          onChange={(description) => set({ description })}
          disabled={lack('updateDescription') !== undefined}
        />
      </Field>
      <div className="image-pair">
        <Field label={t('field.minDiskGiB')} hint={lack('updateMinimums')}>
          <NumberInput
            value={form.minDiskGiB}
            onChange={(minDiskGiB) => set({ minDiskGiB })}
            max={cloud.minDiskGiB.max}
            disabled={lack('updateMinimums') !== undefined}
          />
        </Field>
        <Field label={t('field.minRamMiB')}>
          <NumberInput
            value={form.minRamMiB}
            onChange={(minRamMiB) => set({ minRamMiB })}
            disabled={lack('updateMinimums') !== undefined}
          />
        </Field>
      </div>
      <Field label={t('field.visibility')} hint={lack('updateVisibility')}>
        <Select
          value={form.visibility}
          onChange={(visibility) => set({ visibility })}
          disabled={lack('updateVisibility') !== undefined}
          placeholder={t('unknown')}
          choices={[...new Set<string>([...VISIBILITIES, ...(form.visibility ? [form.visibility] : [])])].map(
            (value) => ({
              value,
              label: t(`visibility.${value}`, { defaultValue: visible(value) }),
            }),
          )}
        />
      </Field>
      <Switch
        label={t('edit.protect')}
        hint={lack('protect') ?? t('edit.protectHint')}
        checked={form.protected}
        onChange={(isProtected) => set({ protected: isProtected })}
        disabled={lack('protect') !== undefined}
      />
      <Tags
        tags={form.tags}
        faults={faults.tags}
        absent={lack('updateTags')}
        onChange={(tags) => set({ tags })}
      />
    </ActionDialog>
  );
}

function Tags({
  tags,
  faults,
  absent,
  onChange,
}: {
  tags: readonly TagRow[];
  faults: ReadonlySet<number>;
  absent: string | undefined;
  onChange: (tags: TagRow[]) => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const next = useRef(tags.length);
  const change = (row: number, part: Partial<TagRow>) =>
    onChange(tags.map((tag) => (tag.row === row ? { ...tag, ...part } : tag)));
  return (
    <fieldset className="image-tags">
      <legend className="field-label">{t('field.tags')}</legend>
      {absent === undefined ? null : <Note>{absent}</Note>}
      {tags.map(({ row, key, value }) => (
        <div key={row} className="row">
          <TextInput
            aria-label={t('edit.tagKey')}
            placeholder={t('edit.tagKey')}
            value={key}
            disabled={absent !== undefined}
            aria-invalid={faults.has(row) || undefined}
            onChange={(to) => change(row, { key: to })}
          />
          <TextInput
            aria-label={t('edit.tagValue')}
            placeholder={t('edit.tagValue')}
            value={value}
            disabled={absent !== undefined}
            onChange={(to) => change(row, { value: to })}
          />
          <IconButton
            label={t('edit.tagRemove', { key: visible(key) })}
            icon={<X size={16} aria-hidden />}
            disabled={absent !== undefined}
            onClick={() => onChange(tags.filter((tag) => tag.row !== row))}
          />
        </div>
      ))}
      {faults.size > 0 ? <div className="field-error">{t('edit.tagFault')}</div> : null}
      {absent === undefined ? (
        <div>
          <Button
            size="small"
            icon={<Plus size={16} aria-hidden />}
            onClick={() => onChange([...tags, { row: next.current++, key: '', value: '' }])}
          >
            {t('edit.tagAdd')}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
