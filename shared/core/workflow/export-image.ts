// An image as an object in its own cloud's store, for clouds that give the bytes of an image in no other way.
import { createHash } from 'node:crypto';
import {
  type DiskFormat,
  type Image,
  type ImageCloud,
  type MultipartTarget,
  NotFoundError,
} from '../model/index.ts';
import { stagingKey } from './staging-key.ts';
import { cloudLabel, type WaitOptions, waitForJob } from './wait-for-job.ts';

/** An exported image. */
export interface ExportedImage {
  /** The object; whoever asked for the export removes it. */
  target: MultipartTarget;
  diskFormat: DiskFormat;
  sizeBytes: number;
}

/**
 * Exports an image to the cloud's staging bucket in a format that another cloud takes, or finds the export that an earlier
 * run made.
 * @throws JobFailedError with the service's reason; others of the port
 */
export async function exportToBucket(
  from: ImageCloud,
  image: Image,
  to: ImageCloud,
  note: (text: string) => void,
  wait: WaitOptions,
): Promise<ExportedImage> {
  const { importFormats } = to.capabilities;
  const diskFormat = ['qcow2', 'vmdk', 'vhd'].find((format) => importFormats.includes(format)) ?? 'qcow2';
  const marker = createHash('sha256').update(`export ${from.region} ${image.id}`).digest('base64url');
  const target = await from.stage({ key: stagingKey(diskFormat, marker) }, wait);
  const { bucket, key } = target.locator;
  const operation = `export image ${image.id} to ${bucket}/${key}`;
  let found = await target.head(wait);
  if (found === undefined) {
    note(`Image ${image.id} is exported to ${bucket}/${key} first.`);
    const ref = await from.exportImage({ imageId: image.id, bucket, key, diskFormat }, wait);
    await waitForJob(from, ref, operation, wait);
    found = await target.head(wait);
  }
  if (found !== undefined) return { target, diskFormat, sizeBytes: found.sizeBytes };
  throw new NotFoundError({
    operation,
    cloud: cloudLabel(from),
    object: `${bucket}/${key}`,
    reason: 'the job succeeded, but there is no such object',
  });
}
