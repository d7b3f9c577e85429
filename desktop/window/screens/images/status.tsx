// An image's status as a pill, said by word, colour and, while it is being made, how far it is.
import type { ImageView } from '@imagebridge/desktop-contract';
import { LoaderCircle, LockKeyhole } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Badge, Cut, type Tone, visible } from '../../kit/index.ts';

const TONES: Readonly<Record<ImageView['status'], Tone>> = {
  pending: 'neutral',
  importing: 'accent',
  active: 'success',
  failed: 'danger',
  deactivated: 'warning',
  deleted: 'neutral',
  unknown: 'neutral',
};

/** The pill. A status that this version does not know is shown in the service's own word. */
export function Status({ image }: { image: ImageView }): ReactNode {
  const { t } = useTranslation('images');
  const { percent } = useFormats();
  const { status, rawStatus, progress } = image;
  return (
    <Badge
      tone={TONES[status]}
      {...(status === 'importing'
        ? { icon: <LoaderCircle size={12} className="spinner" aria-hidden /> }
        : {})}
    >
      <span className="foreign one-line">
        {status === 'unknown' ? visible(rawStatus) || t('status.unknown') : t(`status.${status}`)}
        {status === 'importing' && progress !== undefined ? ` ${percent(progress)}` : null}
      </span>
    </Badge>
  );
}

/** The name in one line, with what protects it; an image without a name says so. */
export function Name({ image }: { image: ImageView }): ReactNode {
  const { t } = useTranslation('images');
  return (
    <span className="image-name">
      {image.name === '' ? <span className="one-line muted">{t('unnamed')}</span> : <Cut text={image.name} />}
      {image.protected ? <LockKeyhole size={14} role="img" aria-label={t('protected')} /> : null}
    </span>
  );
}
