// What takes an image away: deleting it, which asks for its name, and taking it out of use.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Confirm, Dialog, Note, ProblemNote, useToast, visible } from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import type { ActionProps } from './action-dialog.tsx';
import { absence, isTypeable } from './actions.ts';

/** Asks for the image's name, and deletes it. A protected one says what to do first. */
export function DeleteDialog({
  target,
  onClose,
  onDeleted,
}: ActionProps & { onDeleted: () => void }): ReactNode {
  const { t } = useTranslation('images');
  const toast = useToast();
  const { image, place, channels = [] } = target;
  const current = channels.filter(({ state }) => state === 'current').map(({ channel }) => channel);
  const { run, busy, problem } = useCommand('images.delete');
  if (image.protected) return <ProtectedDialog target={target} onClose={onClose} />;

  const isNamed = isTypeable(image.name);
  const submit = async () => {
    if ((await run({ ...place, name: image.name })) === undefined) return;
    toast({ title: t('delete.done'), body: visible(image.name || image.id) });
    onDeleted();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('delete.title')}
      confirm={t('delete.confirm')}
      typed={isNamed ? image.name : image.id}
      typedLabel={isNamed ? t('delete.typeName') : t('delete.typeId')}
      busy={busy}
      onConfirm={() => void submit()}
    >
      <div className="col gap-3">
        <p>{t('delete.text')}</p>
        {current.length > 0 ? (
          <Note tone="warning">
            <span className="foreign">{t('delete.current', { channels: visible(current.join(', ')) })}</span>
          </Note>
        ) : null}
        <p className="image-typed">
          <strong className="foreign">{visible(image.name) || t('unnamed')}</strong>
          <span className="mono small muted foreign">{visible(image.id)}</span>
        </p>
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </Confirm>
  );
}

function ProtectedDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useCommand('images.update');
  const lack = absence(target.cloud, 'protect');
  const unprotect = async () => {
    if ((await run({ ...target.place, changes: { protected: false } })) !== undefined) target.changed();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      busy={busy}
      title={t('delete.protectedTitle')}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t('common:action.cancel')}
          </Button>
          {lack === undefined ? (
            <Button busy={busy} onClick={() => void unprotect()}>
              {t('delete.unprotect')}
            </Button>
          ) : null}
        </>
      }
    >
      <div className="col gap-3">
        <p>
          <strong className="foreign">{visible(target.image.name || target.image.id)}</strong>
        </p>
        <p>{t('delete.protectedText')}</p>
        {lack === undefined ? null : (
          <Note>
            <span className="foreign">{lack}</span>
          </Note>
        )}
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </Dialog>
  );
}

/** Takes an image out of use, or puts it back. */
export function ActiveDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  // Which way it goes is decided when the dialog opens, not by what it has done.
  const [toActive] = useState(target.image.status === 'deactivated');
  const { run, busy, problem } = useCommand('images.update');
  const word = toActive ? 'reactivate' : 'deactivate';
  const submit = async () => {
    if ((await run({ ...target.place, changes: { active: toActive } })) === undefined) return;
    target.changed();
    onClose();
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={t(`${word}.title`)}
      confirm={t(`${word}.confirm`)}
      look={toActive ? 'primary' : 'danger'}
      busy={busy}
      onConfirm={() => void submit()}
    >
      <div className="col gap-3">
        <p>{t(`${word}.text`)}</p>
        <p>
          <strong className="foreign">{visible(target.image.name)}</strong>
        </p>
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </Confirm>
  );
}
