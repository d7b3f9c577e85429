// A task: one file that becomes one image of one cloud, from the moment it is added until it is history.
import { z } from 'zod';
import { problem } from './problem.ts';

/**
 * Where a task stands. `draft`: inspected, and waits for the user to start it; `waiting-network`: it goes on by itself once
 * the network is back; `importing`: the service is at work; `attention`: the user has to do something.
 */
export const taskState = z.enum([
  'inspecting',
  'draft',
  'queued',
  'uploading',
  'paused',
  'waiting-network',
  'verifying',
  'completing',
  'importing',
  'done',
  'attention',
  'cancelled',
]);
/** See `taskState`. */
export type TaskState = z.infer<typeof taskState>;

/** What can be done with a task just now. `locate`: name the place the file has moved to; `accept-file`: send the file as it is now, from the start. */
export const taskAction = z.enum([
  'edit',
  'start',
  'pause',
  'resume',
  'cancel',
  'retry',
  'remove',
  'move',
  'locate',
  'accept-file',
  'sign-in',
  'open-image',
]);
/** See `taskAction`. */
export type TaskAction = z.infer<typeof taskAction>;

/** Something the user should know of a file before it is sent. */
export const finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  /** Stable and short: `qcow2-backing-file`. */
  code: z.string(),
  message: z.string(),
  /** What to do about it. Empty where nothing needs to be done. */
  remedy: z.string(),
});
/** See `finding`. */
export type Finding = z.infer<typeof finding>;

/** What the bytes of a file tell. */
export const inspectionView = z.object({
  format: z.string(),
  fileSizeBytes: z.number(),
  virtualSizeBytes: z.number(),
  boot: z.enum(['bios', 'uefi', 'bios+uefi', 'none', 'unknown']),
  encrypted: z.boolean(),
  variant: z.string().optional(),
  compression: z.string().optional(),
  partitionTable: z.string().optional(),
  volumeLabel: z.string().optional(),
  architecture: z.string().optional(),
  osType: z.string().optional(),
  osHint: z.string().optional(),
  findings: z.array(finding),
});
/** See `inspectionView`. */
export type InspectionView = z.infer<typeof inspectionView>;

/** The form: what the image shall be, and how it gets there. An absent field is left to the cloud. */
export const taskForm = z.object({
  /** Name of the profile. */
  cloud: z.string().min(1).max(200),
  region: z.string().max(200).optional(),
  name: z.string().min(1).max(300),
  description: z.string().max(4000).optional(),
  diskFormat: z.string().max(20).optional(),
  /** As the cloud's catalogue spells it. */
  osVersion: z.string().max(300).optional(),
  osType: z.string().max(100).optional(),
  osDistribution: z.string().max(100).optional(),
  architecture: z.string().max(50).optional(),
  bootMode: z.enum(['bios', 'uefi']).optional(),
  minDiskGiB: z.number().int().min(0).max(1_000_000).optional(),
  minRamMiB: z.number().int().min(0).max(100_000_000).optional(),
  tags: z.record(z.string().max(300), z.string().max(300)).optional(),
  visibility: z.string().max(50).optional(),
  protected: z.boolean().optional(),
  /** The file is the disk of data only. */
  dataDisk: z.boolean().optional(),
  route: z.enum(['auto', 'direct', 'staged']).optional(),
  /** Staging bucket of the cloud itself. */
  bucket: z.string().max(200).optional(),
  keepStaged: z.boolean().optional(),
  /** Unpack a packed file on the way. Default true. */
  unpack: z.boolean().optional(),
  /** Convert a format that the cloud does not take. Default true. */
  convert: z.boolean().optional(),
  /** When the cloud has an image of this name: `fail`, `skip` when its content is the same, or make a `new` one. */
  ifExists: z.enum(['fail', 'skip', 'new']).optional(),
  limitBytesPerSecond: z.number().positive().optional(),
});
/** See `taskForm`. */
export type TaskForm = z.infer<typeof taskForm>;

/** What a cloud would say to a file and a form, before anything is sent. */
export const taskVerdict = z.object({
  verdict: z.enum(['ok', 'refused', 'unknown']),
  /** Why it is refused; or why it is not known (the cloud cannot be reached). */
  problem: problem.optional(),
  /** The inspection's findings for this very cloud. */
  findings: z.array(finding),
  /** The format that the image will have. */
  diskFormat: z.string().optional(),
  minDiskGiB: z.number().optional(),
  /** How it would travel, as a sentence, and whether it goes on where it broke off. */
  route: z
    .object({ route: z.string(), method: z.string(), reason: z.string(), resumable: z.boolean() })
    .optional(),
  /** A legal name, where the given one is not. */
  legalName: z.string().optional(),
});
/** See `taskVerdict`. */
export type TaskVerdict = z.infer<typeof taskVerdict>;

/** How far a task is. */
export const taskProgress = z.object({
  totalBytes: z.number(),
  /** Bytes that the service has confirmed, or, of a stream, has been given. Never decreases while the server keeps its parts. */
  confirmedBytes: z.number(),
  /** Of parts that are on their way: bytes that have left this machine and are not confirmed. A pause sends them again. */
  underWayBytes: z.number().optional(),
  /** 0 to 1 of the transfer: what is confirmed. */
  fraction: z.number(),
  bytesPerSecond: z.number(),
  etaMs: z.number().optional(),
  partsTotal: z.number(),
  partsDone: z.number(),
  partSizeBytes: z.number(),
  /** False: when it is paused or breaks off, it starts again from 0. */
  resumable: z.boolean(),
  /** What it waits for most. */
  bottleneck: z.enum(['disk', 'hash', 'network', 'server', 'throttle']).optional(),
  /** How long no byte has moved, in ms. */
  stalledMs: z.number().optional(),
  /** What the service, or a conversion, does, and how far it is, 0 to 1. */
  work: z.object({ text: z.string(), fraction: z.number().optional() }).optional(),
});
/** See `taskProgress`. */
export type TaskProgress = z.infer<typeof taskProgress>;

/** A task in the list. Small, because there may be thousands. */
export const taskView = z.object({
  id: z.string(),
  /** Name of the file, and where it lies. Both may hold anything: show them as text only. */
  fileName: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  format: z.string().optional(),
  state: taskState,
  /** Place in the list; lower ones come first. */
  order: z.number(),
  /** Who began it. `other`: another program of ImageBridge on this machine (the command line, Terraform). */
  origin: z.enum(['desktop', 'other']),
  /** True while another process works on it: it can be watched and controlled. */
  elsewhere: z.boolean(),
  cloud: z.string().optional(),
  region: z.string().optional(),
  imageName: z.string().optional(),
  imageId: z.string().optional(),
  progress: taskProgress.optional(),
  problem: problem.optional(),
  /** Numbers of findings, for the list. */
  errors: z.number(),
  warnings: z.number(),
  actions: z.array(taskAction),
  /** Milliseconds since 1970. */
  addedAt: z.number(),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
});
/** See `taskView`. */
export type TaskView = z.infer<typeof taskView>;

/** Why something failed, in short. What a service has sent may be in it. */
export const timelineCause = z.object({
  reason: z.string().optional(),
  code: z.string().optional(),
  httpStatus: z.number().optional(),
  requestId: z.string().optional(),
});
/** See `timelineCause`. */
export type TimelineCause = z.infer<typeof timelineCause>;

/** A moment of an upload as data, for the window's own words. */
export const taskMoment = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    state: z.enum([
      'planned',
      'uploading',
      'paused',
      'verifying',
      'completing',
      'importing',
      'uploaded',
      'attention',
      'aborted',
    ]),
    cause: timelineCause.optional(),
  }),
  z.object({
    type: z.literal('retry'),
    /** Absent: it is not about one part. */
    partNumber: z.number().optional(),
    /** The try that failed, from 1. */
    attempt: z.number(),
    /** Until the next one. */
    waitMs: z.number(),
    cause: timelineCause,
  }),
  z.object({ type: z.literal('stalled'), stalledMs: z.number() }),
]);
/** See `taskMoment`. */
export type TaskMoment = z.infer<typeof taskMoment>;

/** Something that happened to a task. */
export const timelineEntry = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  kind: z.enum(['state', 'retry', 'stalled', 'note']),
  /** In plain English words. */
  text: z.string(),
  /** The same as data. Absent of notes. */
  moment: taskMoment.optional(),
});
/** See `timelineEntry`. */
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** Everything about one task, for its details. */
export const taskDetail = z.object({
  task: taskView,
  inspection: inspectionView.optional(),
  form: taskForm.optional(),
  /** The last notable moments, the oldest first. */
  timeline: z.array(timelineEntry),
  /** One digit for each part: 0 pending, 1 checking, 2 sending, 3 confirmed; merged to at most 1000 digits, the least of each group. */
  partStates: z.string(),
  uploadId: z.string().optional(),
  /** SHA-256 of the content in hex, when it is known. */
  sha256: z.string().optional(),
  sentBytes: z.number().optional(),
  partsSkipped: z.number().optional(),
  parallelParts: z.number().optional(),
});
/** See `taskDetail`. */
export type TaskDetail = z.infer<typeof taskDetail>;

/** All tasks together. */
export const totals = z.object({
  tasks: z.number(),
  uploading: z.number(),
  queued: z.number(),
  attention: z.number(),
  done: z.number(),
  /** Of what is queued, uploading or paused. */
  totalBytes: z.number(),
  confirmedBytes: z.number(),
  /** See `taskProgress`. */
  underWayBytes: z.number().optional(),
  bytesPerSecond: z.number(),
  etaMs: z.number().optional(),
  /** True after `tasks.pauseAll`. */
  paused: z.boolean(),
});
/** See `totals`. */
export type Totals = z.infer<typeof totals>;

/** Those of an empty list. */
export const NO_TOTALS: Totals = {
  tasks: 0,
  uploading: 0,
  queued: 0,
  attention: 0,
  done: 0,
  totalBytes: 0,
  confirmedBytes: 0,
  bytesPerSecond: 0,
  paused: false,
};
