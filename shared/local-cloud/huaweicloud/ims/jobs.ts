// Asynchronous jobs (seed 001 §5.5.1). They advance by the clock and are brought up to date when somebody looks,
// so they need no timers and go on after a restart.
import { newId } from '../../http/exchange.ts';
import type { ObsStore } from '../../object-store/records.ts';
import { type ImsCode, messageOf } from './errors.ts';
import {
  type ImageRecord,
  type ImportItem,
  type ImsStore,
  imagesOf,
  type JobEffect,
  type JobOutcome,
  type JobRecord,
  type MemberPair,
} from './records.ts';

/** The first part of a job's time that it spends in INIT. */
const initShare = 0.1;

/** A stuck job ends after ten years, which nobody waits for. */
const neverMs = 10 * 365 * 24 * 3_600_000;

/** Starts and settles jobs. */
export class Jobs {
  readonly #store: ImsStore;
  readonly #objects: ObsStore;
  readonly #durationMs: number;

  constructor(store: ImsStore, objects: ObsStore, durationMs: number) {
    this.#store = store;
    this.#objects = objects;
    this.#durationMs = durationMs;
    this.#resume();
  }

  /** An upload that a killed process left behind can be repeated; what a job is making goes on. */
  #resume(): void {
    const underway = new Set(
      this.#store.jobs
        .values()
        .filter((job) => job.outcome === undefined)
        .flatMap((job) => imagesOf(job.effect).map((image) => image.id)),
    );
    for (const image of this.#store.images()) {
      if (image.status === 'saving' && !underway.has(image.id)) {
        this.#store.putImage({ ...image, status: 'queued' });
      }
    }
  }

  /** Starts a job; an image that it makes is visible from now on. */
  start(
    owner: { region: string; projectId: string; now: number; stalled?: boolean },
    type: string,
    effect: JobEffect,
    plannedFailure: JobRecord['plannedFailure'],
    subTypes?: readonly string[],
  ): JobRecord {
    const images = imagesOf(effect);
    const job = this.#store.jobs.put({
      id: newId(),
      type,
      region: owner.region,
      projectId: owner.projectId,
      createdAtMs: owner.now,
      endsAtMs: owner.now + (owner.stalled ? neverMs : this.#durationMs),
      effect,
      ...(subTypes === undefined
        ? {}
        : {
            subJobs: images.map((image, index) => ({
              id: newId(),
              type: subTypes[index] ?? type,
              imageId: image.id,
            })),
          }),
      ...(plannedFailure === undefined ? {} : { plannedFailure }),
    });
    for (const image of images) this.#store.putImage(image);
    return job;
  }

  /** Lets every job whose time has come take effect, in order. */
  settle(now: number): void {
    const due = this.#store.jobs.values().filter((job) => job.outcome === undefined && job.endsAtMs <= now);
    for (const job of due.sort((a, b) => a.endsAtMs - b.endsAtMs)) {
      const outcome =
        job.plannedFailure === undefined
          ? this.#apply(job)
          : failure(job.plannedFailure.code, job.plannedFailure.reason);
      if (!outcome.ok) this.#withdraw(job.effect);
      this.#store.jobs.put({ ...job, outcome });
    }
  }

  /** Jobs of a type that have not ended. */
  underway(projectId: string, type: string): number {
    return this.#store.jobs
      .values()
      .filter((job) => job.outcome === undefined && job.projectId === projectId && job.type === type).length;
  }

  /** Whether an export of an image has not ended. */
  exporting(imageId: string): boolean {
    return this.#store.jobs
      .values()
      .some(({ outcome, effect }) => !outcome && effect.kind === 'export' && effect.imageId === imageId);
  }

  /** A failed creation leaves no image, except a record that the user had made before. */
  #withdraw(effect: JobEffect): void {
    if (effect.kind === 'import' && effect.intoRecord) {
      this.#store.putImage({ ...effect.image, status: 'queued' });
    } else if (effect.kind === 'receive') {
      this.#store.putImage({ ...effect.image, status: 'killed', manifest: [], sizeBytes: 0 });
    } else {
      for (const { id } of imagesOf(effect)) this.#store.deleteImage(id);
    }
  }

  #import({ image, bucket, key, etag, diskFormat }: ImportItem, endsAtMs: number): boolean {
    const object = this.#objects.object(bucket, key);
    if (object === undefined || object.etag !== etag) return false;
    const { manifest, sizeBytes } = object;
    this.#activate(image, { manifest, sizeBytes, diskFormat }, endsAtMs);
    return true;
  }

  #apply({ effect, endsAtMs, subJobs }: JobRecord): JobOutcome {
    switch (effect.kind) {
      case 'import':
        if (!this.#import(effect, endsAtMs)) return refused('IMG.0057');
        return made(effect.image, !effect.intoRecord);
      case 'import-all':
        if (!effect.items.every((item) => this.#import(item, endsAtMs))) return refused('IMG.0057');
        return { ok: true, entities: {} };
      case 'make': {
        for (const image of effect.images) this.#activate(image, {}, endsAtMs);
        const [image] = effect.images;
        return image === undefined || subJobs !== undefined ? { ok: true, entities: {} } : made(image, true);
      }
      case 'receive':
        this.#activate(effect.image, {}, endsAtMs);
        return made(effect.image, false);
      case 'export':
        return this.#export(effect, endsAtMs);
      case 'copy': {
        const source = this.#store.image(effect.sourceImageId);
        if (source === undefined) return refused('IMG.0144');
        const { manifest, sizeBytes, sha256 } = source;
        this.#activate(effect.image, { manifest, sizeBytes, ...(sha256 ? { sha256 } : {}) }, endsAtMs);
        return made(effect.image, true);
      }
      case 'add-members':
        return this.#members(effect.pairs, (image, projectId) => [
          ...image.members.filter((member) => member.projectId !== projectId),
          image.members.find((member) => member.projectId === projectId) ?? {
            projectId,
            status: 'pending',
            createdAtMs: endsAtMs,
            updatedAtMs: endsAtMs,
          },
        ]);
      case 'remove-members': {
        const outcome = this.#members(effect.pairs, (image, projectId) =>
          image.members.filter((member) => member.projectId !== projectId),
        );
        // The service reports no results for this kind of job when all went well.
        return outcome.ok ? { ...outcome, entities: { results: [] } } : outcome;
      }
      case 'update-members':
        return this.#members(effect.pairs, (image, projectId) =>
          image.members.map((member) =>
            member.projectId === projectId
              ? { ...member, status: effect.status, updatedAtMs: endsAtMs }
              : member,
          ),
        );
    }
  }

  /** The object gets the bytes as they are kept: the embedded cloud converts no format. */
  #export({ imageId, bucket, key, etag }: Extract<JobEffect, { kind: 'export' }>, atMs: number): JobOutcome {
    const image = this.#store.image(imageId);
    if (image === undefined) return refused('IMG.0144');
    if (this.#objects.buckets.get(bucket) === undefined) return refused('IMG.0069');
    if (this.#objects.object(bucket, key) !== undefined) return refused('IMG.0070');
    const { manifest, sizeBytes } = image;
    this.#objects.putObject({
      ...{ bucket, key, manifest, sizeBytes, etag, modifiedAtMs: atMs },
      ...{ contentType: 'binary/octet-stream', storageClass: 'STANDARD', metadata: {} },
      sequence: this.#objects.nextSequence(),
    });
    return made(image, false);
  }

  #activate(draft: ImageRecord, content: Partial<ImageRecord>, atMs: number): void {
    const image = this.#store.image(draft.id) ?? draft;
    this.#store.putImage({ ...image, ...content, status: 'active', updatedAtMs: atMs, activeAtMs: atMs });
  }

  #members(
    pairs: MemberPair[],
    change: (image: ImageRecord, projectId: string) => ImageRecord['members'],
  ): JobOutcome {
    const results = pairs.map(({ imageId, projectId }) => {
      const image = this.#store.image(imageId);
      const ok = image !== undefined;
      if (ok) this.#store.putImage({ ...image, members: change(image, projectId) });
      return { image_id: imageId, project_id: projectId, status: ok ? 'success' : 'failed' };
    });
    if (results.every((result) => result.status === 'success')) return { ok: true, entities: { results } };
    return { ...refused('IMG.0027'), entities: { results } };
  }
}

function failure(code: string, reason: string): JobOutcome {
  return {
    ok: false,
    errorCode: code,
    failReason: reason,
    entities: { error_code: code, fail_reason: reason },
  };
}

const refused = (code: ImsCode) => failure(code, messageOf(code));

function made(image: ImageRecord, withName: boolean): JobOutcome {
  return {
    ok: true,
    entities: { image_id: image.id, ...(withName ? { image_name: image.name } : {}), process_percent: 1 },
  };
}

/** The states of a job, by its outcome and the share of its time that is over. */
function state(job: JobRecord, now: number) {
  const total = Math.max(job.endsAtMs - job.createdAtMs, 1);
  const share = Math.min(Math.max((now - job.createdAtMs) / total, 0), 0.99);
  const { outcome } = job;
  const initial = share < initShare;
  return {
    status: outcome === undefined ? (initial ? 'INIT' : 'RUNNING') : outcome.ok ? 'SUCCESS' : 'FAIL',
    begin_time: new Date(job.createdAtMs).toISOString(),
    end_time: outcome === undefined ? '' : new Date(job.endsAtMs).toISOString(),
    error_code: outcome?.errorCode ?? null,
    fail_reason: outcome?.failReason ?? null,
    progress: initial ? {} : { process_percent: Math.round(share * 100) / 100, current_task: job.type },
  };
}

/** A part of a job as the service shows it. */
function describeSubJob(job: JobRecord, sub: NonNullable<JobRecord['subJobs']>[number], now: number) {
  const { progress, ...rest } = state(job, now);
  const image = imagesOf(job.effect).find(({ id }) => id === sub.imageId);
  const made = job.outcome?.ok ? { image_id: sub.imageId, image_name: image?.name ?? '' } : {};
  return {
    ...rest,
    job_id: sub.id,
    job_type: sub.type,
    entities: job.outcome === undefined ? progress : made,
  };
}

/** A job as the service shows it (seed 001 operation 29). Which entities there are follows from its kind. */
export function describeJob(job: JobRecord, now: number): Record<string, unknown> {
  const { progress, ...rest } = state(job, now);
  const parts = job.subJobs && {
    sub_jobs_result: job.subJobs.map((sub) => describeSubJob(job, sub, now)),
    sub_jobs_list: job.subJobs.map((sub) => sub.id),
  };
  return {
    ...rest,
    entities: { ...(job.outcome?.entities ?? progress), ...parts },
    job_id: job.id,
    job_type: job.type,
  };
}

/** A job, or a part of one, by its id; undefined when the project has none. */
export function findJob(
  store: ImsStore,
  owner: { projectId: string; region: string },
  id: string,
  now: number,
): Record<string, unknown> | undefined {
  const own = (job: JobRecord) => job.projectId === owner.projectId && job.region === owner.region;
  const job = store.jobs.get(id);
  if (job !== undefined) return own(job) ? describeJob(job, now) : undefined;
  for (const parent of store.jobs.values()) {
    const sub = own(parent) ? parent.subJobs?.find((candidate) => candidate.id === id) : undefined;
    if (sub !== undefined) return describeSubJob(parent, sub, now);
  }
  return undefined;
}
