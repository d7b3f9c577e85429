// Sharing an image with other projects, and the answer of a project to an image that was shared with it.

import type { ImageDetail } from '@imagebridge/desktop-contract';
import { Share2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { useSay } from '../../i18n/say.ts';
import {
  Badge,
  Button,
  Confirm,
  Field,
  IconButton,
  Note,
  ProblemNote,
  TextArea,
  type Tone,
  useToast,
  visible,
  visibleText,
} from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { ActionDialog, type ActionProps, type Target, useStarter } from './action-dialog.tsx';
import { type Obstacle, projectIdsOf } from './actions.ts';

/** Most projects in one go. */
const MOST = 100;

/** Asks for projects to share with. */
export function ShareDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { run, busy, problem } = useStarter('images.share', onClose);
  const [text, setText] = useState('');
  const projectIds = projectIdsOf(text);
  const isTooMany = projectIds.length > MOST;
  return (
    <ActionDialog
      title={t('share.title')}
      description={<span className="foreign">{visible(target.image.name)}</span>}
      confirm={
        projectIds.length > 1 ? t('share.confirmMany', { count: projectIds.length }) : t('share.confirm')
      }
      isReady={projectIds.length > 0 && !isTooMany}
      busy={busy}
      problem={problem}
      onSubmit={() => void run({ ...target.place, projectIds })}
      onClose={onClose}
    >
      <Field
        label={t('share.projects')}
        hint={t('share.projectsHint')}
        error={isTooMany ? t('share.tooMany', { count: MOST }) : undefined}
      >
        <TextArea value={text} onChange={setText} rows={4} />
      </Field>
      {target.cloud.abilities.shareAcceptance === true ? <Note>{t('share.acceptanceHint')}</Note> : null}
    </ActionDialog>
  );
}

const TONES: Readonly<Record<string, Tone>> = { accepted: 'success', pending: 'warning', rejected: 'danger' };

function ShareStatus({ status }: { status: string }): ReactNode {
  const { t } = useTranslation('images');
  return (
    <Badge tone={TONES[status] ?? 'neutral'}>
      <span className="foreign">{t(`shareStatus.${status}`, { defaultValue: visible(status) })}</span>
    </Badge>
  );
}

/** Whom it is shared with. */
export function Shares({
  target,
  detail,
  obstacle,
  onShare,
}: {
  target: Target;
  detail: ImageDetail;
  obstacle: Obstacle | undefined;
  onShare: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const say = useSay();
  const { dateTime } = useFormats();
  const [removing, setRemoving] = useState<string>();
  const { run, busy, problem, clear } = useStarter('images.unshare', () => setRemoving(undefined));
  return (
    <div className="col gap-3">
      {detail.sharesNote ? (
        <Note>
          <span className="foreign">{visibleText(say(detail.sharesNote))}</span>
        </Note>
      ) : null}
      {detail.shares.length === 0 && !detail.sharesNote ? <p className="muted">{t('share.none')}</p> : null}
      {detail.shares.length > 0 ? (
        <ul className="image-shares" aria-label={t('tab.shares')}>
          {detail.shares.map(({ projectId, status, createdAt }) => (
            <li key={projectId} className="row">
              <div className="grow">
                <div className="mono foreign">{visible(projectId)}</div>
                {createdAt === undefined ? null : (
                  <div className="small muted">{t('share.since', { date: dateTime(createdAt) })}</div>
                )}
              </div>
              <ShareStatus status={status} />
              {obstacle === undefined ? (
                <IconButton
                  size="small"
                  label={t('share.remove', { project: visible(projectId) })}
                  icon={<X size={16} aria-hidden />}
                  onClick={() => {
                    clear();
                    setRemoving(projectId);
                  }}
                />
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {obstacle === undefined ? (
        <div>
          <Button icon={<Share2 size={16} aria-hidden />} onClick={onShare}>
            {t('share.add')}
          </Button>
        </div>
      ) : null}
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t('share.removeTitle')}
        confirm={t('share.removeConfirm')}
        busy={busy}
        onConfirm={() => {
          if (removing !== undefined) void run({ ...target.place, projectIds: [removing] });
        }}
      >
        <p>
          {t('share.removeText')} <span className="mono foreign">{visible(removing ?? '')}</span>
        </p>
        {problem ? <ProblemNote problem={problem} /> : null}
      </Confirm>
    </div>
  );
}

/** Accepts or rejects an image that another project shares with this one. */
export function ShareAnswer({
  target,
  detail,
  onDone,
}: {
  target: Target;
  detail: ImageDetail;
  onDone: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const toast = useToast();
  const { run, busy, problem } = useCommand('images.answerShare');
  const status = detail.shares.length === 1 ? detail.shares[0]?.status : undefined;
  const answer = async (given: 'accepted' | 'rejected') => {
    if ((await run({ ...target.place, answer: given })) === undefined) return;
    toast({ title: t(`answer.${given}`) });
    onDone();
  };
  return (
    <Note title={t('answer.title')}>
      <div className="col">
        <div>
          {status === 'accepted' ? null : t('answer.text')}{' '}
          {status === undefined ? null : <ShareStatus status={status} />}
        </div>
        <div className="row wrap">
          <Button
            size="small"
            look="primary"
            disabled={status === 'accepted'}
            busy={busy}
            onClick={() => void answer('accepted')}
          >
            {t('answer.accept')}
          </Button>
          <Button
            size="small"
            disabled={status === 'rejected'}
            busy={busy}
            onClick={() => void answer('rejected')}
          >
            {t('answer.reject')}
          </Button>
        </div>
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </Note>
  );
}
