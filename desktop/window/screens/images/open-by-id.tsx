// Opening an image that the list does not show, by its id: one that was shared but not accepted yet is in no list.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, TextInput } from '../../kit/index.ts';
import { ActionDialog } from './action-dialog.tsx';

/** Asks for the id. */
export function OpenById({
  onOpen,
  onClose,
}: {
  onOpen: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const [id, setId] = useState('');
  const isId = id.trim() !== '';
  return (
    <ActionDialog
      title={t('byId.title')}
      confirm={t('byId.confirm')}
      isReady={isId}
      busy={false}
      problem={undefined}
      onSubmit={() => onOpen(id.trim())}
      onClose={onClose}
    >
      <Field label={t('field.id')} hint={t('byId.hint')}>
        <TextInput value={id} onChange={setId} />
      </Field>
    </ActionDialog>
  );
}
