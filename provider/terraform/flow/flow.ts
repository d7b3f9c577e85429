// Puts the parts around a cloud: whoever gets it calls the port as ever, and reads are shared, polls paced, copies queued.
// Imports types of the core.
import type { CallOptions, Clock, CopyRequest, ImageCloud } from '@imagebridge/core';
import { CopyQueue } from './copy-queue.ts';
import { ImageReads } from './image-reads.ts';
import { JobPolls } from './job-polls.ts';
import { ShareReads } from './share-reads.ts';
import type { Written } from './written.ts';

/** What the flow of an account needs. */
export interface FlowParts {
  /** One for all accounts of the process. */
  readonly written: Written;
  readonly clock: Clock;
  /** Makes the error of a caller that has aborted. */
  cancelled(): Error;
  /** Told of each copy to another region that has to wait for others. */
  onCopyWaits(request: CopyRequest): void;
}

type Methods = {
  [K in keyof ImageCloud as ImageCloud[K] extends (...args: never[]) => unknown ? K : never]: ImageCloud[K];
};

/**
 * Everything that makes, removes or shares: afterwards nothing is answered from what was read before. What changes one image
 * only is not among them.
 */
const WRITES: readonly (keyof Methods)[] = [
  'createFromObject',
  'createFromUrl',
  'createFromServer',
  'createFromVolume',
  'createFromBackup',
  'createFromWholeServer',
  'uploadStream',
  'uploadParts',
  'resumeParts',
  'stage',
  'cancelCreate',
  'deleteImage',
  'copyImage',
  'addShare',
  'removeShare',
  'answerShare',
  'callOperation',
];

/** Those of them that name an image first, and those that change one. */
const IMAGE_WRITES: readonly (keyof Methods)[] = [
  'updateImage',
  'setActive',
  'deleteImage',
  'cancelCreate',
  'addShare',
  'removeShare',
  'answerShare',
];

/** One account: its clouds of all regions share the queue of copies. */
export class AccountFlow {
  readonly #parts: FlowParts;
  readonly #copies: CopyQueue;
  readonly #regions = new Map<string, ImageCloud>();

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#copies = new CopyQueue(parts.onCopyWaits, parts.clock, parts.cancelled);
  }

  /** The cloud with the flow around it. */
  around(cloud: ImageCloud): ImageCloud {
    const { written, clock, cancelled } = this.#parts;
    const images = new ImageReads(cloud, written, clock, cancelled);
    const shares = new ShareReads(cloud, written, clock, cancelled);
    const jobs = new JobPolls(cloud, clock, cancelled);
    const overrides: Partial<Methods> = {
      getImage: (id, options) => images.getImage(id, options),
      getShare: (imageId, projectId, options) => shares.getShare(imageId, projectId, options),
      getJob: async (ref, options) => {
        this.#copies.saw(ref);
        const job = await jobs.getJob(ref, options);
        this.#copies.saw(ref, job);
        return job;
      },
      copyImage: (request, options) => this.#copy(cloud, request, options),
      inRegion: (region, projectName) => this.#inRegion(cloud, region, projectName),
    };
    return new Proxy(cloud, {
      get: (_, name) => {
        const replaced: unknown = Reflect.get(overrides, name);
        const found = replaced ?? Reflect.get(cloud, name, cloud);
        if (typeof found !== 'function') return found;
        if (!isOneOf(WRITES, name) && !isOneOf(IMAGE_WRITES, name)) return replaced ?? found.bind(cloud);
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const [first] = args;
          const note = () => {
            if (isOneOf(IMAGE_WRITES, name) && typeof first === 'string') written.image(first);
            if (isOneOf(WRITES, name)) written.other();
          };
          note();
          try {
            return await Reflect.apply(found, cloud, args);
          } finally {
            note();
          }
        };
      },
    });
  }

  #copy(cloud: ImageCloud, request: CopyRequest, options: CallOptions | undefined) {
    // A copy to further stores changes its source.
    this.#parts.written.image(request.sourceImageId);
    const crosses = request.region !== undefined && request.region !== cloud.region;
    return cloud.family === 'huaweicloud' && crosses
      ? this.#copies.copyImage(cloud, request, options)
      : cloud.copyImage(request, options);
  }

  #inRegion(cloud: ImageCloud, region: string, projectName: string | undefined): ImageCloud {
    const key = JSON.stringify([region, projectName]);
    const known = this.#regions.get(key);
    if (known !== undefined) return known;
    const other = this.around(cloud.inRegion(region, projectName));
    this.#regions.set(key, other);
    return other;
  }
}

const isOneOf = (names: readonly string[], name: string | symbol): boolean =>
  typeof name === 'string' && names.includes(name);
