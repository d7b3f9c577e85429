// What a cloud can do and has, as far as forms need it.
import { z } from 'zod';
import { family } from './profile.ts';

/** An ability: there, or a sentence why not and what works instead. */
const ability = z.union([z.literal(true), z.string()]);

/** Abilities and limits of a cloud. */
export const cloudView = z.object({
  name: z.string(),
  family,
  region: z.string(),
  /** Regions that the profile names. */
  regions: z.array(z.string()),
  /** By the core's names: `share`, `copyInRegion`, `copyCrossRegion`, `copyToBaseImage`, `exportImage`, `download`, `rename`, `protect` … */
  abilities: z.record(z.string(), ability),
  imageName: z.object({ pattern: z.string(), flags: z.string(), rule: z.string() }),
  description: z.object({ maxLength: z.number(), rule: z.string() }),
  importFormats: z.array(z.string()),
  isoNeedsOsVersion: z.boolean(),
  /** A copy to another region must name an agency. */
  copyNeedsAgency: z.boolean().optional(),
  maxImportSizeBytes: z.number(),
  minDiskGiB: z.object({ min: z.number(), max: z.number() }),
});
/** See `cloudView`. */
export type CloudView = z.infer<typeof cloudView>;

/** An operating system of a cloud's catalogue. */
export const osVersionView = z.object({
  platform: z.string(),
  /** What to give as `osVersion`. */
  osVersion: z.string(),
  osType: z.string(),
  osDistribution: z.string().optional(),
  architecture: z.string().optional(),
});
/** See `osVersionView`. */
export type OsVersionView = z.infer<typeof osVersionView>;

/** A limit of the project and how much of it is used. */
export const quotaView = z.object({ resource: z.string(), used: z.number(), limit: z.number() });
/** See `quotaView`. */
export type QuotaView = z.infer<typeof quotaView>;
