// One activity: what it is, how far it is, what came out of it, and what can be done.

import type { Activity } from '@imagebridge/desktop-contract';
import {
  ArrowUpFromLine,
  Copy,
  Download,
  type LucideIcon,
  Milestone,
  PackageOpen,
  Share2,
  Trash2,
  Users,
  X,
} from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { useSay } from '../../i18n/say.ts';
import {
  Badge,
  Button,
  CopyButton,
  IconButton,
  ProblemNote,
  Progress,
  type Tone,
  visible,
  visibleText,
} from '../../kit/index.ts';
import { useCommand } from '../../state/hooks.ts';
import { hrefOf } from '../../state/route.ts';
import { bridge } from '../../state/transport.ts';
import { resultPlace } from './result.ts';
import './activities.css';

const ICONS: Readonly<Record<Activity['kind'], LucideIcon>> = {
  copy: Copy,
  'copy-across': Copy,
  share: Share2,
  unshare: Users,
  'promote-base': ArrowUpFromLine,
  promote: Milestone,
  download: Download,
  export: PackageOpen,
  delete: Trash2,
};

const TONES: Readonly<Record<Activity['state'], Tone>> = {
  running: 'accent',
  done: 'success',
  failed: 'danger',
  cancelled: 'neutral',
};

/** How far it is is worth a line while it runs; of what is done, a download tells its checksums, a promotion the image before. */
const tellsMore = ({ kind, state }: Activity): boolean =>
  state !== 'done' || kind === 'download' || kind === 'promote';

/** The line. `ofImage`: it stands among the details of its image, which tell what it is about. */
export function ActivityLine({ activity, ofImage }: { activity: Activity; ofImage?: boolean }): ReactNode {
  const { t } = useTranslation('activities');
  const say = useSay();
  const { bytes, percent } = useFormats();
  const cancel = useCommand('activities.cancel');
  const dismiss = useCommand('activities.dismiss');
  const { id, kind, state, cloud, region, imageId, imageName, target, fraction, text, problem } = activity;
  const { doneBytes, totalBytes } = activity;
  const Icon = ICONS[kind];
  const title = t(`kind.${kind}`);
  const isRunning = state === 'running';
  const failure = cancel.problem ?? dismiss.problem;

  return (
    <div className="activity" data-state={state}>
      <Icon size={18} className="activity-icon" aria-hidden />
      <div className="col grow">
        <div className="activity-head">
          <div className="grow">
            <strong>{title}</strong>{' '}
            {ofImage ? null : (
              <a className="foreign activity-name" href={hrefOf('images', { cloud, region, image: imageId })}>
                {visible(imageName || imageId)}
              </a>
            )}
            {target === undefined ? null : (
              <>
                <span className="muted" aria-hidden>
                  {' → '}
                </span>
                <span className="sr-only">{t('to')} </span>
                <span className="foreign">{visible(target)}</span>
              </>
            )}
            <div className="small muted foreign">
              {ofImage ? null : visible(`${cloud} · ${region} · `)}
              <Times activity={activity} />
            </div>
          </div>
          <Badge tone={TONES[state]}>
            {t(`state.${state}`)}
            {isRunning && fraction !== undefined ? ` ${percent(fraction)}` : null}
          </Badge>
          {isRunning && activity.canCancel ? (
            <Button size="small" busy={cancel.busy} onClick={() => void cancel.run({ id })}>
              {t('common:action.cancel')}
            </Button>
          ) : null}
          {isRunning ? null : (
            <IconButton
              size="small"
              label={t('common:action.dismiss')}
              icon={<X size={16} aria-hidden />}
              busy={dismiss.busy}
              onClick={() => void dismiss.run({ id })}
            />
          )}
        </div>
        {isRunning ? <Progress fraction={fraction} label={`${title}: ${visible(imageName)}`} /> : null}
        {doneBytes === undefined || totalBytes === undefined || state === 'done' ? null : (
          <div className="small muted numeric">
            {t('bytes', { done: bytes(doneBytes), total: bytes(totalBytes) })}
          </div>
        )}
        {text && tellsMore(activity) ? (
          <div className="small muted foreign">{visibleText(say(text))}</div>
        ) : null}
        {problem && state === 'failed' ? <ProblemNote problem={problem} /> : null}
        {failure ? <ProblemNote problem={failure} /> : null}
        {state === 'done' ? <Results activity={activity} /> : null}
      </div>
    </div>
  );
}

/** What came out of it: an image to open, a file to find. */
function Results({ activity }: { activity: Activity }): ReactNode {
  const { t } = useTranslation('activities');
  const image = resultPlace(activity);
  const { resultPath, target } = activity;
  if (image === undefined && resultPath === undefined) return null;
  return (
    <div className="row wrap">
      {image === undefined ? null : (
        <a className="button" data-size="small" href={hrefOf('images', image)}>
          {t('openImage')}
        </a>
      )}
      <Reveal activity={activity} />
      {resultPath === undefined ? null : (
        <span className="small">
          {resultPath === target ? null : <span className="mono foreign">{visible(resultPath)} </span>}
          <CopyButton text={resultPath} label={t('copyPath')} />
        </span>
      )}
    </div>
  );
}

/** When it began, or how long it took. Redrawn every half minute. */
function Times({ activity: { startedAt, endedAt } }: { activity: Activity }): ReactNode {
  const { t } = useTranslation('activities');
  const { ago, duration, dateTime } = useFormats();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (endedAt === undefined)
    return (
      <time title={dateTime(startedAt)}>
        {t('started', { ago: ago(startedAt, Math.max(now, startedAt)) })}
      </time>
    );
  return (
    <time title={dateTime(endedAt)}>
      {t('ended', {
        ago: ago(endedAt, Math.max(now, endedAt)),
        duration: duration(endedAt - startedAt),
      })}
    </time>
  );
}

/** Shows the downloaded file in the system's file manager. Only in the app: a browser has no such thing. */
function Reveal({ activity: { kind, state, resultPath } }: { activity: Activity }): ReactNode {
  const { t } = useTranslation('activities');
  const [isMissing, setMissing] = useState(false);
  const shell = bridge();
  if (shell === undefined || kind !== 'download' || state !== 'done' || resultPath === undefined) return null;
  const reveal = async () => setMissing(!(await shell.reveal(resultPath)));
  return (
    <>
      <Button size="small" onClick={() => void reveal()}>
        {t('reveal')}
      </Button>
      <span className="small muted" role="status">
        {isMissing ? t('fileGone') : null}
      </span>
    </>
  );
}
