// Begins what is done with images and takes a while. What can be refused at once is refused by the call itself.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  checkCopy,
  checkCopyAcross,
  checkPromotion,
  cloudLabel,
  type Image,
  type ImageCloud,
  InvalidInputError,
  LocalFileError,
  UnsupportedError,
} from '@imagebridge/core';
import { type ActivityMethod, EngineError, type Params } from '@imagebridge/desktop-contract';
import type { Activities } from '../activities/activities.ts';
import type { Order } from '../activities/orders.ts';
import type { Clouds, HandlersOf } from '../context.ts';
import type { Place } from './persist.ts';
import type { OrderRunner } from './run-order.ts';
import { requireSystem, systemFor, systemIn } from './system.ts';

type Handlers = Pick<HandlersOf<'images'>, ActivityMethod>;

/** What is needed to begin. */
export interface WorkParts {
  clouds: Clouds;
  activities: Activities;
  runner: OrderRunner;
  /** The image, asked for now. @throws NotFoundError */
  imageOf(cloud: ImageCloud, imageId: string, signal: AbortSignal): Promise<Image>;
}

/** Makes the handlers that begin activities. */
export function workHandlers({ clouds, activities, runner, imageOf }: WorkParts): Handlers {
  async function look(place: Place & { imageId: string }, signal: AbortSignal) {
    const cloud = await clouds.open(place.cloud, place.region);
    return { cloud, image: await imageOf(cloud, place.imageId, signal) };
  }

  function start(order: Order, cloud: ImageCloud, image: Image, target: string): { activityId: string } {
    const line = {
      cloud: order.cloud,
      region: cloud.region,
      imageId: image.id,
      imageName: image.name,
      target,
      // Half a promotion would leave a channel with two images.
      canCancel: order.kind !== 'promote',
    };
    return { activityId: activities.start(order, line) };
  }

  const shares =
    (kind: 'share' | 'unshare') =>
    async (params: Params<'images.share'>, signal: AbortSignal): Promise<{ activityId: string }> => {
      const { cloud, image } = await look(params, signal);
      if (kind === 'share') requireAbility(cloud, 'share', `share image ${image.id}`);
      const projectIds = [...new Set(params.projectIds)];
      const [first = ''] = projectIds;
      const target = projectIds.length === 1 ? first : `${first} + ${projectIds.length - 1}`;
      return start({ ...params, kind, projectIds }, cloud, image, target);
    };

  async function copyInCloud(params: Params<'images.copy'>, signal: AbortSignal) {
    const { cloud, image } = await look(params, signal);
    const { cloud: name, region, imageId, toRegion } = params;
    const about = { name: params.name, description: params.description, agencyName: params.agencyName };
    checkCopy(cloud, { ...about, region: toRegion });
    const order: Order = { kind: 'copy', cloud: name, region, imageId, ...about, toRegion };
    return start(order, cloud, image, `${name}/${toRegion ?? cloud.region}`);
  }

  async function copyToCloud(params: Params<'images.copy'>, toCloud: string, signal: AbortSignal) {
    const { cloud, image } = await look(params, signal);
    const to = await clouds.open(toCloud, params.toRegion);
    const { name, description } = params;
    checkCopyAcross(cloud, to, { name });
    const system =
      params.system === undefined ? await systemFor(to, image, signal) : systemIn(to, params.system);
    requireSystem(to, image, name, system);
    const order: Order = {
      kind: 'copy-across',
      cloud: params.cloud,
      region: params.region,
      imageId: params.imageId,
      to: { cloud: toCloud, region: params.toRegion },
      image: { name, description, ...system },
    };
    return start(order, cloud, image, `${toCloud}/${to.region}`);
  }

  return {
    'images.share': shares('share'),
    'images.unshare': shares('unshare'),

    'images.copy': (params, signal) =>
      params.toCloud === undefined || params.toCloud === params.cloud
        ? copyInCloud(params, signal)
        : copyToCloud(params, params.toCloud, signal),

    'images.promoteToBase': async (params, signal) => {
      const { cloud, image } = await look(params, signal);
      checkCopy(cloud, { name: params.name, toBaseImage: true });
      return start({ ...params, kind: 'promote-base' }, cloud, image, params.name);
    },

    'images.promote': async (params, signal) => {
      const { cloud, image } = await look(params, signal);
      checkPromotion(cloud, image, params.channel);
      return start({ ...params, kind: 'promote' }, cloud, image, params.channel);
    },

    'images.download': async (params, signal) => {
      const { cloud, image } = await look(params, signal);
      const operation = `download image ${image.id} to ${params.path}`;
      requireAbility(cloud, 'download', operation);
      await refuseFile(params.path, operation);
      if (runner.isDownloading(params.path)) throw alreadyGoing(params.path);
      return start({ ...params, kind: 'download' }, cloud, image, params.path);
    },

    'images.export': async (params, signal) => {
      const { cloud, image } = await look(params, signal);
      const { bucket, key } = params;
      const diskFormat = params.diskFormat ?? (params.quick ? undefined : 'qcow2');
      requireAbility(cloud, 'exportImage', `export image ${image.id} to ${bucket}/${key}`);
      return start({ ...params, kind: 'export', diskFormat }, cloud, image, `${bucket}/${key}`);
    },
  };
}

function requireAbility(
  cloud: ImageCloud,
  ability: 'share' | 'download' | 'exportImage',
  operation: string,
): void {
  const said = cloud.capabilities[ability];
  if (said === true) return;
  throw new UnsupportedError({
    operation,
    cloud: cloudLabel(cloud),
    reason: 'this cloud does not offer it',
    hint: said,
  });
}

async function refuseFile(file: string, operation: string): Promise<void> {
  if (!path.isAbsolute(file)) {
    throw new InvalidInputError({
      operation,
      reason: 'this is no whole path',
      hint: 'Choose a folder and a name.',
    });
  }
  if ((await stat(file).catch(() => undefined)) === undefined) return;
  throw new LocalFileError({
    operation,
    object: file,
    reason: 'there is a file of that name already, and it is not overwritten',
    hint: 'Choose another name, or remove that file.',
  });
}

const alreadyGoing = (file: string) =>
  new EngineError({
    kind: 'busy',
    message: `A download to ${file} is going on already.`,
    hint: 'Wait for it, or choose another name.',
  });
