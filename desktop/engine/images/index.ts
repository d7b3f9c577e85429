// Images of the clouds: lists, details, changes; and the activities that copy, share, download and export them.
import {
  answerShare,
  ConflictError,
  cloudLabel,
  type Image,
  type ImageCloud,
  NotFoundError,
  retireImage,
  unretireImage,
} from '@imagebridge/core';
import { type Activity, EngineError, type ImageDetail } from '@imagebridge/desktop-contract';
import { Activities } from '../activities/activities.ts';
import type { EngineContext, HandlersOf } from '../context.ts';
import { problemOf } from '../problem.ts';
import { Listings } from './listing.ts';
import { checkProperties, fixedProperties } from './properties.ts';
import { orderRunner } from './run-order.ts';
import { changesOf, imageView, shareView, typedName } from './view.ts';
import { workHandlers } from './work.ts';

/** The part that owns images and activities. */
export interface ImagesPart {
  handlers: HandlersOf<'images' | 'activities'>;
  /** All activities, the newest first. */
  snapshot(): Activity[];
  /** Interrupts all activities without undoing anything; the next run goes on with them. */
  stop(): Promise<void>;
}

// More shares than anybody looks through.
const MOST_SHARES = 500;

/** Opens it, and goes on with the activities that the end of the engine interrupted. */
export function openImages(context: EngineContext): ImagesPart {
  const { clouds, clock, emit } = context;
  const listings = new Listings(clouds, clock);
  // Without a region: whoever shows images of the cloud asks again, whatever region it names.
  const changed = (cloud: string) => emit({ type: 'images-changed', cloud });
  const runner = orderRunner(context, changed);
  const activities = new Activities(context, runner.run);
  activities.restore();

  return {
    snapshot: () => activities.snapshot(),
    stop: async () => {
      listings.stop();
      await activities.stop();
    },
    handlers: {
      ...activities.handlers,
      ...workHandlers({ clouds, activities, runner, imageOf }),

      'images.list': async ({ query, cursor }, signal) => {
        const page = await listings.page(query, cursor, signal);
        return { ...page, images: page.images.map(imageView) };
      },

      'images.detail': async ({ cloud: name, region, imageId }, signal) => {
        const cloud = await clouds.open(name, region);
        const image = await imageOf(cloud, imageId, signal);
        return {
          image: imageView(image),
          properties: { ...image.properties },
          fixedProperties: fixedProperties(cloud, image.properties),
          ...(await sharesOf(cloud, imageId, signal)),
        };
      },

      'images.update': async ({ cloud: name, region, imageId, changes }, signal) => {
        const cloud = await clouds.open(name, region);
        const wanted = changesOf(changes);
        checkProperties(cloud, imageId, changes.properties ?? {});
        try {
          if (wanted !== undefined) await cloud.updateImage(imageId, wanted, { signal });
          if (changes.active !== undefined) await setActive(cloud, imageId, changes.active, signal);
          return imageView(await imageOf(cloud, imageId, signal));
        } finally {
          changed(name);
        }
      },

      'images.delete': async ({ cloud: cloudName, region, imageId, name }, signal) => {
        const cloud = await clouds.open(cloudName, region);
        const image = await cloud.getImage(imageId, { signal, fresh: true });
        if (image !== undefined) {
          refuseOtherName(image, name);
          refuseProtected(cloud, image);
          await cloud.deleteImage(imageId, { signal });
        }
        changed(cloudName);
        return null;
      },

      'images.answerShare': async ({ cloud: name, region, imageId, answer }, signal) => {
        const cloud = await clouds.open(name, region);
        await answerShare(cloud, imageId, answer, { signal, clock });
        changed(name);
        return null;
      },
    },
  };

  async function setActive(
    cloud: ImageCloud,
    imageId: string,
    active: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const image = await imageOf(cloud, imageId, signal);
    const call = { signal, clock };
    if (cloud.capabilities.deactivate !== true) {
      // The nearest thing: everybody sees that it should not be used.
      await (active ? unretireImage(cloud, image, call) : retireImage(cloud, image, call));
    } else if (active === (image.status === 'deactivated')) {
      await cloud.setActive(imageId, active, { signal });
    }
  }
}

/** @throws NotFoundError */
async function imageOf(cloud: ImageCloud, imageId: string, signal: AbortSignal): Promise<Image> {
  const image = await cloud.getImage(imageId, { signal, fresh: true });
  if (image) return image;
  throw new NotFoundError({
    operation: `find image ${imageId}`,
    cloud: cloudLabel(cloud),
    object: imageId,
    reason: 'there is no such image in this project',
    hint: 'It may have been deleted meanwhile: list the images again.',
  });
}

/** The shares, or why there are none to see. An image whose shares cannot be read can be looked at all the same. */
async function sharesOf(
  cloud: ImageCloud,
  imageId: string,
  signal: AbortSignal,
): Promise<Pick<ImageDetail, 'shares' | 'sharesNote'>> {
  const { share } = cloud.capabilities;
  if (share !== true) return { shares: [], sharesNote: share };
  const shares: ImageDetail['shares'] = [];
  try {
    for await (const one of cloud.listShares(imageId, { signal })) {
      shares.push(shareView(one));
      if (shares.length === MOST_SHARES) {
        return { shares, sharesNote: `Only the first ${MOST_SHARES} are shown.` };
      }
    }
    return { shares };
  } catch (error) {
    if (signal.aborted) throw error;
    return { shares, sharesNote: problemOf(error).message };
  }
}

function refuseOtherName({ id, name }: Image, given: string): void {
  const wanted = typedName(name) || id;
  if (typedName(given) === wanted) return;
  throw new EngineError({
    kind: 'invalid-input',
    message: `The image is not deleted: its ${typedName(name) === '' ? 'id' : 'name'} was typed differently.`,
    hint: 'Type it as it is shown.',
    object: id,
  });
}

function refuseProtected(cloud: ImageCloud, { id, protected: isProtected }: Image): void {
  if (!isProtected) return;
  const { protect } = cloud.capabilities;
  throw new ConflictError({
    operation: `delete image ${id}`,
    cloud: cloudLabel(cloud),
    object: id,
    reason: 'it is protected',
    hint:
      protect === true
        ? 'Take its protection away first, then delete it.'
        : 'Its protection cannot be taken away here: use the console of the cloud.',
  });
}
