// Every method of the engine: what it is given and what it returns.
import { z } from 'zod';
import {
  activity,
  cloudView,
  fileEntry,
  folderView,
  historyEntry,
  historyFilter,
  imageChanges,
  imageDetail,
  imageQuery,
  imageView,
  osVersionView,
  problem,
  profileDetail,
  profileForm,
  profileTest,
  profileView,
  quotaView,
  secretStoreView,
  settings,
  settingsChange,
  taskDetail,
  taskForm,
  taskVerdict,
  taskView,
  totals,
} from './views/index.ts';

const text = z.string().max(4000);
const ids = z.strictObject({ ids: z.array(text).max(10_000) });
const nothing = z.strictObject({});
const done = z.null();
const cloudPlace = { cloud: text, region: text.optional() };
const imagePlace = { ...cloudPlace, imageId: text };
const started = z.object({ activityId: z.string() });

/** Methods by name. Each refuses by a `Problem`. */
export const METHODS = {
  /** First call of a window: everything it needs to show itself. Events that follow change it. */
  'app.hello': {
    params: z.strictObject({ contract: z.number() }),
    result: z.object({
      version: z.string(),
      /** `web`: paths come from the engine's picker; `app`: from the system's dialogs and from drops. */
      variant: z.enum(['app', 'web']),
      platform: z.string(),
      node: z.string(),
      settings,
      profiles: z.array(profileView),
      /** What the user should know of the profiles, and of the list of uploads, as sentences. */
      warnings: z.array(z.string()),
      taskWarnings: z.array(z.string()),
      tasks: z.array(taskView),
      totals,
      activities: z.array(activity),
      online: z.boolean(),
      localCloud: z.boolean(),
    }),
  },
  'app.setSettings': { params: settingsChange.strict(), result: settings },
  /** Versions, settings, profiles without secrets, tasks, the last log lines: one text without secrets. */
  'app.diagnostics': { params: nothing, result: z.object({ fileName: z.string(), text: z.string() }) },

  /** Folders that files may be picked from (web variant). */
  'files.roots': { params: nothing, result: z.object({ roots: z.array(fileEntry) }) },
  /** A folder below one of the roots. Refused elsewhere, links that lead out included. */
  'files.list': { params: z.strictObject({ path: text }), result: folderView },

  /** Adds files. Each is inspected; folders and what is no file are refused one by one. */
  'tasks.add': {
    params: z.strictObject({ paths: z.array(text).max(10_000) }),
    result: z.object({
      added: z.array(z.string()),
      refused: z.array(z.object({ path: z.string(), problem })),
    }),
  },
  /** A form that is filled in for this file and cloud: legal name, format, system, architecture, firmware, min disk, last choices. */
  'tasks.suggest': {
    params: z.strictObject({ id: text, cloud: text, region: text.optional() }),
    result: taskForm,
  },
  /** What the cloud would say. Sends nothing that changes anything. */
  'tasks.check': { params: z.strictObject({ id: text, form: taskForm }), result: taskVerdict },
  /** Puts drafts into the queue. What the cloud would refuse comes back; the others are queued. */
  'tasks.start': {
    params: z.strictObject({ tasks: z.array(z.strictObject({ id: text, form: taskForm })).max(10_000) }),
    result: z.object({ refused: z.array(z.object({ id: z.string(), problem })) }),
  },
  'tasks.pause': { params: ids, result: done },
  'tasks.resume': { params: ids, result: done },
  /** Stops, and removes from the server what is unfinished there. */
  'tasks.cancel': { params: ids, result: done },
  'tasks.retry': { params: ids, result: done },
  /** Takes tasks that are over, or drafts, off the list. */
  'tasks.remove': { params: ids, result: done },
  /** Puts a task in front of another; null: at the end. */
  'tasks.move': { params: z.strictObject({ id: text, before: text.nullable() }), result: done },
  'tasks.pauseAll': { params: nothing, result: done },
  'tasks.resumeAll': { params: nothing, result: done },
  /** The file has moved to this path; its content must be the same. */
  'tasks.locate': { params: z.strictObject({ id: text, path: text }), result: done },
  /** Sends the changed file, from the start. */
  'tasks.acceptFile': { params: z.strictObject({ id: text }), result: done },
  'tasks.detail': { params: z.strictObject({ id: text }), result: taskDetail },

  'profiles.detail': { params: z.strictObject({ name: text }), result: profileDetail },
  /** Tries a profile that is saved, or one as it is filled in. */
  'profiles.test': {
    params: z.union([z.strictObject({ name: text }), z.strictObject({ form: profileForm })]),
    result: profileTest,
  },
  /**
   * Saves a profile; its secrets go to the secret store. Refused with the kind `weak-store` where there is no keychain,
   * until `allowFile` says that the user agrees to a file.
   */
  'profiles.save': {
    params: z.strictObject({
      form: profileForm,
      overwrite: z.boolean(),
      makeDefault: z.boolean(),
      allowFile: z.boolean(),
    }),
    result: z.object({ kept: z.array(z.string()) }),
  },
  'profiles.remove': {
    params: z.strictObject({ name: text }),
    result: z.object({ notes: z.array(z.string()) }),
  },
  'profiles.secretStore': { params: nothing, result: secretStoreView },
  /** The clouds of a clouds.yaml (its text), as forms without secrets that a store has; secrets of the text stay in the engine under `importId`. */
  'profiles.readCloudsYaml': {
    params: z.strictObject({ text: z.string().max(1_000_000) }),
    result: z.object({
      importId: z.string(),
      clouds: z.array(
        z.object({ name: z.string(), fields: z.record(z.string(), z.string()), problem: problem.optional() }),
      ),
    }),
  },
  'profiles.importClouds': {
    params: z.strictObject({ importId: text, names: z.array(text), allowFile: z.boolean() }),
    result: z.object({
      imported: z.array(z.string()),
      failed: z.array(z.object({ name: z.string(), problem })),
      kept: z.array(z.string()),
    }),
  },
  /** Starts the embedded cloud, with profiles of all three families; they are there until it is stopped. */
  'localCloud.start': { params: nothing, result: z.object({ profiles: z.array(z.string()) }) },
  'localCloud.stop': { params: nothing, result: done },

  'clouds.describe': { params: z.strictObject(cloudPlace), result: cloudView },
  'clouds.osVersions': { params: z.strictObject(cloudPlace), result: z.array(osVersionView) },
  'clouds.quotas': { params: z.strictObject(cloudPlace), result: z.array(quotaView) },

  /** The first page of a listing, or, with a cursor, the next one. */
  'images.list': {
    params: z.strictObject({ query: imageQuery, cursor: text.optional() }),
    result: z.object({ images: z.array(imageView), cursor: z.string().optional() }),
  },
  'images.detail': { params: z.strictObject(imagePlace), result: imageDetail },
  'images.update': { params: z.strictObject({ ...imagePlace, changes: imageChanges }), result: imageView },
  /** `name` must be the image's name: the user has typed it. */
  'images.delete': { params: z.strictObject({ ...imagePlace, name: text }), result: done },
  'images.share': {
    params: z.strictObject({ ...imagePlace, projectIds: z.array(text).min(1).max(100) }),
    result: started,
  },
  'images.unshare': {
    params: z.strictObject({ ...imagePlace, projectIds: z.array(text).min(1).max(100) }),
    result: started,
  },
  /** The answer of this project to an image that was shared with it. */
  'images.answerShare': {
    params: z.strictObject({ ...imagePlace, answer: z.enum(['accepted', 'rejected']) }),
    result: done,
  },
  /** In the region, to another region, or to another cloud (`toCloud`). */
  'images.copy': {
    params: z.strictObject({
      ...imagePlace,
      name: text,
      description: text.optional(),
      toCloud: text.optional(),
      toRegion: text.optional(),
      agencyName: text.optional(),
      /** With `toCloud`: the system as that cloud's catalogue spells it. Absent: the nearest to what the image says. */
      system: z
        .strictObject({
          osVersion: text,
          osType: text.optional(),
          osDistribution: text.optional(),
          architecture: text.optional(),
        })
        .optional(),
    }),
    result: started,
  },
  /** UCloudStack: a base image that all tenants can be given. */
  'images.promoteToBase': { params: z.strictObject({ ...imagePlace, name: text }), result: started },
  /** Makes it the current image of a channel. */
  'images.promote': { params: z.strictObject({ ...imagePlace, channel: text }), result: started },
  /** Into a file of the engine's machine; an existing one is refused, an unfinished one is gone on with. */
  'images.download': { params: z.strictObject({ ...imagePlace, path: text }), result: started },
  'images.export': {
    params: z.strictObject({
      ...imagePlace,
      bucket: text,
      key: text,
      diskFormat: text.optional(),
      /** As it is stored, without conversion: the only way for large images. Leave `diskFormat` out then. */
      quick: z.boolean().optional(),
    }),
    result: started,
  },
  'activities.cancel': { params: z.strictObject({ id: text }), result: done },
  /** Takes one that is over off the list. */
  'activities.dismiss': { params: z.strictObject({ id: text }), result: done },

  /** The newest first. */
  'history.list': {
    params: z.strictObject({
      filter: historyFilter,
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(1000),
    }),
    result: z.object({ entries: z.array(historyEntry), total: z.number() }),
  },
  'history.export': {
    params: z.strictObject({ filter: historyFilter, format: z.enum(['csv', 'json']) }),
    result: z.object({ fileName: z.string(), text: z.string() }),
  },
  'history.clear': { params: nothing, result: done },
} as const;

/** Name of a method. */
export type MethodName = keyof typeof METHODS;
/** What a method is given. */
export type Params<M extends MethodName> = z.infer<(typeof METHODS)[M]['params']>;
/** What a method returns. */
export type Result<M extends MethodName> = z.infer<(typeof METHODS)[M]['result']>;
/** Methods that begin work which goes on by itself, as an activity. */
export type ActivityMethod = {
  [M in MethodName]: Result<M> extends { activityId: string } ? M : never;
}[MethodName];
