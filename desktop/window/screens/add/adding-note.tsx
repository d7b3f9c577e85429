// How far the adding of many files is.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Progress } from '../../kit/index.ts';

/** A note in the corner while many files are added. */
export function AddingNote({ done, of }: { done: number; of: number }): ReactNode {
  const { t } = useTranslation('add');
  return (
    <div className="adding-note" role="status">
      <span className="numeric">{t('adding', { done, of })}</span>
      <Progress fraction={done / of} label={t('addingLabel')} />
    </div>
  );
}
