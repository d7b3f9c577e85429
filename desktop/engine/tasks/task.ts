// A task as the engine has it: its durable form, and the ways to make and read one. Touches nothing.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { JournalSummary } from '@imagebridge/core';
import { readStored, type StoredRequest } from '@imagebridge/core';
import {
  inspectionView,
  problem,
  type TaskForm,
  type TaskMoment,
  type TaskState,
  type TimelineEntry,
  taskForm,
  taskProgress,
  taskState,
  timelineEntry,
} from '@imagebridge/desktop-contract';
import { z } from 'zod';

/**
 * What the user is asked for while a task is in `attention`. `give-up`: to cancel it once more, or to leave on the server
 * what is there; `other-program`: only the program that began it can go on with it.
 */
const need = z.enum(['sign-in', 'accept-file', 'locate', 'edit', 'retry', 'give-up', 'other-program']);
/** See `need`. */
export type Need = z.infer<typeof need>;

/** What of a task is kept on disk. */
export const storedTask = z.object({
  id: z.string().min(1).max(100),
  path: z.string(),
  fileName: z.string(),
  /** Where the path leads to by links, if elsewhere. */
  realPath: z.string().optional(),
  sizeBytes: z.number(),
  /** Last change of the file when it was inspected, in ms since 1970. */
  mtimeMs: z.number().optional(),
  state: taskState,
  order: z.number(),
  origin: z.enum(['desktop', 'other']),
  addedAt: z.number(),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  form: taskForm.optional(),
  /** Where it goes, as far as that is known without a form. */
  place: z.object({ cloud: z.string(), region: z.string(), imageName: z.string().optional() }).optional(),
  inspection: inspectionView.optional(),
  /** Id of the upload in the core's journals. */
  uploadId: z.string().optional(),
  imageId: z.string().optional(),
  sha256: z.string().optional(),
  sentBytes: z.number().optional(),
  partsSkipped: z.number().optional(),
  problem: problem.optional(),
  need: need.optional(),
  /** It is being removed from the server: that is gone on with, whatever happens to the engine meanwhile. */
  cancelling: z.boolean().optional(),
  progress: taskProgress.optional(),
  /** Moments that no journal has: notes before and after the upload, and what the user did. */
  notes: z.array(timelineEntry),
});

/** A task. */
export type Task = z.infer<typeof storedTask> & {
  /** True while another process works on it. */
  elsewhere: boolean;
  cancelling: boolean;
};

const NOTES = 60;

/** A new task for a file. */
export function newTask(
  file: { path: string; realPath: string; sizeBytes: number },
  order: number,
  now: number,
): Task {
  return {
    id: randomUUID(),
    path: file.path,
    fileName: path.basename(file.path),
    ...(file.realPath === file.path ? {} : { realPath: file.realPath }),
    sizeBytes: file.sizeBytes,
    state: 'inspecting',
    order,
    origin: 'desktop',
    addedAt: now,
    notes: [],
    elsewhere: false,
    cancelling: false,
  };
}

/** A task for an upload that another program has begun. */
export function taskOfJournal(journal: JournalSummary, order: number): Task {
  const { file, target, uploadId } = journal;
  const stored = readStored(journal);
  return {
    id: uploadId,
    path: shownPath(file.path),
    fileName: path.basename(file.path) || uploadId,
    sizeBytes: file.sizeBytes,
    state: 'paused',
    order,
    origin: 'other',
    addedAt: journal.createdAt.getTime(),
    startedAt: journal.createdAt.getTime(),
    place: {
      cloud: stored?.cloud ?? target.cloud,
      region: stored?.region ?? target.region,
      imageName: stored?.image.name ?? (target.key || undefined),
    },
    ...formOf(journal, stored),
    uploadId,
    notes: [],
    elsewhere: false,
    cancelling: false,
  };
}

/** The form of what another program asked for, where a form can say it. */
function formOf(journal: JournalSummary, stored: StoredRequest | undefined): { form?: TaskForm } {
  if (stored === undefined || stored.staging !== undefined || stored.sha256 !== undefined) return {};
  const { image, diskFormat, route, dataDisk, bucket, keepStaged, allowTakenName, method } = stored;
  const { properties, ...described } = image;
  if (method !== undefined || Object.keys(properties ?? {}).length > 0) return {};
  const all = {
    ...{ ...described, diskFormat, route, dataDisk, bucket, keepStaged },
    cloud: stored.cloud ?? journal.target.cloud,
    region: stored.region ?? journal.target.region,
    ifExists: allowTakenName === true ? 'new' : undefined,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const form = taskForm.safeParse(given).data;
  return form === undefined ? {} : { form };
}

/** The path of a file as the user knows it: journals name what is unpacked on the way by a scheme. */
export const shownPath = (file: string): string => file.replace(/^unpacked:/, '');

/** Notes what is only words. The same words again are no news. */
export function note(task: Task, at: number, text: string): void {
  add(task, { at, kind: 'note', text });
}

/** Notes a moment that is data, too. */
export function noteMoment(task: Task, at: number, text: string, moment: TaskMoment): void {
  add(task, { at, kind: moment.type, text, moment });
}

function add(task: Task, entry: TimelineEntry): void {
  const last = task.notes.at(-1);
  if (last?.text === entry.text && last.kind === entry.kind) return;
  task.notes.push({ ...entry, text: entry.text.slice(0, 1000) });
  if (task.notes.length > NOTES) task.notes.splice(0, task.notes.length - NOTES);
}

/** Where a task goes. */
export function placeOf({ form, place }: Task): { cloud: string; region: string; imageName: string } {
  return {
    cloud: form?.cloud ?? place?.cloud ?? '',
    region: place?.region ?? form?.region ?? '',
    imageName: form?.name ?? place?.imageName ?? '',
  };
}

/** True for what nothing more is done with. */
export const isOverState = (state: TaskState): boolean => state === 'done' || state === 'cancelled';

/** True when two forms make the same image of the same cloud, so that one's upload serves the other. */
export const sameImagePlace = (a: TaskForm, b: TaskForm): boolean =>
  a.cloud === b.cloud && a.region === b.region && a.name === b.name;
