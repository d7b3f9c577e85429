// Exporting an image into a bucket (seed 001 operation 21).
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ImsContext, readBody, startJob, visibleImage } from './context.ts';
import { ImsError } from './errors.ts';
import type { ImageRecord } from './records.ts';

const exportSchema = z.object({
  bucket_url: z.string().optional(),
  file_format: z.string().optional(),
  is_quick_export: z.boolean().optional(),
});

const formats = ['qcow2', 'vhd', 'zvhd', 'vmdk'];
const maxQuickBytes = 2 ** 40;
const maxFileName = 128;
/** Private images made from public images of these systems stay where they are. */
const closedPlatforms = new Set(['Windows', 'SUSE', 'Red Hat', 'Ubuntu', 'Oracle Linux']);

/** @throws ImsError IMG.0077, 0047, 0046, 0128, 0167, 0079, 0071 or 0148 */
function exportable(context: ImsContext, id: string): ImageRecord {
  const image = visibleImage(context, id);
  if (image.gold) throw new ImsError('IMG.0077');
  if (image.projectId !== context.projectId) throw new ImsError('IMG.0047');
  if (image.status !== 'active') throw new ImsError('IMG.0046');
  if (image.wholeImage) throw new ImsError('IMG.0128');
  if (image.virtualEnvType === 'IsoImage') throw new ImsError('IMG.0167');
  if (image.properties.__account_code !== undefined) throw new ImsError('IMG.0079');
  if (closedPlatforms.has(image.rootPlatform ?? '')) throw new ImsError('IMG.0071');
  if (context.jobs.exporting(id)) throw new ImsError('IMG.0148');
  return image;
}

/** Where the file goes. @throws ImsError IMG.0017, 0068, 0109, 0073, 0175, 0074, 0075, 0069, 0058 or 0070 */
function target(context: ImsContext, url: string | undefined): { bucket: string; key: string } {
  const [, bucketName, key] = /^([^:]*):(.*)$/s.exec(url ?? '') ?? [];
  if (bucketName === undefined || key === undefined || url?.includes('://')) throw new ImsError('IMG.0017');
  if (bucketName === '') throw new ImsError('IMG.0068');
  if (!/^[a-z0-9.-]+$/.test(bucketName)) throw new ImsError('IMG.0109');
  const fileName = key.split('/').at(-1) ?? '';
  if (fileName === '') throw new ImsError('IMG.0073');
  if (key.includes(' ')) throw new ImsError('IMG.0175');
  if (fileName.length > maxFileName) throw new ImsError('IMG.0074');
  if (!/^[\p{L}\p{N}._/-]+$/u.test(key)) throw new ImsError('IMG.0075');
  const bucket = context.objects.buckets.get(bucketName);
  const open = bucket?.domainId === context.account.domainId && bucket.storageClass === 'STANDARD';
  if (bucket === undefined || !open) throw new ImsError('IMG.0069');
  if (bucket.region !== context.region) throw new ImsError('IMG.0058');
  if (context.objects.object(bucketName, key) !== undefined) throw new ImsError('IMG.0070');
  return { bucket: bucketName, key };
}

/** `POST /v1/cloudimages/{id}/file`. The object appears when the job ends. */
export async function exportImage(context: ImsContext, id: string): Promise<unknown> {
  const body = await readBody(context, exportSchema);
  const image = exportable(context, id);
  const quick = body.is_quick_export === true;
  if (quick && body.file_format !== undefined) throw new ImsError('IMG.0001');
  if (!quick && !formats.includes(body.file_format ?? '')) throw new ImsError('IMG.0072');
  if (image.sizeBytes > (quick ? maxQuickBytes : context.maxImportSizeBytes)) throw new ImsError('IMG.0160');
  target(context, body.bucket_url);
  const { blobs } = context.store;
  const { manifest } = image;
  blobs.retain(manifest);
  try {
    const md5 = createHash('md5');
    for await (const chunk of blobs.read(manifest)) md5.update(chunk);
    // Again, because something may have changed while the bytes were read.
    exportable(context, id);
    const where = target(context, body.bucket_url);
    const effect = { kind: 'export' as const, imageId: id, ...where, etag: md5.digest('hex') };
    return startJob(context, 'imsNativeExportImageJob', effect);
  } finally {
    blobs.release(manifest);
  }
}
