// Asynchronous jobs (seed 001 §5.5.1). They advance by the clock and are brought up to date when somebody looks,
// so they need no timers and go on after a restart.
import { newId } from '../../http/exchange.ts';
import type { ObsStore } from '../../object-store/records.ts';
import { type ImsCode, messageOf } from './errors.ts';
import type { ImageRecord, ImsStore, JobEffect, JobOutcome, JobRecord, MemberPair } from './records.ts';

/** The first part of a job's time that it spends in INIT. */
const initShare = 0.1;

/** Starts and settles jobs. */
export class Jobs {
  readonly #store: ImsStore;
  readonly #objects: ObsStore;
  readonly #durationMs: number;

  constructor(store: ImsStore, objects: ObsStore, durationMs: number) {
    this.#store = store;
    this.#objects = objects;
    this.#durationMs = durationMs;
  }

  /** Starts a job; an image that it makes is visible from now on. */
  start(
    owner: { region: string; projectId: string; now: number },
    type: string,
    effect: JobEffect,
    plannedFailure: JobRecord['plannedFailure'],
  ): JobRecord {
    const job = this.#store.jobs.put({
      id: newId(),
      type,
      region: owner.region,
      projectId: owner.projectId,
      createdAtMs: owner.now,
      endsAtMs: owner.now + this.#durationMs,
      effect,
      ...(plannedFailure === undefined ? {} : { plannedFailure }),
    });
    if ('image' in effect) this.#store.putImage(effect.image);
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
      if (!outcome.ok && 'image' in job.effect) this.#withdraw(job.effect);
      this.#store.jobs.put({ ...job, outcome });
    }
  }

  /** Jobs of a type that have not ended. */
  underway(projectId: string, type: string): number {
    return this.#store.jobs
      .values()
      .filter((job) => job.outcome === undefined && job.projectId === projectId && job.type === type).length;
  }

  /** A failed creation leaves no image, except a record that the user had made before. */
  #withdraw(effect: Extract<JobEffect, { image: ImageRecord }>): void {
    if (effect.kind === 'import' && effect.intoRecord) {
      this.#store.putImage({ ...effect.image, status: 'queued' });
    } else {
      this.#store.deleteImage(effect.image.id);
    }
  }

  #apply({ effect, endsAtMs }: JobRecord): JobOutcome {
    switch (effect.kind) {
      case 'import': {
        const object = this.#objects.object(effect.bucket, effect.key);
        if (object === undefined || object.etag !== effect.etag) return refused('IMG.0057');
        const { manifest, sizeBytes } = object;
        this.#activate(effect.image, { manifest, sizeBytes, diskFormat: effect.diskFormat }, endsAtMs);
        return made(effect.image, !effect.intoRecord);
      }
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

/** A job as the service shows it (seed 001 operation 29). */
export function describeJob(job: JobRecord, now: number): Record<string, unknown> {
  const total = Math.max(job.endsAtMs - job.createdAtMs, 1);
  const share = Math.min(Math.max((now - job.createdAtMs) / total, 0), 0.99);
  const { outcome } = job;
  const initial = share < initShare;
  return {
    status: outcome === undefined ? (initial ? 'INIT' : 'RUNNING') : outcome.ok ? 'SUCCESS' : 'FAIL',
    entities:
      outcome?.entities ??
      (initial ? {} : { process_percent: Math.round(share * 100) / 100, current_task: job.type }),
    job_id: job.id,
    job_type: job.type,
    begin_time: new Date(job.createdAtMs).toISOString(),
    end_time: outcome === undefined ? '' : new Date(job.endsAtMs).toISOString(),
    error_code: outcome?.errorCode ?? null,
    fail_reason: outcome?.failReason ?? null,
  };
}
