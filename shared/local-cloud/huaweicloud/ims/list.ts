// Listing images (seed 001 operations 14 and 30).
import { listKey } from '../../store/memo.ts';
import type { ImsContext } from './context.ts';
import { ImsError } from './errors.ts';
import { goldImages } from './gold.ts';
import type { ImageRecord } from './records.ts';
import { describeImage } from './view.ts';

/** Filters that compare a field of the image object with the text of the query. */
const fieldFilters = [
  ...['id', 'name', 'status', 'owner', 'visibility', 'protected', 'container_format', 'disk_format'],
  ...['min_ram', 'min_disk', 'virtual_env_type', '__imagetype', '__isregistered', '__os_bit', '__os_type'],
  ...['__platform', '__whole_image', '__system__cmkid', '__support_kvm', '__support_xen'],
  ...['__support_largememory', '__support_diskintensive', '__support_highperformance', '__support_xen_hana'],
  ...['__support_kvm_infiniband', '__support_xen_gpu_type', '__support_kvm_gpu_type'],
];

const sortFields: Record<string, (image: ImageRecord) => string | number> = {
  name: (image) => image.name,
  container_format: () => 'bare',
  disk_format: (image) => image.diskFormat,
  status: (image) => image.status,
  id: (image) => image.id,
  size: (image) => image.sizeBytes,
  created_at: (image) => image.createdAtMs,
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
};

const seconds = (ms: number) => Math.floor(ms / 1000);

function timeFilter(text: string): (ms: number) => boolean {
  const [, operator = '', time = ''] = /^(\w+):(.+)$/.exec(text) ?? [];
  const compare = comparisons[operator];
  const wanted = Date.parse(time.replace(/^(\d{4}-\d\d-\d\d) (\S+)$/, '$1T$2Z'));
  if (compare === undefined || Number.isNaN(wanted)) throw new ImsError('IMG.0001');
  return (ms) => compare(seconds(ms), seconds(wanted));
}

/** The images that a caller sees in a list: own ones, public ones, and shared ones by the answer that was given. */
function candidates({ store, region, projectId, exchange }: ImsContext): ImageRecord[] {
  const { query } = exchange;
  const answer = query.get('member_status');
  // member_status counts only together with visibility=shared, and then own images are not meant.
  const byAnswer = answer !== null && query.get('visibility') === 'shared';
  return [...store.images(), ...goldImages(region)].filter((image) => {
    if (image.region !== region) return false;
    if (image.gold) return !byAnswer;
    if (image.projectId === projectId) return !byAnswer;
    const member = image.members.find((candidate) => candidate.projectId === projectId);
    return member?.status === (byAnswer ? answer : 'accepted');
  });
}

function filtered(context: ImsContext): ImageRecord[] {
  const { query } = context.exchange;
  let images = candidates(context);
  const answer = query.get('member_status');
  if (answer !== null && !['accepted', 'rejected', 'pending'].includes(answer))
    throw new ImsError('IMG.0001');
  const wanted = fieldFilters.flatMap((field) => {
    const text = query.get(field);
    const isBoolean = field === 'protected' || field === '__whole_image';
    return text === null ? [] : [{ field, text: isBoolean ? text.toLowerCase() : text }];
  });
  if (wanted.length > 0) {
    images = images.filter((image) => {
      const object = describeImage(image);
      return wanted.every(({ field, text }) => {
        const value = object[field] ?? (field === '__whole_image' ? false : '');
        return String(value) === text;
      });
    });
  }
  for (const tag of query.getAll('tag')) {
    const [, key = tag, value = ''] = /^([^=]*)=(.*)$/s.exec(tag) ?? [];
    images = images.filter((image) => Object.hasOwn(image.tags, key) && image.tags[key] === value);
  }
  const created = query.get('created_at');
  const updated = query.get('updated_at');
  if (created !== null) {
    const test = timeFilter(created);
    images = images.filter((image) => test(image.createdAtMs));
  }
  if (updated !== null) {
    const test = timeFilter(updated);
    images = images.filter((image) => test(image.updatedAtMs));
  }
  return images;
}

function sorted(context: ImsContext, images: ImageRecord[]): ImageRecord[] {
  const { query } = context.exchange;
  const field = sortFields[query.get('sort_key') ?? 'created_at'];
  const direction = query.get('sort_dir') ?? 'desc';
  if (field === undefined || !['asc', 'desc'].includes(direction)) throw new ImsError('IMG.0001');
  const sign = direction === 'asc' ? 1 : -1;
  const order = (a: string | number, b: string | number) => (a < b ? -1 : Number(a > b));
  return images.sort((a, b) => sign * order(field(a), field(b)) || order(a.id, b.id));
}

/** One page, and whether there is more. @throws ImsError IMG.0001, IMG.0027 for an unknown marker */
function page(
  context: ImsContext,
  defaultLimit: number,
): { images: ImageRecord[]; more: boolean; limit: number } {
  const { query } = context.exchange;
  const limitText = query.get('limit') ?? String(defaultLimit);
  if (!/^\d{1,6}$/.test(limitText)) throw new ImsError('IMG.0001');
  const limit = Math.min(Number(limitText), 1000);
  const { store, region, projectId } = context;
  const key = listKey(query, region, projectId);
  const all = store.lists.get(store.version, key, () => sorted(context, filtered(context)));
  const marker = query.get('marker');
  const index = marker === null ? -1 : all.findIndex((image) => image.id === marker);
  if (marker !== null && index < 0) throw new ImsError('IMG.0027');
  const images = all.slice(index + 1, index + 1 + limit);
  return { images, limit, more: index + 1 + images.length < all.length };
}

/** `GET /v2/cloudimages`: no link to the next page, and pages of up to 500. */
export function listCloudImages(context: ImsContext): unknown {
  return { images: page(context, 500).images.map(describeImage) };
}

/**
 * `GET /v2/images`: with a relative link to the next page, and pages of up to 25. The header X-Api-Version may ask for
 * a later edition (seed 001 §6.1.1); the documents name no field that differs, so both editions are one here.
 */
export function listNativeImages(context: ImsContext): unknown {
  const { images, more } = page(context, 25);
  const query = new URLSearchParams(context.exchange.query);
  const link = () => (query.size === 0 ? '/v2/images' : `/v2/images?${query}`);
  query.delete('marker');
  const first = link();
  query.set('marker', images.at(-1)?.id ?? '');
  return {
    first,
    ...(more && images.length > 0 ? { next: link() } : {}),
    schema: '/v2/schemas/images',
    images: images.map(describeImage),
  };
}
