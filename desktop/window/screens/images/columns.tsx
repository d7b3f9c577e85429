// The columns of the list. The wider the table, the more of them.

import type { ImageView } from '@imagebridge/desktop-contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import type { Column } from '../../kit/index.ts';
import { Cut, visible } from '../../kit/index.ts';
import { systemOf } from './arrange.ts';
import { ownTags } from './own-tags.ts';
import { Name, Status } from './status.tsx';

const Plain = ({ text }: { text: string | undefined }) =>
  text ? (
    <div className="foreign one-line" title={visible(text)}>
      {visible(text)}
    </div>
  ) : (
    <span className="muted">–</span>
  );

/** The columns, in the language that is shown. */
export function useColumns(): readonly Column<ImageView>[] {
  const { t } = useTranslation('images');
  const { bytes, date, minute, number } = useFormats();
  return useMemo(() => {
    const time = (at: number | undefined) =>
      at === undefined ? (
        <span className="muted">–</span>
      ) : (
        <>
          <div className="one-line">{date(at)}</div>
          <div className="small muted one-line">{minute(at)}</div>
        </>
      );
    return [
      {
        key: 'name',
        header: t('field.name'),
        track: 'minmax(0, 3fr)',
        sortable: true,
        cell: (image) => (
          <>
            <Name image={image} />
            <div className="mono small muted">
              <Cut text={image.id} />
            </div>
          </>
        ),
      },
      {
        key: 'status',
        header: t('field.status'),
        track: '8.5rem',
        sortable: true,
        cell: (image) => <Status image={image} />,
      },
      {
        key: 'system',
        header: t('field.system'),
        track: 'minmax(0, 2fr)',
        sortable: true,
        fromPx: 860,
        cell: (image) => <Plain text={systemOf(image)} />,
      },
      {
        key: 'architecture',
        header: t('field.architecture'),
        track: '6rem',
        fromPx: 1180,
        cell: (image) => <Plain text={image.architecture} />,
      },
      {
        key: 'bootMode',
        header: t('field.bootMode'),
        track: '5rem',
        fromPx: 1500,
        cell: (image) => <Plain text={image.bootMode?.toUpperCase()} />,
      },
      {
        key: 'format',
        header: t('field.format'),
        track: '5rem',
        sortable: true,
        fromPx: 740,
        cell: (image) => <Plain text={image.diskFormat} />,
      },
      {
        key: 'size',
        header: t('field.size'),
        track: '5.5rem',
        sortable: true,
        align: 'end',
        cell: (image) => (
          <span className="numeric">{image.sizeBytes === undefined ? '–' : bytes(image.sizeBytes)}</span>
        ),
      },
      {
        key: 'minDisk',
        header: t('field.minDisk'),
        track: '6rem',
        align: 'end',
        fromPx: 1320,
        cell: (image) => (
          <span className="numeric">
            {image.minDiskGiB === undefined ? '–' : `${number(image.minDiskGiB)} GiB`}
          </span>
        ),
      },
      {
        key: 'visibility',
        header: t('field.visibility'),
        track: '6rem',
        fromPx: 1680,
        cell: (image) => (
          <Plain
            text={image.visibility && t(`visibility.${image.visibility}`, { defaultValue: image.visibility })}
          />
        ),
      },
      {
        key: 'tags',
        header: t('field.tags'),
        track: 'minmax(0, 2fr)',
        fromPx: 2100,
        cell: (image) => (
          <Plain
            text={ownTags(image)
              .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
              .join(', ')}
          />
        ),
      },
      {
        key: 'created',
        header: t('field.created'),
        track: '7rem',
        sortable: true,
        fromPx: 600,
        cell: (image) => time(image.createdAt),
      },
      {
        key: 'updated',
        header: t('field.updated'),
        track: '7rem',
        sortable: true,
        fromPx: 1900,
        cell: (image) => time(image.updatedAt),
      },
    ];
  }, [t, bytes, date, minute, number]);
}
