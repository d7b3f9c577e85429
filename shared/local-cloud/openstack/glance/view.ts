// An image as Glance shows it (seed 003 §4.3; Image API v2). Pure.
import { manifestSize } from '../../store/blobs.ts';
import { isoSeconds } from './context.ts';
import type { ImageRecord } from './records.ts';

/** The record on the wire. */
export function view(image: ImageRecord): Record<string, unknown> {
  const { content } = image;
  const running = image.tasks.filter((task) => task.status === 'processing').flatMap((task) => task.stores);
  const last = image.tasks.at(-1);
  const failed = last?.status === 'failure' ? last.stores : [];
  return {
    ...image.properties,
    ...(image.tasks.length === 0
      ? {}
      : {
          os_glance_importing_to_stores: running.join(','),
          os_glance_failed_import: failed.join(','),
        }),
    name: image.name,
    disk_format: image.diskFormat,
    container_format: image.containerFormat,
    visibility: image.visibility,
    size: content?.sizeBytes ?? image.staged?.sizeBytes ?? null,
    virtual_size:
      image.diskFormat === 'raw' || image.diskFormat === 'iso' ? (content?.sizeBytes ?? null) : null,
    status: image.status,
    checksum: content?.md5 ?? null,
    protected: image.protected,
    min_ram: image.minRamMiB,
    min_disk: image.minDiskGiB,
    owner: image.owner,
    os_hidden: image.hidden,
    os_hash_algo: content === undefined ? null : 'sha512',
    os_hash_value: content?.sha512 ?? null,
    id: image.id,
    created_at: isoSeconds(image.createdAtMs),
    updated_at: isoSeconds(image.updatedAtMs),
    tags: image.tags,
    ...(image.stores.length > 0 ? { stores: image.stores.join(',') } : {}),
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
  };
}

/** Bytes that an image takes in all its stores. */
export const storedBytes = (image: ImageRecord): number =>
  image.content === undefined ? 0 : manifestSize(image.content.manifest) * Math.max(1, image.stores.length);
