// The deprecated native calls (seed 001 operations 36, 37 and 38).
import type { Reply } from '../../http/exchange.ts';
import { type ImsContext, isVisible, visibleImage } from './context.ts';
import { ImsError } from './errors.ts';
import { goldImages } from './gold.ts';
import type { ImageRecord } from './records.ts';
import { deleteImage } from './update.ts';
import { checksum } from './view.ts';

/** Microseconds and no zone, as these calls print times. */
const stamp = (ms: number) => new Date(ms).toISOString().replace('Z', '000');

/** `DELETE /v1.1/images/{id}`: the record stays, in status `deleted`. */
export async function softDeleteImage(context: ImsContext, id: string): Promise<void> {
  const image = context.store.image(id);
  await deleteImage(context, id);
  if (image === undefined) return;
  context.store.deleted.put({
    ...image,
    status: 'deleted',
    manifest: [],
    members: [],
    deletedAtMs: context.exchange.now,
    updatedAtMs: context.exchange.now,
  });
}

const title = (value: boolean) => (value ? 'True' : 'False');

/** `HEAD /v1/images/{id}`: everything is in the headers. */
export function headImage(context: ImsContext, id: string): Reply {
  const image = visibleImage(context, id, 404);
  const fields: Record<string, string> = {
    Id: image.id,
    Deleted: title(false),
    Container_format: 'bare',
    Checksum: checksum,
    Protected: title(image.protected),
    Min_disk: String(image.minDiskGiB),
    Created_at: stamp(image.createdAtMs),
    Size: String(image.sizeBytes),
    Status: image.status,
    Is_public: title(image.gold === true),
    Min_ram: String(image.minRamMiB),
    Owner: image.projectId,
    Updated_at: stamp(image.updatedAtMs),
    Disk_format: image.diskFormat,
    // A header has bytes, not letters: names of other scripts go out as UTF-8.
    Name: Buffer.from(image.name, 'utf8').toString('latin1'),
  };
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      'content-length': '0',
      etag: checksum,
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`x-image-meta-${name}`, value])),
    },
  };
}

function describe(image: ImageRecord): Record<string, unknown> {
  return {
    status: image.status,
    deleted_at: image.deletedAtMs === undefined ? null : stamp(image.deletedAtMs),
    name: image.name,
    deleted: image.deletedAtMs !== undefined,
    container_format: 'bare',
    created_at: stamp(image.createdAtMs),
    disk_format: image.diskFormat,
    updated_at: stamp(image.updatedAtMs),
    min_disk: image.minDiskGiB,
    protected: image.protected,
    id: image.id,
    min_ram: image.minRamMiB,
    checksum,
    owner: image.projectId,
    is_public: image.gold === true,
    virtual_size: null,
    properties: image.properties,
    size: image.sizeBytes,
  };
}

/** `GET /v1.1/images/detail`. Deleted images appear for `status=deleted` and for `changes-since`. */
export function listDetails(context: ImsContext): unknown {
  const { store, region, exchange } = context;
  const { query } = exchange;
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text !== null && !/^\d{1,15}$/.test(text)) throw new ImsError('IMG.0001');
    return text === null ? undefined : Number(text);
  };
  const sizeMin = number('size_min') ?? 0;
  const sizeMax = number('size_max') ?? Number.POSITIVE_INFINITY;
  const since = query.get('changes-since');
  const sinceMs = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
  if (Number.isNaN(sinceMs)) throw new ImsError('IMG.0001');
  const withDeleted = since !== null || query.get('status') === 'deleted';
  const images = [...store.images(), ...goldImages(region), ...(withDeleted ? store.deleted.values() : [])]
    .filter((image) => isVisible(image, context))
    .filter(
      ({ sizeBytes, updatedAtMs }) => sizeBytes >= sizeMin && sizeBytes <= sizeMax && updatedAtMs >= sinceMs,
    )
    .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1))
    .map(describe)
    .filter((image) =>
      ['name', 'container_format', 'disk_format', 'status'].every(
        (name) => query.get(name) === null || query.get(name) === image[name],
      ),
    );
  return { images };
}
