// Properties of an image: what the service tells, and the form in which those of the user's own are changed.
import type { ImageDetail } from '@imagebridge/desktop-contract';
import { Pencil, Plus, Undo2, X } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, Note, TextArea, TextInput, visible } from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { ActionDialog, type Target } from './action-dialog.tsx';
import { absence } from './actions.ts';
import { Pairs } from './pairs.tsx';
import type { Scope } from './place.ts';
import {
  changeable,
  faultsOf,
  type NameFault,
  obstacleOf,
  type PropertyRow,
  propertyChanges,
  rowsOf,
} from './properties-model.ts';

/** The properties, and the way to change them or why there is none. */
export function Properties({
  target,
  detail,
  scope,
  onEdit,
}: {
  /** Undefined while it is not known what the cloud can do, or when the image is gone. */
  target: Target | undefined;
  detail: ImageDetail;
  scope: Scope;
  onEdit: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const obstacle = target && obstacleOf(target.cloud, detail, scope);
  return (
    <div className="col gap-4">
      {obstacle ? (
        <Note title={t('properties.fixed')}>
          {obstacle.kind === 'cloud' ? obstacle.text : t(`obstacle.${obstacle.key}`)}
        </Note>
      ) : null}
      {target && !obstacle ? (
        <div>
          <Button size="small" icon={<Pencil size={16} aria-hidden />} onClick={onEdit}>
            {t('properties.edit')}
          </Button>
        </div>
      ) : null}
      <Pairs pairs={detail.properties} empty={t('noProperties')} />
    </div>
  );
}

/** The form. All changes are saved at once; those that the service refuses stay in it. */
export function PropertiesDialog({
  target,
  detail: given,
  onClose,
}: {
  target: Target;
  detail: ImageDetail;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  // The details may be refreshed meanwhile: changes are those to what the user saw.
  const [detail] = useState(given);
  const lack = absence(target.cloud, 'customProperties');
  const [rows, setRows] = useState(() => {
    const first = rowsOf(detail);
    return first.length === 0 ? [newRow(0)] : first;
  });
  const next = useRef(rows.length);
  const add = useRef<HTMLButtonElement>(null);
  const { run, busy, problem } = useCommand('images.update');
  const changes = propertyChanges(detail, rows);
  const faults = faultsOf(detail, rows);
  const fixedCount = Object.keys(detail.properties).length - changeable(detail).length;

  const change = (row: number, part: Partial<PropertyRow>) =>
    setRows((before) => before.map((one) => (one.row === row ? { ...one, ...part } : one)));
  const remove = (one: PropertyRow) => {
    if (!one.isNew) return change(one.row, { isRemoved: !one.isRemoved });
    setRows((before) => before.filter(({ row }) => row !== one.row));
    add.current?.focus();
  };
  const submit = async () => {
    if (changes === undefined) return;
    if ((await run({ ...target.place, changes: { properties: changes } })) === undefined) return;
    target.changed();
    onClose();
  };

  return (
    <ActionDialog
      title={t('properties.edit')}
      description={fixedCount > 0 ? t('properties.others', { count: fixedCount }) : undefined}
      confirm={t('common:action.save')}
      isReady={changes !== undefined && faults.size === 0}
      isChanged={changes !== undefined}
      busy={busy}
      problem={problem}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <ul className="col gap-3" aria-label={t('tab.properties')}>
        {rows.map((one) => (
          <Line
            key={one.row}
            line={one}
            fault={faults.get(one.row)}
            canRemove={lack === undefined}
            onChange={(part) => change(one.row, part)}
            onRemove={() => remove(one)}
          />
        ))}
      </ul>
      {lack === undefined ? (
        <div>
          <Button
            ref={add}
            size="small"
            icon={<Plus size={16} aria-hidden />}
            onClick={() => setRows([...rows, newRow(next.current++)])}
          >
            {t('properties.add')}
          </Button>
        </div>
      ) : (
        <Note title={t('properties.noOthers')}>{lack}</Note>
      )}
    </ActionDialog>
  );
}

const newRow = (row: number): PropertyRow => ({ row, name: '', value: '', isNew: true, isRemoved: false });

/** What a line of text would cut or hide gets several lines. */
const isLong = (value: string) => value.length > 48 || value.includes('\n');

function Line({
  line: { name, value, isNew, isRemoved },
  fault,
  canRemove,
  onChange,
  onRemove,
}: {
  line: PropertyRow;
  fault: NameFault | undefined;
  canRemove: boolean;
  onChange: (part: Partial<PropertyRow>) => void;
  onRemove: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const faultId = useId();
  const shownName = visible(name);
  // It does not change while somebody types.
  const [Value] = useState(() => (isLong(value) ? TextArea : TextInput));
  return (
    <li className="image-property" data-removed={isRemoved ? '' : undefined}>
      {isNew ? (
        <TextInput
          autoFocus // The line has just been asked for.
          aria-label={t('properties.name')}
          placeholder={t('properties.name')}
          value={name}
          aria-invalid={fault === undefined ? undefined : true}
          aria-describedby={fault === undefined ? undefined : faultId}
          onChange={(to) => onChange({ name: to })}
        />
      ) : (
        <span className="mono foreign">{shownName}</span>
      )}
      <Value
        aria-label={shownName ? t('properties.valueOf', { name: shownName }) : t('properties.value')}
        placeholder={isNew ? t('properties.value') : undefined}
        value={value}
        disabled={isRemoved}
        onChange={(to) => onChange({ value: to })}
      />
      {canRemove ? (
        <IconButton
          label={t(isRemoved ? 'properties.keep' : 'properties.remove', { name: shownName })}
          icon={isRemoved ? <Undo2 size={16} aria-hidden /> : <X size={16} aria-hidden />}
          onClick={onRemove}
        />
      ) : null}
      {fault === undefined ? null : (
        <div className="field-error" id={faultId}>
          {t(`properties.fault.${fault}`)}
        </div>
      )}
    </li>
  );
}
