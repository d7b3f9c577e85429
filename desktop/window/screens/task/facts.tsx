// The facts of a task: its file, its image, the upload itself.
import type { TaskDetail, TaskView } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { CopyButton, Facts, visible } from '../../kit/index.ts';

/** A value that is needed elsewhere. */
const Copied = ({ value }: { value: string }): ReactNode => (
  <span className="copied">
    <span className="mono">{visible(value)}</span> <CopyButton text={value} />
  </span>
);

/** What the bytes of the file tell. */
export function FileFacts({ task, detail }: { task: TaskView; detail: TaskDetail | undefined }): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  const file = detail?.inspection;
  return (
    <Facts
      facts={[
        [t('fact.path'), <Copied key="path" value={task.path} />],
        [t('fact.size'), formats.bytes(task.sizeBytes)],
        [t('fact.format'), [file?.format ?? task.format, file?.variant].filter(Boolean).join(' · ')],
        [t('fact.compression'), file?.compression],
        [
          t('fact.virtualSize'),
          file && file.compression === undefined ? formats.bytes(file.virtualSizeBytes) : undefined,
        ],
        [t('fact.boot'), file ? t(`boot.${file.boot}`) : undefined],
        [t('fact.partitions'), file?.partitionTable],
        [t('fact.label'), file?.volumeLabel && visible(file.volumeLabel)],
        [t('fact.os'), file?.osHint ?? file?.osType],
        [t('fact.architecture'), file?.architecture],
        [t('fact.encrypted'), file?.encrypted ? t('common:yes') : undefined],
        ['SHA-256', detail?.sha256 ? <Copied key="sha" value={detail.sha256} /> : undefined],
      ]}
    />
  );
}

/** Where it goes and what it is there. */
export function ImageFacts({ task, detail }: { task: TaskView; detail: TaskDetail | undefined }): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  const form = detail?.form;
  return (
    <Facts
      facts={[
        [t('form.name'), task.imageName && visible(task.imageName)],
        [t('form.cloud'), task.cloud],
        [t('form.region'), task.region],
        [t('fact.imageId'), task.imageId ? <Copied key="id" value={task.imageId} /> : undefined],
        [t('form.format'), form?.diskFormat],
        [t('form.os'), form?.osVersion],
        [t('form.architecture'), form?.architecture],
        [t('form.firmware'), form?.bootMode?.toUpperCase()],
        [t('form.minDisk'), form?.minDiskGiB ? formats.number(form.minDiskGiB) : undefined],
        [t('form.description'), form?.description],
        [
          t('form.tags'),
          form?.tags
            ? Object.entries(form.tags)
                .map(([name, value]) => (value === '' ? name : `${name} = ${value}`))
                .join(', ')
            : undefined,
        ],
      ]}
    />
  );
}

/** The upload itself. */
export function UploadFacts({ task, detail }: { task: TaskView; detail: TaskDetail | undefined }): ReactNode {
  const { t } = useTranslation('task');
  const formats = useFormats();
  return (
    <Facts
      facts={[
        [t('fact.added'), formats.dateTime(task.addedAt)],
        [t('fact.started'), task.startedAt ? formats.dateTime(task.startedAt) : undefined],
        [t('fact.ended'), task.endedAt ? formats.dateTime(task.endedAt) : undefined],
        [
          t('fact.duration'),
          task.startedAt && task.endedAt ? formats.duration(task.endedAt - task.startedAt) : undefined,
        ],
        [t('fact.sent'), detail?.sentBytes === undefined ? undefined : formats.bytes(detail.sentBytes)],
        [
          t('fact.skipped'),
          detail?.partsSkipped ? t('fact.parts', { count: detail.partsSkipped }) : undefined,
        ],
        [
          t('fact.parallel'),
          detail?.parallelParts ? t('fact.parts', { count: detail.parallelParts }) : undefined,
        ],
        [t('fact.uploadId'), detail?.uploadId ? <Copied key="id" value={detail.uploadId} /> : undefined],
      ]}
    />
  );
}
