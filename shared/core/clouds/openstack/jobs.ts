// What becomes of work that the service does on its own time: told by the image itself and its tasks.
import { type CallOptions, type Job, type JobRef, NotFoundError } from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { toImage } from './convert.ts';
import { readable } from './errors.ts';
import * as api from './glance/api.ts';
import type { Session } from './session.ts';

/** What is done already: the state of a job that needs no waiting. */
export const doneJob = (imageId: string): JobRef => ({ id: `done:${imageId}` });

/**
 * The state of an import, told by the image itself.
 * @throws NotFoundError when there is no such image
 */
export async function getJob(session: Session, ref: JobRef, options: CallOptions = {}): Promise<Job> {
  const [, kind, id, stores] = /^(image|done|stores):([^:]+)(?::(.+))?$/.exec(ref.id) ?? [];
  if (id === undefined) {
    throw new NotFoundError({
      operation: `read job ${ref.id}`,
      cloud: session.label,
      object: ref.id,
      reason: 'it is no job of this cloud',
    });
  }
  const job = { id: ref.id, type: 'import', imageIds: [id] };
  if (kind === 'done') return { ...job, status: 'succeeded', progress: 1 };
  const image = toImage(await api.showImage(session.glance, id, options));
  const there = (image.properties.stores ?? '').split(',');
  const missing = stores?.split(',').some((store) => !there.includes(store)) ?? false;
  const usable = image.status === 'active' || image.status === 'deactivated';
  if (usable && !image.properties.os_glance_importing_to_stores) {
    if (image.failureReason === undefined && !missing) return { ...job, status: 'succeeded', progress: 1 };
    if (image.failureReason !== undefined)
      return { ...job, status: 'failed', failureReason: await reasonOf(session, id, options) };
  }
  if (image.status === 'failed' || image.status === 'deleted') {
    return { ...job, status: 'failed', failureReason: `the image is ${image.rawStatus}` };
  }
  // A failed import puts the record back, or leaves it where it was, with a note; or only its task says so.
  const task = await lastTask(session, id, options);
  if (image.failureReason !== undefined || task?.status === 'failure') {
    return {
      ...job,
      status: 'failed',
      failureReason: task?.message ?? `import into store ${image.failureReason} failed`,
    };
  }
  const running = image.status !== 'pending' || task?.status === 'processing';
  return {
    ...job,
    status: running ? 'running' : 'queued',
    progress: progressOf(task?.message, image.sizeBytes),
  };
}

/** From a task's message, e.g. `Copied 15 MiB`. */
function progressOf(message: string | undefined, sizeBytes: number | undefined): number | undefined {
  const [, copied] = /^Copied (\d+) MiB/.exec(message ?? '') ?? [];
  if (copied === undefined || sizeBytes === undefined) return undefined;
  return Math.min(1, (Number(copied) * 1024 ** 2) / sizeBytes);
}

async function reasonOf(session: Session, id: string, options: CallOptions): Promise<string> {
  return (
    (await lastTask(session, id, options))?.message ?? 'the import failed, and the service does not say why'
  );
}

/** The newest task of an image; undefined where the service has no such call or none is there. */
async function lastTask(session: Session, id: string, options: CallOptions) {
  if (session.profile.dialect === 'easystack') return undefined;
  const tasks = await orUndefined(api.listTasks(session.glance, id, options));
  const sorted = [...(tasks ?? [])].sort((a, b) => String(a.created_at).localeCompare(String(b.created_at)));
  const last = sorted.at(-1);
  return last && { status: last.status ?? undefined, message: readable(last.message ?? '') || undefined };
}
