// Import ids of exports. Pure.
import { failure } from '@imagebridge/terraform-plugin';

const FORMAT = /\.(qcow2|vmdk|vhd|zvhd)$/;

/** What an import id says of an export. */
export interface ImportedExport {
  cloud: string | null;
  region: string | null;
  id: string;
  image_id: string;
  object: { bucket: string; key: string } | null;
  file: string | null;
  disk_format: string | null;
}

/**
 * Reads `IMAGE_ID:BUCKET/KEY` or `IMAGE_ID:file:PATH`, optionally after `CLOUD/REGION/`.
 * @throws DiagnosticError that shows the forms there are
 */
export function parseExportId(text: string): ImportedExport {
  const [, head = '', place = ''] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  const parts = head.split('/');
  const imageId = parts.at(-1) ?? '';
  const file = place.startsWith('file:') ? place.slice('file:'.length) : undefined;
  const [, bucket = '', key = ''] = /^([^/]+)\/(.+)$/s.exec(place) ?? [];
  const isPlace = file === undefined ? bucket !== '' && key !== '' : file !== '';
  if (parts.includes('') || ![1, 3].includes(parts.length) || !isPlace)
    throw failure(
      'Invalid import id',
      'The id must be IMAGE_ID:BUCKET/KEY or IMAGE_ID:file:PATH, optionally after CLOUD/REGION/; got ' +
        `${JSON.stringify(text)}. Exports to S3-compatible stores cannot be imported: an image id and an object do not tell the store.`,
    );
  const [cloud = null, region = null] = parts.length === 3 ? parts : [];
  return {
    cloud,
    region,
    id: file ?? `${bucket}/${key}`,
    image_id: imageId,
    object: file === undefined ? { bucket, key } : null,
    file: file ?? null,
    disk_format: file === undefined ? (FORMAT.exec(key)?.[1] ?? null) : null,
  };
}
