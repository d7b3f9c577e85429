// The screen "images": the images of a cloud as a list, and one of them in detail.

import type { CloudView, ImageView, Problem } from '@imagebridge/desktop-contract';
import { CloudOff, FileSearch, Layers, RefreshCw, SearchX } from 'lucide-react';
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import {
  Button,
  DataTable,
  Empty,
  IconButton,
  Page,
  ProblemNote,
  type Sort,
  visible,
} from '../../kit/index.ts';
import { useCloudView } from '../../state/cloud-view.ts';
import { useProfiles, useSettings } from '../../state/hooks.ts';
import { hrefOf, useRoute } from '../../state/route.ts';
import { isNarrowed, matching, NO_FILTER, sorted } from './arrange.ts';
import { useColumns } from './columns.tsx';
import { ImageDrawer } from './details.tsx';
import type { Listing, ListingState } from './listing.ts';
import { OpenById } from './open-by-id.tsx';
import { go, type Place, placeOf } from './place.ts';
import { FilterBar, PlaceBar } from './toolbar.tsx';
import { useListing, useLiveStatus } from './use-images.ts';
import './images.css';

const ROW_PX = 52;
const FIRST_SORT: Sort = { key: 'created', direction: 'descending' };
const idOf = (image: ImageView) => image.id;

/** The screen. */
export function ImagesScreen(): ReactNode {
  const { t } = useTranslation('images');
  const { params } = useRoute();
  const profiles = useProfiles();
  const { defaultCloud } = useSettings();
  const place = placeOf(params, profiles, defaultCloud);
  if (place.cloud === undefined)
    return (
      <Page title={t('common:nav.images')}>
        <Empty
          icon={<CloudOff size={32} aria-hidden />}
          title={t('noCloud.title')}
          action={
            <a className="button" data-look="primary" href={hrefOf('profiles')}>
              {t('noCloud.action')}
            </a>
          }
        >
          {t('noCloud.text')}
        </Empty>
      </Page>
    );
  return <Images key={`${place.cloud} ${place.region ?? ''}`} place={{ ...place, cloud: place.cloud }} />;
}

function Images({ place }: { place: Place & { cloud: string } }): ReactNode {
  const { t, i18n } = useTranslation('images');
  const profiles = useProfiles();
  const { cloud: name, region, scope } = place;
  const at = region === undefined ? { cloud: name } : { cloud: name, region };
  const described = useCloudView(at);
  const { listing, state } = useListing({ ...at, scope });
  const [filter, setFilter] = useState(NO_FILTER);
  const [sort, setSort] = useState(FIRST_SORT);
  const [turn, setTurn] = useState(0);
  const [isAskingId, setAskingId] = useState(false);
  const columns = useColumns();

  // Typing stays quick over thousands of images: the list follows a moment later.
  const wanted = useDeferredValue(filter);
  const { images } = state;
  const shown = useMemo(
    () => sorted(matching(images, wanted), sort, i18n.language),
    [images, wanted, sort, i18n.language],
  );
  const inSight = useRef<readonly ImageView[]>([]);
  const onSeen = useCallback(
    (first: number, last: number) => {
      inSight.current = shown.slice(first, last + 1);
    },
    [shown],
  );
  useLiveStatus(listing, at, () => inSight.current);

  const stay = useRef(place);
  stay.current = place;
  const open = useCallback((image: string) => go({ ...stay.current, image }), []);
  const close = () => go({ ...place, image: undefined });
  const rowName = useCallback(
    (image: ImageView) => `${visible(image.name) || t('unnamed')}, ${t(`status.${image.status}`)}`,
    [t],
  );

  const narrowed = isNarrowed(filter);
  const isBare = state.loaded && shown.length === 0 && !state.more && !narrowed;
  return (
    <>
      <Page
        title={t('common:nav.images')}
        actions={
          <>
            <Button
              look="quiet"
              icon={<FileSearch size={16} aria-hidden />}
              onClick={() => setAskingId(true)}
            >
              {t('byId.open')}
            </Button>
            <IconButton
              label={t('common:action.refresh')}
              busy={state.busy === 'refresh'}
              icon={<RefreshCw size={16} aria-hidden />}
              onClick={() => {
                setTurn((n) => n + 1);
                void listing?.refresh();
              }}
            />
          </>
        }
      >
        <div className="list-page">
          <PlaceBar place={place} profiles={profiles} cloud={described.data} onPlace={(to) => go(to)} />
          {isBare && images.length === 0 ? null : (
            <FilterBar filter={filter} images={images} onFilter={setFilter} />
          )}
          {state.problem && state.loaded ? (
            <Failure problem={state.problem} cloud={name} onRetry={() => void listing?.refresh()} />
          ) : null}
          {!state.loaded && state.problem ? (
            <Failure problem={state.problem} cloud={name} onRetry={() => void listing?.more()} />
          ) : !state.loaded ? (
            <Skeleton />
          ) : isBare ? (
            <NoImages scope={scope} cloud={described.data} onById={() => setAskingId(true)} />
          ) : (
            <>
              {shown.length === 0 ? (
                <Empty
                  icon={<SearchX size={32} aria-hidden />}
                  title={t('noMatch.title')}
                  action={<Button onClick={() => setFilter(NO_FILTER)}>{t('noMatch.action')}</Button>}
                >
                  {state.more ? t('noMatch.more') : null}
                </Empty>
              ) : (
                <DataTable
                  label={t('common:nav.images')}
                  rows={shown}
                  idOf={idOf}
                  rowName={rowName}
                  columns={columns}
                  rowHeightPx={ROW_PX}
                  sort={sort}
                  onSort={setSort}
                  openId={place.image}
                  onOpen={open}
                  onSeen={onSeen}
                  // With a filter the user decides: it could mean thousands of images for a few more rows.
                  {...(state.more && !narrowed && state.problem === undefined
                    ? { onEnd: () => void listing?.more() }
                    : {})}
                />
              )}
              <Footer listing={listing} state={state} shown={shown.length} narrowed={narrowed} />
            </>
          )}
        </div>
      </Page>
      {place.image === undefined ? null : (
        <ImageDrawer
          key={place.image}
          place={at}
          scope={scope}
          imageId={place.image}
          turn={turn}
          known={images.find(({ id }) => id === place.image)}
          cloud={described.data}
          onImage={(image) => listing?.update(image)}
          onDeleted={() => {
            if (place.image !== undefined) listing?.remove(place.image);
            close();
          }}
          onClose={close}
        />
      )}
      {isAskingId ? (
        <OpenById
          onClose={() => setAskingId(false)}
          onOpen={(image) => {
            setAskingId(false);
            open(image);
          }}
        />
      ) : null}
    </>
  );
}

/** Why the list could not be read, and the two things that may help. */
function Failure({
  problem,
  cloud,
  onRetry,
}: {
  problem: Problem;
  cloud: string;
  onRetry: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  return (
    <ProblemNote
      title={t('listFailed')}
      problem={problem}
      action={
        <>
          <Button size="small" onClick={onRetry}>
            {t('common:action.retry')}
          </Button>
          <a className="button" data-size="small" href={hrefOf('profiles', { edit: cloud })}>
            {t('editCloud')}
          </a>
        </>
      }
    />
  );
}

function NoImages({
  scope,
  cloud,
  onById,
}: {
  scope: Place['scope'];
  cloud: CloudView | undefined;
  onById: () => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const mayWait = scope === 'shared' && cloud?.abilities.shareAcceptance === true;
  return (
    <Empty
      icon={<Layers size={32} aria-hidden />}
      title={t(`none.${scope}.title`)}
      action={
        scope === 'own' ? (
          <a className="button" data-look="primary" href={hrefOf('queue')}>
            {t('none.own.action')}
          </a>
        ) : mayWait ? (
          <Button onClick={onById}>{t('byId.open')}</Button>
        ) : undefined
      }
    >
      {mayWait ? t('none.shared.waiting') : t(`none.${scope}.text`)}
    </Empty>
  );
}

/** How many there are, and how to get the others. */
function Footer({
  listing,
  state,
  shown,
  narrowed,
}: {
  listing: Listing | undefined;
  state: ListingState;
  shown: number;
  narrowed: boolean;
}): ReactNode {
  const { t } = useTranslation('images');
  const { number } = useFormats();
  const { images, more, busy } = state;
  // Of all images what is not deleted counts, unless it is asked for.
  const count = narrowed ? images.length : shown;
  return (
    <div className="images-foot">
      <span className="muted small numeric" role="status">
        {narrowed ? t('count.shown', { shown: number(shown), count }) : t('count.all', { count })}
        {more ? ` · ${t(narrowed ? 'count.moreNarrowed' : 'count.more')}` : null}
      </span>
      {more && busy !== 'all' ? (
        <>
          <Button size="small" busy={busy === 'more'} onClick={() => void listing?.more()}>
            {t('loadMore')}
          </Button>
          <Button size="small" onClick={() => void listing?.all()} disabled={busy !== 'nothing'}>
            {t('loadAll')}
          </Button>
        </>
      ) : null}
      {busy === 'all' ? (
        <Button size="small" onClick={() => listing?.stopAll()}>
          {t('stop')}
        </Button>
      ) : null}
    </div>
  );
}

const BARS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function Skeleton(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="images-skeleton" role="status">
      <span className="sr-only">{t('loading')}</span>
      {BARS.map((key) => (
        <div key={key} className="row">
          <div className="grow col">
            <div className="skeleton" />
            <div className="skeleton" />
          </div>
          <div className="skeleton" />
          <div className="skeleton" />
        </div>
      ))}
    </div>
  );
}
