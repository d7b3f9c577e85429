// Profiles: accounts of clouds. A secret goes to the engine and never comes back.
import { z } from 'zod';
import { problem } from './problem.ts';

/** A family of clouds. */
export const family = z.enum(['ucloudstack', 'huaweicloud', 'openstack']);
/** See `family`. */
export type Family = z.infer<typeof family>;

/** A profile in the list. */
export const profileView = z.object({
  name: z.string(),
  /** Absent: the profile does not say it, or says it wrongly. */
  family: family.optional(),
  region: z.string().optional(),
  /** Where it comes from: the profile file, the environment, clouds.yaml. */
  source: z.enum(['file', 'environment', 'clouds.yaml']),
  /** In words: the path, or the variables. */
  place: z.string(),
  isDefault: z.boolean(),
  /** False for what the file does not have: it is changed where it comes from. */
  editable: z.boolean(),
  /** True for a profile of the embedded cloud. */
  isLocal: z.boolean(),
});
/** See `profileView`. */
export type ProfileView = z.infer<typeof profileView>;

/** A profile for its form. Secrets only tell that they are there, and where. */
export const profileDetail = z.object({
  profile: profileView,
  /** By the names of the profile file, nested ones with a dot. */
  fields: z.record(z.string(), z.string()),
  secrets: z.array(
    z.object({
      field: z.string(),
      /**
       * `file`: an unencrypted one, for secrets alone; `profile`: as text in the profile itself; `variable`: the profile names
       * one of the environment; `missing`: it should be stored, and is not; `unreadable`: the keychain or file does not answer.
       */
      kind: z.enum(['keychain', 'file', 'profile', 'variable', 'missing', 'unreadable']),
      /** Path of the file, or name of the variable; of the others, in words. */
      place: z.string(),
    }),
  ),
  problem: problem.optional(),
});
/** See `profileDetail`. */
export type ProfileDetail = z.infer<typeof profileDetail>;

/** A profile as the user has filled it in. */
export const profileForm = z.object({
  name: z.string().min(1).max(100),
  family,
  fields: z.record(z.string().max(100), z.string().max(4000)),
  /** Secrets that are new. Those that are not named stay as they are. */
  secrets: z.record(z.string().max(100), z.string().max(10_000)),
});
/** See `profileForm`. */
export type ProfileForm = z.infer<typeof profileForm>;

/** What a test of a profile tried, step by step. */
export const profileTest = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      /** Key of the step's name in the window's languages, below `profileTest.`. */
      step: z.enum(['settings', 'reach', 'sign-in', 'project', 'list-images', 'upload']),
      outcome: z.enum(['works', 'failed', 'not-tried']),
      /** What was seen, e.g. the project's id or the number of images. */
      detail: z.string().optional(),
      problem: problem.optional(),
    }),
  ),
});
/** See `profileTest`. */
export type ProfileTest = z.infer<typeof profileTest>;

/** Where secrets would be kept. */
export const secretStoreView = z.object({
  kind: z.enum(['keychain', 'file']),
  /** In words. */
  place: z.string(),
  /** Why it is not the keychain. */
  reason: z.string().optional(),
});
/** See `secretStoreView`. */
export type SecretStoreView = z.infer<typeof secretStoreView>;
