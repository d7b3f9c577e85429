// Images from files (seed 000: ImportImage, CompleteImageMultipartUpload, AbortImageMultipartUpload).
import { randomUUID } from 'node:crypto';
import { ApiError } from './codes.ts';
import { contentSize, examine, maxImageGiB } from './content.ts';
import { type ActionContext, type ActionResult, imageOf, newImageId, ownerOf } from './context.ts';
import { refusalOf } from './fetch.ts';
import { descriptionOf, nameOf, osOf, supportOf, tagsOf } from './fields.ts';
import { plannedOutcome } from './make.ts';
import { mirrorBucket } from './mirror.ts';
import type { Content, ImageRecord } from './records.ts';

/** Least size of every part but the last, in bytes: that of the object store behind the service. */
const minPartBytes = 5 * 2 ** 20;
const formats: readonly string[] = ['qcow2', 'iso'];

/** ImportImage: `Remote` fetches LoadURL, `Local` opens an upload in parts. */
export function importImage(context: ActionContext): ActionResult {
  const { parameters, store, lifecycle, region, now } = context;
  const importType = parameters.choice('ImportType', ['Remote', 'Local'] as const);
  if (importType === undefined) throw new ApiError(3, 'ImportType');
  const format = formatOf(parameters.required('ImageFormat'));
  const support = supportOf(parameters);
  const draft: ImageRecord = {
    id: newImageId(),
    region,
    name: nameOf(parameters, 'ImageName'),
    description: descriptionOf(parameters),
    tags: tagsOf(parameters),
    ...osOf(parameters),
    supportQga: support.supportQga ?? false,
    supportCloudInit: support.supportCloudInit ?? false,
    bootloader: support.bootloader ?? 'bios',
    encrypted: parameters.text('Secret') !== undefined,
    type: 'Custom',
    system: false,
    format,
    importType,
    from: 'Local Upload',
    sizeGiB: sizeOf(context),
    phase: 'uploading',
    phaseBeganAtMs: now,
    createdAtMs: now,
    updatedAtMs: now,
    ...ownerOf(context),
  };
  if (importType === 'Remote') {
    const url = loadUrlOf(context);
    const failure = context.takeJobFailure();
    store.put({
      ...draft,
      phase: 'making',
      // The query of an address may grant access to it, so it is not shown.
      from: `${url.origin}${url.pathname}`,
      ...(failure === undefined
        ? { loadUrl: url.href }
        : { outcome: { ok: false, reason: failure.reason } as const }),
    });
    lifecycle.settle(now);
    return { ImageID: draft.id, Bucket: mirrorBucket };
  }
  const uploadId = openUpload(context, draft.id);
  store.put({ ...draft, uploadId });
  return { ImageID: draft.id, UploadID: uploadId, Bucket: mirrorBucket };
}

function formatOf(text: string): 'qcow2' | 'iso' {
  if (text === 'qcow2' || text === 'iso') return text;
  throw new ApiError(1003, `ImageFormat ${text}, 支持 ${formats.join(', ')}`);
}

/** ImageSize in GiB. @throws ApiError 4, 113 or 1017 */
function sizeOf({ parameters }: ActionContext): number {
  const sizeGiB = parameters.integer('ImageSize', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0;
  if (sizeGiB > maxImageGiB) throw new ApiError(1017, `ImageSize ${sizeGiB}, 上限 ${maxImageGiB} GiB`);
  return sizeGiB;
}

function loadUrlOf({ parameters }: ActionContext): URL {
  const text = parameters.required('LoadURL');
  if (!URL.canParse(text)) throw new ApiError(4, 'LoadURL');
  const url = new URL(text);
  const refusal = refusalOf(url);
  if (refusal !== undefined) throw new ApiError(113, `LoadURL ${refusal}`);
  return url;
}

/** Opens an upload to a key that is the image's id. The upload's id has the form of the store behind the service. */
function openUpload({ objects, now }: ActionContext, imageId: string): string {
  const nanoseconds = `${now}${String(objects.nextSequence() % 1_000_000).padStart(6, '0')}`;
  const uploadId = Buffer.from(`${randomUUID()}.${randomUUID()}x${nanoseconds}`).toString('base64url');
  objects.addUpload({
    bucket: mirrorBucket,
    key: imageId,
    contentType: 'binary/octet-stream',
    storageClass: 'STANDARD',
    metadata: {},
    sequence: objects.nextSequence(),
    uploadId,
    initiatedAtMs: now,
  });
  return uploadId;
}

/** @throws ApiError 201 when the image has no open upload, 200 when it is another one */
function uploadOf(image: ImageRecord, given: string | undefined): string {
  if (image.phase !== 'uploading' || image.uploadId === undefined) throw new ApiError(201, image.id);
  if (given !== undefined && given !== image.uploadId) throw new ApiError(200, 'UploadID');
  return image.uploadId;
}

/** CompleteImageMultipartUpload: takes no list of parts, so it takes all there are, which must be numbered without gaps. */
export async function completeUpload(context: ActionContext): Promise<ActionResult> {
  const { parameters, store, objects, maxImportSizeBytes, now } = context;
  const given = parameters.required('UploadID');
  const image = imageOf(context, 'ImageID', 'Custom');
  const uploadId = uploadOf(image, given);
  const parts = objects.partsOf(uploadId);
  if (parts.length === 0) throw new ApiError(113, '没有已上传的分片');
  const gap = parts.findIndex((part, index) => part.partNumber !== index + 1);
  if (gap >= 0) throw new ApiError(113, `缺少分片 ${gap + 1}`);
  const small = parts.slice(0, -1).find((part) => part.segment.sizeBytes < minPartBytes);
  if (small !== undefined) throw new ApiError(113, `分片 ${small.partNumber} 小于 ${minPartBytes} 字节`);
  const manifest = parts.map((part) => part.segment).filter((segment) => segment.sizeBytes > 0);
  const content: Content = { kind: 'stored', manifest };
  if (contentSize(content) > maxImportSizeBytes) throw new ApiError(1017, `上限 ${maxImportSizeBytes} 字节`);
  // A part may be sent again, or the upload be ended by another request, while the file is being examined.
  store.blobs.retain(manifest);
  try {
    const outcome = plannedOutcome(context, await examine(store.blobs, content, image));
    const current = imageOf(context, 'ImageID', 'Custom');
    uploadOf(current, uploadId);
    const { uploadId: _, ...rest } = current;
    store.put({ ...rest, phase: 'making', phaseBeganAtMs: now, updatedAtMs: now, outcome });
  } finally {
    store.blobs.release(manifest);
  }
  objects.deleteUpload(uploadId);
  return {};
}

/** AbortImageMultipartUpload: the parts and the image go away. UploadID need not be said. */
export function abortUpload(context: ActionContext): ActionResult {
  const image = imageOf(context, 'ImageID', 'Custom');
  const uploadId = uploadOf(image, context.parameters.text('UploadID'));
  context.lifecycle.remove(image, context.now);
  context.objects.deleteUpload(uploadId);
  return {};
}
