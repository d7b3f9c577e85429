// The list with nothing in it.
import { Check, FileSearch, HardDriveUpload } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Empty } from '../../kit/index.ts';
import { bridge } from '../../state/transport.ts';
import { useAdd } from '../add/index.tsx';

/** No task at all: where files are dropped, or asked for. */
export function EmptyQueue(): ReactNode {
  const { t } = useTranslation('queue');
  const { pick } = useAdd();
  const canDrop = bridge() !== undefined;
  return (
    <div className="queue-empty">
      <HardDriveUpload size={44} strokeWidth={1.4} aria-hidden />
      <h2>{t(canDrop ? 'empty.title' : 'empty.webTitle')}</h2>
      <p className="muted">{t('empty.text')}</p>
      <Button look="primary" onClick={pick}>
        {t('empty.choose')}
      </Button>
      <ul className="queue-promises muted small">
        {(['formats', 'checked', 'survives'] as const).map((key) => (
          <li key={key}>
            <Check size={14} aria-hidden />
            {t(`empty.${key}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Tasks there are, but the filter leaves none. */
export function NothingShown({ onShowAll }: { onShowAll: () => void }): ReactNode {
  const { t } = useTranslation('queue');
  return (
    <Empty
      icon={<FileSearch size={28} aria-hidden />}
      title={t('filter.none')}
      action={<Button onClick={onShowAll}>{t('filter.showAll')}</Button>}
    />
  );
}
