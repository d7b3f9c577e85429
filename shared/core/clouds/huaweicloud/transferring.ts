// Copies and exports of the adapter.
import {
  type CallOptions,
  type CopyRequest,
  type ExportRequest,
  InvalidInputError,
  type JobRef,
  RefusedError,
} from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES, MAX_ORDINARY_IMPORT_BYTES, MAX_QUICK_BYTES } from './capabilities.ts';
import { toImage } from './convert.ts';
import * as api from './ims/api.ts';
import { checkDescription, checkName, unsupported } from './refusals.ts';
import type { Session } from './session.ts';

/**
 * Copies inside the region, or to another one.
 * @throws UnsupportedError, InvalidInputError before anything is sent
 */
export async function copyImage(
  session: Session,
  request: CopyRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const { sourceImageId, name, region, kmsKeyId, vaultId } = request;
  const description = request.description || undefined;
  const operation = `copy image ${sourceImageId} to ${name}`;
  const { copyToBaseImage, copyToStore } = HUAWEICLOUD_CAPABILITIES;
  if (request.toBaseImage) {
    throw unsupported(
      session,
      operation,
      'this cloud has no base images of its tenants',
      String(copyToBaseImage),
    );
  }
  if (request.toStores !== undefined && request.toStores.length > 0) {
    throw unsupported(session, operation, 'this cloud has one store in a region', String(copyToStore));
  }
  checkName(session, operation, name);
  checkDescription(session, operation, description);
  if (region === undefined || region === session.region) {
    if (vaultId !== undefined) {
      const hint = 'Copy it to another region.';
      throw unsupported(session, operation, 'a whole-server image is not copied inside its region', hint);
    }
    const body = { image_id: sourceImageId, name, description, cmk_id: kmsKeyId };
    return { id: (await api.copyInRegion(session.ims, body, options)).job_id };
  }
  if (kmsKeyId !== undefined) {
    const hint = 'Copy it without a key, then copy the copy inside that region with the key.';
    throw unsupported(session, operation, 'a copy to another region is not encrypted', hint);
  }
  const { profile } = session;
  const agencyName = request.agencyName ?? profile.agencyName;
  if (agencyName === undefined) {
    throw new InvalidInputError({
      operation: `${operation} in region ${region}`,
      cloud: session.label,
      reason: 'a copy to another region needs an agency, and none is given',
      hint: `Create an agency for the image service with the role IMS Administrator in both regions, and set agency_name in the request or in profile "${profile.name}".`,
    });
  }
  const { job_id } = await api.copyCrossRegion(
    session.ims,
    {
      image_id: sourceImageId,
      name,
      description,
      region,
      project_name: request.projectName ?? profile.regions[region]?.project ?? region,
      agency_name: agencyName,
      vault_id: vaultId,
    },
    options,
  );
  return { id: job_id };
}

const EXPORT_FORMATS = ['qcow2', 'vhd', 'zvhd', 'vmdk'] as const;

/**
 * Writes an image into a bucket. Large images are exported without conversion, the only way for them.
 * @throws RefusedError for what no export takes; InvalidInputError for a format that is missing or unknown
 */
export async function exportImage(
  session: Session,
  request: ExportRequest,
  options?: CallOptions,
): Promise<JobRef> {
  const { imageId, diskFormat } = request;
  const bucket_url = `${request.bucket}:${request.key}`;
  const operation = `export image ${imageId} to ${request.bucket}/${request.key}`;
  const base = { operation, cloud: session.label, object: imageId };
  const formats = EXPORT_FORMATS.join(', ');
  const file_format = EXPORT_FORMATS.find((known) => known === diskFormat);
  if (diskFormat !== undefined && file_format === undefined) {
    throw new InvalidInputError({
      ...base,
      reason: `images are exported as ${formats}, not as ${diskFormat}`,
    });
  }
  if (request.quick && diskFormat !== undefined) {
    const reason = 'a quick export does not convert, so it has no format to choose';
    throw new InvalidInputError({ ...base, reason, hint: 'Leave the format out, or do not ask for quick.' });
  }
  const image = toImage(await api.showImage(session.ims, { image_id: imageId }, options));
  const size = image.sizeBytes ?? 0;
  const shown = `the image has ${(size / 1024 ** 3).toFixed(1)} GiB`;
  if (size >= MAX_QUICK_BYTES) {
    const hint = 'Make a smaller image of it.';
    throw new RefusedError({ ...base, reason: `${shown}, and exports end below 1 TiB`, hint });
  }
  const quick = request.quick ?? (size > MAX_ORDINARY_IMPORT_BYTES && diskFormat === undefined);
  if (!quick && size > MAX_ORDINARY_IMPORT_BYTES) {
    throw new RefusedError({
      ...base,
      reason: `${shown}, and images of more than 128 GiB are exported without conversion only`,
      hint: 'Leave the format out, which exports it the quick way, and convert the file afterwards.',
    });
  }
  if (!quick && file_format === undefined) {
    const hint = `Give one of ${formats}, or ask for quick.`;
    throw new InvalidInputError({ ...base, reason: 'the format of the file is not given', hint });
  }
  const how = quick ? { is_quick_export: true } : { file_format };
  const body = { image_id: imageId, bucket_url, ...how };
  return { id: (await api.exportImage(session.ims, body, options)).job_id };
}
