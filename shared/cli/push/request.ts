// The options of `imagebridge push`, and what they say of images and buckets. Pure.
import type { ImageDescription } from '@imagebridge/core';
import type { ProgressOptions } from '../options.ts';
import type { CommonOptions } from '../outcome.ts';

/** The options of the command. */
export interface PushOptions extends CommonOptions, ProgressOptions {
  to?: string[];
  region?: string;
  name?: string;
  description?: string;
  osVersion?: string;
  osType?: string;
  osDistribution?: string;
  architecture?: string;
  bootMode?: 'bios' | 'uefi';
  minDisk?: number;
  minRam?: number;
  visibility?: string;
  protect?: boolean;
  tag: Record<string, string>;
  property?: Record<string, string>;
  diskFormat?: string;
  unpack: boolean;
  convert: boolean;
  sha256?: string;
  ifExists: 'skip' | 'fail' | 'new';
  route: 'auto' | 'direct' | 'staged';
  bucket?: string;
  via?: string;
  keepStaged?: boolean;
  endpointUrl?: string;
  pathStyle?: boolean;
  limitRate?: number;
  partSize?: number;
  parallel?: number;
  uploads?: number;
  wait?: boolean;
  importTimeout?: number;
  dryRun?: boolean;
  result?: string;
  retryFrom?: string;
}

/** What the options say of the image; what they do not say is absent. */
export function imageOf(options: PushOptions): Omit<ImageDescription, 'name'> {
  const { description, osVersion, osType, osDistribution, architecture, bootMode, visibility } = options;
  const all: Omit<ImageDescription, 'name'> = {
    description,
    osVersion,
    osType,
    osDistribution,
    architecture,
    bootMode,
    visibility,
    minDiskGiB: options.minDisk,
    minRamMiB: options.minRam,
    tags: Object.keys(options.tag).length > 0 ? options.tag : undefined,
    properties: options.property,
    protected: options.protect,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The bucket service that the options name; the environment gives the rest. */
export const bucketPlace = (options: PushOptions) => ({
  endpoint: options.endpointUrl,
  region: options.region,
  pathStyle: options.pathStyle,
});
