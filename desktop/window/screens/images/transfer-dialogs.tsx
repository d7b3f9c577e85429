// Taking an image somewhere: into a file, into a bucket, to a base image, into a channel.
import type { ImageView } from '@imagebridge/desktop-contract';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Field, Note, Select, TextInput, visible } from '../../kit/index.ts';
import { useAsk } from '../../state/hooks.ts';
import { bridge } from '../../state/transport.ts';
import { ActionDialog, type ActionProps, useStarter } from './action-dialog.tsx';
import { fileNameOf, nameFault } from './actions.ts';

/** Into a file: in the app by the system's dialog, in a browser by a path of the engine's machine. */
export function DownloadDialog(props: ActionProps): ReactNode {
  return bridge() === undefined ? <DownloadByPath {...props} /> : <DownloadByDialog {...props} />;
}

function About({ image }: { image: ImageView }): ReactNode {
  const { bytes } = useFormats();
  return (
    <span className="foreign">
      {visible(image.name || image.id)}
      {image.sizeBytes === undefined ? null : ` · ${bytes(image.sizeBytes)}`}
    </span>
  );
}

function DownloadByDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.download', onClose);
  const submit = async () => {
    const path = await bridge()?.pickSavePath(fileNameOf(target.image, target.image.diskFormat));
    if (typeof path === 'string') await run({ ...target.place, path });
  };
  return (
    <ActionDialog
      title={t('download.title')}
      description={<About image={target.image} />}
      confirm={t('download.choose')}
      busy={busy}
      problem={problem}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p>{t('download.appHint')}</p>
    </ActionDialog>
  );
}

function DownloadByPath({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.download', onClose);
  const roots = useAsk('files.roots', {});
  const [typed, setTyped] = useState<string>();
  const root = roots.data?.roots[0]?.path;
  const fileName = fileNameOf(target.image, target.image.diskFormat);
  const between = root?.includes('\\') ? '\\' : '/';
  const suggested = root === undefined ? '' : `${root.replace(/[\\/]$/, '')}${between}${fileName}`;
  const path = typed ?? suggested;
  return (
    <ActionDialog
      title={t('download.title')}
      description={<About image={target.image} />}
      confirm={t('download.confirm')}
      isReady={path.trim() !== ''}
      busy={busy}
      problem={problem}
      onSubmit={() => void run({ ...target.place, path: path.trim() })}
      onClose={onClose}
    >
      <Note>{t('download.webHint')}</Note>
      <Field label={t('download.path')} hint={t('download.pathHint')}>
        <TextInput value={path} onChange={setTyped} />
      </Field>
    </ActionDialog>
  );
}

/** No format: the quick way, as the image is stored. */
const AS_STORED = 'as-stored';
const EXPORT_FORMATS = ['qcow2', 'vhd', 'zvhd', 'vmdk'] as const;

/** Into a bucket of the same region, by the cloud itself. */
export function ExportDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.export', onClose);
  const [bucket, setBucket] = useState('');
  const [format, setFormat] = useState<string>('qcow2');
  const [typedKey, setKey] = useState<string>();
  const diskFormat = format === AS_STORED ? undefined : format;
  const key = typedKey ?? fileNameOf(target.image, diskFormat ?? 'zvhd2');
  return (
    <ActionDialog
      title={t('export.title')}
      description={<span className="foreign">{visible(target.image.name)}</span>}
      confirm={t('export.confirm')}
      isReady={bucket.trim() !== '' && key.trim() !== ''}
      busy={busy}
      problem={problem}
      onSubmit={() =>
        void run({
          ...target.place,
          bucket: bucket.trim(),
          key: key.trim(),
          ...(diskFormat === undefined ? { quick: true } : { diskFormat }),
        })
      }
      onClose={onClose}
    >
      <Field
        label={t('export.bucket')}
        hint={t('export.bucketHint', { region: visible(target.cloud.region) })}
      >
        <TextInput value={bucket} onChange={setBucket} />
      </Field>
      <Field label={t('export.format')}>
        <Select
          value={format}
          onChange={setFormat}
          choices={[
            ...EXPORT_FORMATS.map((value) => ({ value, label: value })),
            { value: AS_STORED, label: t('export.asStored'), detail: t('export.asStoredHint') },
          ]}
        />
      </Field>
      <Field label={t('export.key')} hint={t('export.keyHint')}>
        <TextInput value={key} onChange={setKey} />
      </Field>
    </ActionDialog>
  );
}

/** A base image of it, which all tenants can be given. */
export function PromoteBaseDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.promoteToBase', onClose);
  const [name, setName] = useState(target.image.name);
  const fault = nameFault(target.cloud, name);
  return (
    <ActionDialog
      title={t('promoteBase.title')}
      description={<span className="foreign">{visible(target.image.name)}</span>}
      confirm={t('promoteBase.confirm')}
      isReady={fault === undefined}
      busy={busy}
      problem={problem}
      onSubmit={() => void run({ ...target.place, name })}
      onClose={onClose}
    >
      <p>{t('promoteBase.text')}</p>
      <Field label={t('promoteBase.name')} error={fault}>
        <TextInput value={name} onChange={setName} />
      </Field>
    </ActionDialog>
  );
}

const CHANNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The current image of a channel. */
export function PromoteDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.promote', onClose);
  const [channel, setChannel] = useState('');
  const isLegal = CHANNEL_NAME.test(channel);
  return (
    <ActionDialog
      title={t('promote.title')}
      description={<span className="foreign">{visible(target.image.name)}</span>}
      confirm={t('promote.confirm')}
      isReady={isLegal}
      busy={busy}
      problem={problem}
      onSubmit={() => void run({ ...target.place, channel })}
      onClose={onClose}
    >
      <p>{t('promote.text')}</p>
      <Field
        label={t('promote.channel')}
        hint={t('promote.hint')}
        error={channel === '' || isLegal ? undefined : t('promote.rule')}
      >
        <TextInput value={channel} onChange={setChannel} placeholder="debian-12-stable" />
      </Field>
    </ActionDialog>
  );
}
