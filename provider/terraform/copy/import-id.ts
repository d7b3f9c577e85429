// Import ids of copies. Pure.
import { failure } from '@imagebridge/terraform-plugin';

const FORMS =
  'ID, CLOUD/REGION/ID, CLOUD/REGION/TARGET_REGION/ID (or TARGET_REGION@TARGET_PROJECT), or CLOUD/REGION/SOURCE_IMAGE_ID/TARGET_CLOUD/TARGET_REGION/ID; with ' +
  ':STORE,STORE after the ID of an image that lies in further stores, and :base after that of a base image';

/** What an import id says of a copy. */
export interface ImportedCopy {
  id: string;
  cloud: string | null;
  region: string | null;
  source_image_id?: string;
  target_cloud: string | null;
  target_region: string | null;
  target_project: string | null;
  to_stores: string[] | null;
  to_base_image: boolean | null;
}

/**
 * Reads the import id of a copy.
 * @throws DiagnosticError that shows the forms there are
 */
export function parseCopyId(text: string): ImportedCopy {
  const parts = text.split('/').map((part) => part.trim());
  const [id = '', suffix, ...more] = (parts.at(-1) ?? '').split(':');
  const place = parts.slice(0, -1);
  const bad = parts.includes('') || id === '' || suffix === '' || more.length > 0;
  if (bad || ![0, 2, 3, 5].includes(place.length))
    throw failure('Invalid import id', `The id must be ${FORMS}; got ${JSON.stringify(text)}.`);
  const [cloud = null, region = null, third] = place;
  const across = place.length === 5;
  const isBase = suffix === 'base';
  // Elsewhere the cloud itself tells what a copy was made from.
  const source = across ? third : suffix === undefined || isBase ? undefined : id;
  const [targetRegion, targetProject] = across ? [] : (third?.split('@') ?? []);
  return {
    id,
    cloud,
    region,
    ...(source === undefined ? {} : { source_image_id: source }),
    target_cloud: across ? (place[3] ?? null) : null,
    target_region: across ? (place[4] ?? null) : (targetRegion ?? region),
    target_project: targetProject ?? null,
    to_stores: suffix === undefined || isBase ? null : suffix.split(','),
    to_base_image: isBase ? true : null,
  };
}
