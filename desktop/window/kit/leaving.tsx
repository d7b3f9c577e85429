// Asks before what was typed into a form is thrown away.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from './dialog.tsx';

/**
 * What a form's dialog needs to be left.
 * @param isChanged something was typed and is not saved
 * @returns `leave` closes, or asks first; `question` is to be drawn inside the dialog
 */
export function useLeaving(
  isChanged: boolean,
  onClose: () => void,
): { leave: () => void; question: ReactNode } {
  const { t } = useTranslation('common');
  const [isLeaving, setLeaving] = useState(false);
  return {
    leave: () => (isChanged ? setLeaving(true) : onClose()),
    question: (
      <Confirm
        open={isLeaving}
        onClose={() => setLeaving(false)}
        title={t('discard.title')}
        confirm={t('discard.confirm')}
        onConfirm={onClose}
      >
        {t('discard.text')}
      </Confirm>
    ),
  };
}
