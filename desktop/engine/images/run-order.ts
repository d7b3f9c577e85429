// Does what the order of an activity says, by the workflows of the core. All of them find their place by themselves.
import {
  claimExport,
  claimImage,
  copyAcross,
  copyImage,
  downloadToFile,
  exportImage,
  findImage,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type Job,
  type PublishEvent,
  promoteImage,
  shareImage,
  unshareImage,
} from '@imagebridge/core';
import { EngineError } from '@imagebridge/desktop-contract';
import type { ActivityEnd, ActivityProgress, Runner, Work } from '../activities/activities.ts';
import type { Order } from '../activities/orders.ts';
import { Turns } from '../activities/turns.ts';
import type { EngineContext } from '../context.ts';
import { problemOf } from '../problem.ts';
import { persistently } from './persist.ts';

const DOWNLOADS_AT_ONCE = 3;
const GOES_ON = 'It is not waited for any more; the cloud may go on with it.';

type OrderOf<Kind extends Order['kind']> = Extract<Order, { kind: Kind }>;

/** Runs orders. */
export interface OrderRunner {
  run: Runner;
  /** True while something is being downloaded to this path. */
  isDownloading(path: string): boolean;
}

/**
 * Makes the runner.
 * @param changed told the clouds whose images may be others now
 */
export function orderRunner(context: EngineContext, changed: (cloud: string) => void): OrderRunner {
  const { clouds, clock, engine, log } = context;
  const downloading = new Set<string>();
  const turns = new Turns(DOWNLOADS_AT_ONCE);

  const wait = (work: Work) => ({
    signal: work.signal,
    clock,
    onJob: (job: Job) => work.progress(jobProgress(job)),
  });

  /** A copy is recorded here: a later one of the same name is another one. */
  async function claim(cloud: ImageCloud, image: Image, signal: AbortSignal): Promise<void> {
    try {
      if (await claimImage(cloud, image, { stateDir: engine.stateDir, signal })) return;
      log.warn(`Image ${image.id} of ${cloud.name} could not be claimed; a later copy may adopt it.`);
    } catch (error) {
      log.warn(problemOf(error).message);
    }
  }

  function share(order: OrderOf<'share' | 'unshare'>, work: Work): Promise<ActivityEnd> {
    work.afterCancel(GOES_ON);
    const { imageId, kind, projectIds } = order;
    const call = { signal: work.signal, clock };
    return persistently(clouds, [order], work.signal, (cloud) =>
      eachProject(projectIds, work, async (projectId) => {
        if (kind === 'share') await shareImage(cloud, imageId, projectId, call);
        else await unshareImage(cloud, imageId, projectId, call);
      }),
    );
  }

  function copy(order: OrderOf<'copy' | 'promote-base'>, work: Work): Promise<ActivityEnd> {
    work.afterCancel(GOES_ON);
    const { imageId: sourceImageId, name } = order;
    const how =
      order.kind === 'promote-base'
        ? { toBaseImage: true }
        : { description: order.description, agencyName: order.agencyName, region: order.toRegion };
    return persistently(clouds, [order], work.signal, async (cloud) => {
      const request = { sourceImageId, name, ...how };
      const made = await copyImage(cloud, request, {
        ...wait(work),
        stateDir: engine.stateDir,
        // It is in lists from now on.
        onImageId: () => changed(order.cloud),
      });
      await claim(made.target, made.image, work.signal);
      return { resultImageId: made.image.id, resultCloud: order.cloud, resultRegion: made.target.region };
    });
  }

  function copyToCloud(order: OrderOf<'copy-across'>, work: Work): Promise<ActivityEnd> {
    work.afterCancel(GOES_ON);
    return persistently(clouds, [order, order.to], work.signal, async (from, to) => {
      const made = await copyAcross(
        from,
        to,
        {
          sourceImageId: order.imageId,
          image: order.image,
          onEvent: (event) => {
            if (event.type === 'image-id') changed(order.to.cloud);
            work.progress(publishProgress(event));
          },
          onUpload: (upload) => {
            work.afterCancel('What had been sent is removed again.');
            work.onCancel(() => upload.abort());
          },
          signal: work.signal,
        },
        engine,
      );
      await claim(to, made.image, work.signal);
      return { resultImageId: made.image.id, resultCloud: order.to.cloud, resultRegion: to.region };
    });
  }

  function promote(order: OrderOf<'promote'>, work: Work): Promise<ActivityEnd> {
    const call = { signal: work.signal };
    return persistently(clouds, [order], work.signal, async (cloud) => {
      const image = await findImage(cloud, order.imageId, { ...call, fresh: true });
      const { previous } = await promoteImage(cloud, image, order.channel, { ...call, clock });
      return {
        resultImageId: image.id,
        ...(previous === undefined ? {} : { text: `The image before it was ${previous.id}.` }),
      };
    });
  }

  async function download(order: OrderOf<'download'>, work: Work): Promise<ActivityEnd> {
    const { imageId, path } = order;
    downloading.add(path);
    try {
      await turns.take(work);
    } catch (error) {
      downloading.delete(path);
      throw error;
    }
    work.afterCancel(`What came so far is in ${path}.part; a download to the same file goes on with it.`);
    try {
      return await persistently(clouds, [order], work.signal, async (cloud) => {
        const got = await downloadToFile(cloud, {
          imageId,
          path,
          signal: work.signal,
          clock,
          onProgress: ({ gotBytes, sizeBytes, state, retry }) =>
            work.progress({
              ...bytesProgress(gotBytes, sizeBytes),
              text:
                retry?.error.message ?? (state === 'checking' ? 'What came before is checked.' : undefined),
            }),
          onNote: (text) => work.progress({ text }),
        });
        const verified = got.verified ? `${got.verified.algorithm} verified; ` : '';
        return { resultPath: got.path, text: `${verified}SHA-256 ${got.sha256}` };
      });
    } finally {
      turns.give();
      downloading.delete(path);
    }
  }

  function exportToBucket(order: OrderOf<'export'>, work: Work): Promise<ActivityEnd> {
    work.afterCancel(GOES_ON);
    const { imageId, bucket, key, diskFormat, quick } = order;
    const request = { imageId, bucket, key, diskFormat, quick };
    return persistently(clouds, [order], work.signal, async (cloud) => {
      await exportImage(cloud, request, wait(work));
      await claimExport(cloud, request, { signal: work.signal });
      return { resultPath: `${bucket}/${key}` };
    });
  }

  function dispatch(order: Order, work: Work): Promise<ActivityEnd> {
    switch (order.kind) {
      case 'share':
      case 'unshare':
        return share(order, work);
      case 'copy':
      case 'promote-base':
        return copy(order, work);
      case 'copy-across':
        return copyToCloud(order, work);
      case 'promote':
        return promote(order, work);
      case 'download':
        return download(order, work);
      case 'export':
        return exportToBucket(order, work);
    }
  }

  return {
    isDownloading: (path) => downloading.has(path),
    run: async (order, work) => {
      try {
        return await dispatch(order, work);
      } finally {
        const touched =
          order.kind === 'copy-across'
            ? [order.cloud, order.to.cloud]
            : order.kind === 'download' || order.kind === 'export'
              ? []
              : [order.cloud];
        for (const cloud of new Set(touched)) changed(cloud);
      }
    },
  };
}

/** Does something for each project, and tells how many it was done for. @throws EngineError when it failed for some */
async function eachProject(
  projects: readonly string[],
  work: Work,
  one: (projectId: string) => Promise<void>,
): Promise<ActivityEnd> {
  let done = 0;
  const outcomes = await Promise.allSettled(
    projects.map(async (projectId) => {
      await one(projectId);
      done += 1;
      work.progress({ fraction: done / projects.length, ...doneOf(done, projects.length) });
    }),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const [first] = failures;
  if (first === undefined) return doneOf(done, projects.length);
  // What may only have lost its connection is decided on by others.
  const isLost =
    first instanceof ImageBridgeError && ['unavailable', 'cancelled', 'protocol'].includes(first.kind);
  if (projects.length === 1 || isLost) throw first;
  const { message, hint = '', ...problem } = problemOf(first);
  const told = `It was done for ${done} of ${projects.length} projects.`;
  throw new EngineError({
    ...problem,
    message: hint === '' ? message : message.replace(hint, '').trim(),
    hint: `${told} ${hint}`.trim(),
  });
}

/** One project needs no counting. */
const doneOf = (done: number, all: number) => (all === 1 ? {} : { text: `${done} of ${all} projects` });

const NO_BYTES = { doneBytes: undefined, totalBytes: undefined };

const jobProgress = ({ id, status, progress }: Job) => ({
  text: `job ${id}: ${status}`,
  ...(progress === undefined ? {} : { fraction: progress }),
});

/** Of what passes through this machine. The window has the words. */
const bytesProgress = (doneBytes: number, totalBytes: number): ActivityProgress => ({
  doneBytes,
  totalBytes,
  fraction: totalBytes === 0 ? 1 : doneBytes / totalBytes,
});

/** Says how far an image's way into another cloud is; what another step told is taken away. */
export function publishProgress(event: PublishEvent): ActivityProgress {
  switch (event.type) {
    case 'upload': {
      const { confirmedBytes, file, work } = event.event.snapshot;
      if (work !== undefined) return { ...NO_BYTES, fraction: work.fraction, text: work.text };
      return { ...bytesProgress(confirmedBytes, file.sizeBytes), text: undefined };
    }
    case 'import':
      return { ...NO_BYTES, fraction: undefined, ...jobProgress(event.job) };
    case 'note':
      return { text: event.text };
    default:
      return {};
  }
}
