// An image's details at the side: everything that the service tells, and what can be done.

import type { CloudView, ImageDetail, ImageView, Problem } from '@imagebridge/desktop-contract';
import { ExternalLink } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { useSay } from '../../i18n/say.ts';
import {
  Button,
  CopyButton,
  Drawer,
  Facts,
  Loading,
  Note,
  ProblemNote,
  Progress,
  Tabs,
  visible,
  visibleText,
} from '../../kit/index.ts';
import { useActivities, useAsk, useImagesCount } from '../../state/hooks.ts';
import { hrefOf } from '../../state/route.ts';
import { ActivityLine } from '../activities/activity-line.tsx';
import { ActionBar } from './action-bar.tsx';
import type { Target } from './action-dialog.tsx';
import { ActionDialogs } from './action-dialogs.tsx';
import { type ActionName, actionsOf } from './actions.ts';
import { systemOf } from './arrange.ts';
import { type ChannelPlace, channelsOf } from './channels.ts';
import { ownTags } from './own-tags.ts';
import { Pairs } from './pairs.tsx';
import type { Scope } from './place.ts';
import { Properties, PropertiesDialog } from './properties.tsx';
import { ShareAnswer, Shares } from './share-dialog.tsx';
import { Status } from './status.tsx';
import { isUnfinished, LIVE_MS } from './use-images.ts';

interface Props {
  place: { cloud: string; region?: string | undefined };
  scope: Scope;
  imageId: string;
  /** Grows each time the user asks for fresh data. */
  turn: number;
  /** What the list knows of it, until its details are there. */
  known: ImageView | undefined;
  /** Undefined while it is not known what the cloud can do. */
  cloud: CloudView | undefined;
  /** What was learned of the image. */
  onImage: (image: ImageView) => void;
  onDeleted: () => void;
  onClose: () => void;
}

/** The details of an image; asked for again while the service is at work on it. */
function useDetail(
  params: { cloud: string; region?: string; imageId: string },
  turn: number,
): {
  detail: ImageDetail | undefined;
  problem: Problem | undefined;
  reload: () => void;
} {
  const changes = useImagesCount();
  const asked = useAsk('images.detail', params, `${changes}/${turn}`);
  const key = JSON.stringify(params);
  const kept = useRef<{ key: string; detail: ImageDetail }>(undefined);
  if (asked.data !== undefined) kept.current = { key, detail: asked.data };
  // What was known stays while it is asked for again, and when that fails.
  const detail = kept.current?.key === key ? kept.current.detail : undefined;
  const { data, problem, reload } = asked;
  useEffect(() => {
    if (data === undefined || !isUnfinished(data.image)) return;
    const timer = setTimeout(reload, LIVE_MS);
    return () => clearTimeout(timer);
  }, [data, reload]);
  return { detail, problem, reload };
}

/** The drawer. */
export function ImageDrawer(props: Props): ReactNode {
  const { t } = useTranslation('images');
  const { place, scope, imageId, turn, known, cloud, onImage, onDeleted, onClose } = props;
  const params = {
    cloud: place.cloud,
    ...(place.region === undefined ? {} : { region: place.region }),
    imageId,
  };
  const { detail, problem, reload } = useDetail(params, turn);
  const [action, setAction] = useState<ActionName | 'properties'>();
  const image = detail?.image ?? known;

  const told = useRef(onImage);
  told.current = onImage;
  const fresh = detail?.image;
  useEffect(() => {
    if (fresh !== undefined) told.current(fresh);
  }, [fresh]);

  const isGone = problem?.kind === 'not-found' && image !== undefined;
  const channels = image === undefined ? [] : channelsOf(image, detail?.properties);
  const target: Target | undefined =
    image === undefined || cloud === undefined
      ? undefined
      : { cloud, image, channels, place: params, changed: reload };
  return (
    <>
      <Drawer
        open
        // Escape in a dialog closes the dialog alone.
        onClose={() => {
          if (action === undefined) onClose();
        }}
        title={image === undefined ? t('details') : visible(image.name) || t('unnamed')}
        description={
          <span className="image-drawer-id">
            {image === undefined || isGone ? null : <Status image={image} />}
            <span className="mono foreign">{visible(imageId)}</span>
            <CopyButton text={imageId} label={t('copyId')} />
          </span>
        }
      >
        <div className="col gap-4">
          {isGone ? <Note tone="warning" title={t('gone')} live /> : null}
          {problem && !isGone ? (
            <ProblemNote
              problem={problem}
              action={
                <Button size="small" onClick={reload}>
                  {t('common:action.retry')}
                </Button>
              }
            />
          ) : null}
          {image === undefined && problem === undefined ? <Loading /> : null}
          {image === undefined ? null : (
            <>
              <Making image={image} />
              {target === undefined || isGone ? null : (
                <ActionBar actions={actionsOf(target.cloud, image, scope)} onAction={setAction} />
              )}
              {scope === 'shared' && target && detail && cloud?.abilities.shareAcceptance === true ? (
                <ShareAnswer target={target} detail={detail} onDone={reload} />
              ) : null}
              <Work imageId={imageId} />
              <Tabs
                label={t('details')}
                tabs={[
                  {
                    value: 'overview',
                    label: t('tab.overview'),
                    content: <Overview image={image} channels={channels} place={place} scope={scope} />,
                  },
                  {
                    value: 'shares',
                    label: <Counted label={t('tab.shares')} count={detail?.shares.length} />,
                    content:
                      target && detail ? (
                        <Shares
                          target={target}
                          detail={detail}
                          obstacle={
                            actionsOf(target.cloud, image, scope).find(({ name }) => name === 'share')
                              ?.obstacle
                          }
                          onShare={() => setAction('share')}
                        />
                      ) : (
                        <Loading />
                      ),
                  },
                  {
                    value: 'properties',
                    label: (
                      <Counted
                        label={t('tab.properties')}
                        count={detail && Object.keys(detail.properties).length}
                      />
                    ),
                    content: detail ? (
                      <Properties
                        target={isGone ? undefined : target}
                        detail={detail}
                        scope={scope}
                        onEdit={() => setAction('properties')}
                      />
                    ) : (
                      <Loading />
                    ),
                  },
                ]}
              />
            </>
          )}
        </div>
      </Drawer>
      {target && detail && action === 'properties' ? (
        <PropertiesDialog target={target} detail={detail} onClose={() => setAction(undefined)} />
      ) : null}
      {target === undefined || action === undefined || action === 'properties' ? null : (
        <ActionDialogs
          action={action}
          target={target}
          onClose={() => setAction(undefined)}
          onDeleted={() => {
            setAction(undefined);
            onDeleted();
          }}
        />
      )}
    </>
  );
}

const Counted = ({ label, count }: { label: string; count: number | undefined }): ReactNode => (
  <>
    {label}
    {count ? <span className="muted numeric"> {count}</span> : null}
  </>
);

/** How far the making of it is, or why it failed. */
function Making({ image }: { image: ImageView }): ReactNode {
  const { t } = useTranslation('images');
  const say = useSay();
  if (image.status === 'importing')
    return <Progress fraction={image.progress} label={t('status.importing')} />;
  if (image.status !== 'failed' && !image.failureReason) return null;
  return (
    <Note tone="danger" title={t('failed')}>
      <span className="foreign">
        {visibleText(image.failureReason ? say(image.failureReason) : t('noReason'))}
      </span>
      <div>
        <CopyButton
          text={`${image.id}: ${image.rawStatus}: ${image.failureReason ?? ''}`}
          label={t('common:problem.copy')}
        />
      </div>
    </Note>
  );
}

/** What is being done with the image, and what has ended since its details were opened. What ended before is not repeated. */
function Work({ imageId }: { imageId: string }): ReactNode {
  const { t } = useTranslation('images');
  const activities = useActivities();
  const [old] = useState(
    () => new Set(activities.filter(({ state }) => state !== 'running').map(({ id }) => id)),
  );
  const shown = activities.filter((one) => one.imageId === imageId && !old.has(one.id));
  if (shown.length === 0) return null;
  return (
    <ul className="col" aria-label={t('work')}>
      {shown.map((activity) => (
        <li key={activity.id} className="image-work">
          <ActivityLine activity={activity} ofImage />
        </li>
      ))}
    </ul>
  );
}

function Overview({
  image,
  place,
  scope,
  channels,
}: {
  image: ImageView;
  channels: readonly ChannelPlace[];
  place: Props['place'];
  scope: Scope;
}): ReactNode {
  const { t } = useTranslation('images');
  const { bytes, dateTime, number } = useFormats();
  const shown = (text: string | undefined) => (text ? visible(text) : undefined);
  const mono = (text: string | undefined) =>
    text ? <span className="mono">{visible(text)}</span> : undefined;
  const gib = image.minDiskGiB ? `${number(image.minDiskGiB)} GiB` : undefined;
  const mib = image.minRamMiB ? bytes(image.minRamMiB * 1024 ** 2) : undefined;
  const source = image.sourceImageId ? (
    <Source id={image.sourceImageId} place={place} scope={scope} />
  ) : undefined;
  return (
    <div className="col gap-5">
      {image.description ? (
        <p className="foreign image-description">{visibleText(image.description)}</p>
      ) : null}
      <Facts
        facts={[
          [t('field.system'), shown(systemOf(image))],
          [
            t('field.channels'),
            shown(
              channels
                .map(({ channel, state }) => t('channel.in', { channel, state: t(`channel.${state}`) }))
                .join(', '),
            ),
          ],
          [t('field.architecture'), shown(image.architecture)],
          [t('field.bootMode'), shown(image.bootMode?.toUpperCase())],
          [t('field.format'), shown(image.diskFormat)],
          [
            t('field.size'),
            image.sizeBytes === undefined
              ? undefined
              : `${bytes(image.sizeBytes)} (${number(image.sizeBytes)} B)`,
          ],
          [t('field.minDisk'), gib],
          [t('field.minRam'), mib],
          [
            t('field.visibility'),
            image.visibility &&
              t(`visibility.${image.visibility}`, { defaultValue: visible(image.visibility) }),
          ],
          [
            t('field.protected'),
            image.protected === undefined ? undefined : t(`common:${image.protected ? 'yes' : 'no'}`),
          ],
          [t('field.rawStatus'), mono(image.rawStatus)],
          [t('field.owner'), mono(image.ownerId)],
          [t('field.source'), source],
          [t('field.created'), image.createdAt === undefined ? undefined : dateTime(image.createdAt)],
          [t('field.updated'), image.updatedAt === undefined ? undefined : dateTime(image.updatedAt)],
        ]}
      />
      {ownTags(image).length > 0 ? (
        <section className="col" aria-label={t('field.tags')}>
          <h3>{t('field.tags')}</h3>
          <ul className="row wrap">
            {ownTags(image).map(([key, value]) => (
              <li key={key} className="image-tag foreign">
                {visible(value === '' ? key : `${key} = ${value}`)}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {Object.keys(image.checksums).length > 0 ? (
        <section className="col" aria-label={t('field.checksums')}>
          <h3>{t('field.checksums')}</h3>
          <Pairs pairs={image.checksums} empty="" upper />
        </section>
      ) : null}
    </div>
  );
}

/** The image that this one was made from. */
function Source({ id, place, scope }: { id: string; place: Props['place']; scope: Scope }): ReactNode {
  const { cloud, region } = place;
  return (
    <a className="image-link mono" href={hrefOf('images', { cloud, region, scope, image: id })}>
      {visible(id)} <ExternalLink size={12} aria-hidden />
    </a>
  );
}
