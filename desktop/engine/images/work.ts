// What is done with images and takes a while: each as an activity, by the workflows of the core.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type CopyAcrossRequest,
  checkCopy,
  checkCopyAcross,
  checkPromotion,
  claimExport,
  claimImage,
  copyAcross,
  copyImage,
  downloadToFile,
  exportImage,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  type Job,
  LocalFileError,
  type PublishEvent,
  promoteImage,
  shareImage,
  unshareImage,
} from '@imagebridge/core';
import { EngineError, type Params } from '@imagebridge/desktop-contract';
import type { Activities, ActivityEnd, NewActivity, Work } from '../activities/activities.ts';
import type { EngineContext, HandlersOf } from '../context.ts';
import { problemOf } from '../problem.ts';
import { type Place, persistently } from './persist.ts';
import { systemFor } from './system.ts';

const GOES_ON = 'It is not waited for any more; the cloud may go on with it.';

type Handlers = Pick<
  HandlersOf<'images'>,
  | 'images.share'
  | 'images.unshare'
  | 'images.copy'
  | 'images.promoteToBase'
  | 'images.promote'
  | 'images.download'
  | 'images.export'
>;

/** What the activities are given. */
export interface WorkParts {
  context: EngineContext;
  activities: Activities;
  /** The image, asked for now. @throws NotFoundError */
  imageOf(cloud: ImageCloud, imageId: string, signal: AbortSignal): Promise<Image>;
  /** Tells that images of a cloud have changed. */
  changed(cloud: string): void;
}

/** Makes the handlers that begin activities. What can be refused at once is refused by the call itself. */
export function workHandlers({ context, activities, imageOf, changed }: WorkParts): Handlers {
  const { clouds, clock, engine, log } = context;
  const downloading = new Set<string>();

  /** The activity's line, and its image. */
  async function about(
    place: Place & { imageId: string },
    signal: AbortSignal,
  ): Promise<{ cloud: ImageCloud; image: Image; line: Omit<NewActivity, 'kind' | 'canCancel'> }> {
    const cloud = await clouds.open(place.cloud, place.region);
    const image = await imageOf(cloud, place.imageId, signal);
    const line = { cloud: place.cloud, region: cloud.region, imageId: image.id, imageName: image.name };
    return { cloud, image, line };
  }

  const start = (
    line: NewActivity,
    touches: readonly string[],
    run: (work: Work) => Promise<ActivityEnd>,
  ): { activityId: string } => ({
    activityId: activities.start(line, async (work) => {
      try {
        return await run(work);
      } finally {
        for (const cloud of new Set(touches)) changed(cloud);
      }
    }),
  });

  const wait = (work: Work) => ({
    signal: work.signal,
    clock,
    onJob: (job: Job) => work.progress(jobProgress(job)),
  });

  /** The copy is recorded here: a later one of the same name is another one. */
  async function claim(cloud: ImageCloud, image: Image, signal: AbortSignal): Promise<void> {
    try {
      if (await claimImage(cloud, image, { stateDir: engine.stateDir, signal })) return;
      log.warn(
        `Image ${image.id} of ${cloud.name} could not be claimed; a copy of the same name may adopt it.`,
      );
    } catch (error) {
      log.warn(problemOf(error).message);
    }
  }

  function shares(kind: 'share' | 'unshare') {
    return async (params: Params<'images.share'>, signal: AbortSignal) => {
      const { cloud, image, line } = await about(params, signal);
      const projects = [...new Set(params.projectIds)];
      if (kind === 'share') refuseWithout(cloud, 'share', `share image ${image.id}`);
      const target = projects.length === 1 ? projects[0] : `${projects.length} projects`;
      return start({ ...line, kind, target, canCancel: true }, [params.cloud], async (work) => {
        work.afterCancel(GOES_ON);
        return persistently(clouds, [params], work.signal, (opened) =>
          eachProject(projects, work, async (projectId) => {
            const { signal: call } = work;
            if (kind === 'share') await shareImage(opened, image.id, projectId, { signal: call, clock });
            else await unshareImage(opened, image.id, projectId, { signal: call, clock });
          }),
        );
      });
    };
  }

  async function copyInCloud(params: Params<'images.copy'>, signal: AbortSignal) {
    const { cloud, image, line } = await about(params, signal);
    const { name, description, agencyName, toRegion } = params;
    const request = { sourceImageId: image.id, name, description, agencyName, region: toRegion };
    checkCopy(cloud, request);
    const target = `${params.cloud}/${toRegion ?? cloud.region}`;
    return start({ ...line, kind: 'copy', target, canCancel: true }, [params.cloud], (work) => {
      work.afterCancel(GOES_ON);
      return persistently(clouds, [params], work.signal, async (opened) => {
        const made = await copyImage(opened, request, { ...wait(work), stateDir: engine.stateDir });
        await claim(made.target, made.image, work.signal);
        return { resultImageId: made.image.id };
      });
    });
  }

  async function copyToCloud(params: Params<'images.copy'>, toCloud: string, signal: AbortSignal) {
    const { cloud, image, line } = await about(params, signal);
    const goal: Place = { cloud: toCloud, region: params.toRegion };
    const to = await clouds.open(goal.cloud, goal.region);
    const { name, description } = params;
    checkCopyAcross(cloud, to, { name });
    const wanted = {
      name,
      ...(description === undefined ? {} : { description }),
      ...(params.system ?? (await systemFor(to, image, signal))),
    };
    const target = `${toCloud}/${to.region}`;
    return start(
      { ...line, kind: 'copy-across', target, canCancel: true },
      [params.cloud, toCloud],
      (work) => {
        work.afterCancel(GOES_ON);
        return persistently(clouds, [params, goal], work.signal, async (source, dest) => {
          const request: CopyAcrossRequest = {
            sourceImageId: image.id,
            image: wanted,
            onEvent: (event) => work.progress(publishProgress(event)),
            onUpload: (upload) => {
              work.afterCancel('What had been sent is removed again.');
              work.onCancel(() => upload.abort());
            },
            signal: work.signal,
          };
          const made = await copyAcross(source, dest, request, engine);
          await claim(dest, made.image, work.signal);
          return { resultImageId: made.image.id };
        });
      },
    );
  }

  return {
    'images.share': shares('share'),
    'images.unshare': shares('unshare'),

    'images.copy': (params, signal) =>
      params.toCloud === undefined || params.toCloud === params.cloud
        ? copyInCloud(params, signal)
        : copyToCloud(params, params.toCloud, signal),

    'images.promoteToBase': async (params, signal) => {
      const { cloud, image, line } = await about(params, signal);
      const request = { sourceImageId: image.id, name: params.name, toBaseImage: true };
      checkCopy(cloud, request);
      const given = { ...line, kind: 'promote-base', target: params.name, canCancel: true } as const;
      return start(given, [params.cloud], (work) => {
        work.afterCancel(GOES_ON);
        return persistently(clouds, [params], work.signal, async (opened) => {
          const made = await copyImage(opened, request, { ...wait(work), stateDir: engine.stateDir });
          await claim(opened, made.image, work.signal);
          return { resultImageId: made.image.id };
        });
      });
    },

    'images.promote': async (params, signal) => {
      const { cloud, image, line } = await about(params, signal);
      checkPromotion(cloud, image, params.channel);
      // Half a promotion leaves a channel with two images: it is not stopped in between.
      const given = { ...line, kind: 'promote', target: params.channel, canCancel: false } as const;
      return start(given, [params.cloud], (work) =>
        persistently(clouds, [params], work.signal, async (opened) => {
          const { previous } = await promoteImage(opened, image, params.channel, {
            signal: work.signal,
            clock,
          });
          const before = previous === undefined ? '' : `The image before it was ${previous.id}.`;
          return { resultImageId: image.id, ...(before === '' ? {} : { text: before }) };
        }),
      );
    },

    'images.download': async (params, signal) => {
      const { cloud, image, line } = await about(params, signal);
      const operation = `download image ${image.id} to ${params.path}`;
      refuseWithout(cloud, 'download', operation);
      await refuseFile(params.path, operation);
      if (downloading.has(params.path)) throw alreadyGoing(params.path);
      downloading.add(params.path);
      const given = { ...line, kind: 'download', target: params.path, canCancel: true } as const;
      return start(given, [], async (work) => {
        work.afterCancel(
          `What came so far is in ${params.path}.part; a download to the same file goes on with it.`,
        );
        try {
          return await persistently(clouds, [params], work.signal, async (opened) => {
            const got = await downloadToFile(opened, {
              imageId: image.id,
              path: params.path,
              signal: work.signal,
              clock,
              onProgress: ({ gotBytes, sizeBytes, state, retry }) =>
                work.progress({
                  fraction: sizeBytes === 0 ? 1 : gotBytes / sizeBytes,
                  text:
                    retry === undefined ? `${state}: ${gotBytes} of ${sizeBytes} bytes` : retry.error.message,
                }),
              onNote: (text) => work.progress({ text }),
            });
            const verified = got.verified ? `${got.verified.algorithm} verified; ` : '';
            return { resultPath: got.path, text: `${verified}SHA-256 ${got.sha256}` };
          });
        } finally {
          downloading.delete(params.path);
        }
      });
    },

    'images.export': async (params, signal) => {
      const { cloud, image, line } = await about(params, signal);
      const { bucket, key, diskFormat = 'qcow2' } = params;
      refuseWithout(cloud, 'exportImage', `export image ${image.id} to ${bucket}/${key}`);
      const request = { imageId: image.id, bucket, key, diskFormat };
      const place = `${bucket}/${key}`;
      return start({ ...line, kind: 'export', target: place, canCancel: true }, [], (work) => {
        work.afterCancel(GOES_ON);
        return persistently(clouds, [params], work.signal, async (opened) => {
          await exportImage(opened, request, wait(work));
          await claimExport(opened, request, { signal: work.signal });
          return { resultPath: place };
        });
      });
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
      work.progress({ fraction: done / projects.length, text: `${done} of ${projects.length}` });
    }),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const [first] = failures;
  if (first === undefined) return { text: `${done} of ${projects.length}` };
  if (projects.length === 1 || isRepeatable(first)) throw first;
  const problem = problemOf(first);
  throw new EngineError({
    ...problem,
    message: `It was done for ${done} of ${projects.length} projects. ${problem.message}`,
  });
}

/** Failures that `persistently`, or a cancellation, decides on. */
const isRepeatable = (error: unknown): boolean =>
  error instanceof ImageBridgeError && ['unavailable', 'cancelled', 'protocol'].includes(error.kind);

function jobProgress({ id, status, progress }: Job) {
  return { text: `job ${id}: ${status}`, ...(progress === undefined ? {} : { fraction: progress }) };
}

function publishProgress(event: PublishEvent): { fraction?: number; text?: string } {
  switch (event.type) {
    case 'upload': {
      const { confirmedBytes, file } = event.event.snapshot;
      const text = `${confirmedBytes} of ${file.sizeBytes} bytes sent`;
      return { text, fraction: file.sizeBytes === 0 ? 1 : confirmedBytes / file.sizeBytes };
    }
    case 'import':
      return jobProgress(event.job);
    case 'note':
      return { text: event.text };
    default:
      return {};
  }
}

function refuseWithout(
  cloud: ImageCloud,
  ability: 'share' | 'download' | 'exportImage',
  operation: string,
): void {
  const said = cloud.capabilities[ability];
  if (said === true) return;
  throw new EngineError({
    kind: 'unsupported',
    message: `Could not ${operation}: this cloud does not offer it. ${said}`,
    hint: said,
    cloud: `${cloud.family} "${cloud.name}" (${cloud.region})`,
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
