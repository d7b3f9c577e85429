// Why a file that was dropped into a browser cannot be sent, and what works instead.
import { FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog } from '../../kit/index.ts';
import { systemName } from '../../state/system-name.ts';

/** Refuses a drop with the reason, and offers the picker. */
export function NoDropDialog({
  open,
  platform,
  onClose,
  onPick,
}: {
  open: boolean;
  platform: string;
  onClose: () => void;
  onPick: () => void;
}): ReactNode {
  const { t } = useTranslation('add');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('noDrop.title')}
      footer={
        <>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button look="primary" icon={<FolderOpen size={16} aria-hidden />} onClick={onPick}>
            {t('noDrop.pick')}
          </Button>
        </>
      }
    >
      <div className="col gap-3">
        <p>{t('noDrop.why')}</p>
        <p className="muted">{t('noDrop.instead', { platform: systemName(platform) })}</p>
      </div>
    </Dialog>
  );
}
