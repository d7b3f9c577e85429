// Listing images: filters, order, pages (operation 54).
import { json, type Reply } from '../../http/exchange.ts';
import { listKey } from '../../store/memo.ts';
import { type GlanceContext, isoSeconds, mayWrite } from './context.ts';
import { GlanceError } from './errors.ts';
import { visibilities } from './images.ts';
import type { ImageRecord } from './records.ts';
import { view } from './view.ts';

const bad = (message: string) => new GlanceError(400, message);

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
};
const sortKeys = 'name status container_format disk_format size id created_at updated_at'.split(' ');

/** `GET /v2/images`. */
export function listImages(context: GlanceContext): Reply {
  const { query } = context.exchange;
  if (query.has('changes-since')) throw bad('The "changes-since" filter is no longer available on v2.');
  checkFilters(query);
  const limit = pageSize(query.get('limit'));
  const { store, region, projectId, isAdmin } = context;
  const rows = store.lists.get(store.version, listKey(query, region, projectId, isAdmin), () =>
    rowsOf(context),
  );
  const marker = query.get('marker');
  const at = marker === null ? -1 : rows.findIndex(({ image }) => image.id === marker);
  if (marker !== null && at < 0) throw bad(`No image found with ID ${marker}`);
  const page = rows.slice(at + 1, at + 1 + limit);
  const link = (more: Record<string, string>) => {
    const next = new URLSearchParams(query);
    next.delete('marker');
    for (const [name, value] of Object.entries(more)) next.set(name, value);
    return `/v2/images${next.size === 0 ? '' : `?${next}`}`;
  };
  const last = page.at(-1)?.image.id;
  return json(200, {
    images: page.map(({ shown: fields }) => fields),
    first: link({}),
    ...(rows.length > at + 1 + limit && last !== undefined ? { next: link({ marker: last }) } : {}),
    schema: '/v2/schemas/images',
  });
}

function rowsOf(context: GlanceContext) {
  const { query } = context.exchange;
  const rows = context.store
    .of(context.region)
    .filter((image) => isListed(context, image))
    .map((image) => ({ image, shown: view(image) }))
    .filter(({ image, shown: fields }) =>
      [...query].every(([name, value]) => matches(context, image, fields, name, value)),
    );
  for (const { key, dir } of sorting(query).toReversed()) {
    rows.sort((a, b) => compare(a.shown[key], b.shown[key]) * (dir === 'asc' ? 1 : -1));
  }
  return rows;
}

function pageSize(text: string | null): number {
  if (text === null) return 25;
  if (/^-\d+$/.test(text)) throw bad('limit param must be positive');
  if (!/^\d+$/.test(text)) throw bad('limit param must be an integer');
  return Math.min(1000, Number(text));
}

const flag = (name: string) => (value: string) =>
  /^(true|false)$/i.test(value)
    ? undefined
    : `Invalid value '${value}' for '${name}' filter. Valid values are 'true' or 'false'.`;
const number = (value: string) =>
  /^-?\d+$/.test(value) ? undefined : 'Unable to filter on a range with a non-numeric value.';
/** Filters with values of their own: what is wrong with one. */
const filterProblems: Readonly<Record<string, (value: string) => string | undefined>> = {
  visibility: (value) =>
    value === 'all' || visibilities.includes(value) ? undefined : `Invalid visibility value: ${value}`,
  member_status: (value) =>
    ['pending', 'accepted', 'rejected', 'all'].includes(value) ? undefined : `Invalid status: ${value}`,
  sort_dir: (value) => (value === 'asc' || value === 'desc' ? undefined : `Invalid sort direction: ${value}`),
  os_hidden: flag('os_hidden'),
  protected: flag('protected'),
  size_min: number,
  size_max: number,
};

function checkFilters(query: URLSearchParams): void {
  for (const [name, value] of query) {
    const problem = filterProblems[name]?.(value);
    if (problem !== undefined) throw bad(problem);
  }
}

/** What a listing shows without being asked: accepted shares, nobody's community images but one's own, nothing hidden. */
function isListed(context: GlanceContext, image: ImageRecord): boolean {
  const { query } = context.exchange;
  if (image.hidden !== (query.get('os_hidden')?.toLowerCase() === 'true')) return false;
  const visibility = query.get('visibility');
  const own = mayWrite({ ...context, isAdmin: false }, image);
  if (visibility !== null && visibility !== 'all' && image.visibility !== visibility) return false;
  if (own || image.visibility === 'public') return true;
  if (image.visibility === 'community')
    return visibility === 'community' || visibility === 'all' || context.isAdmin;
  if (context.isAdmin) return true;
  const status = query.get('member_status') ?? 'accepted';
  return (
    image.visibility === 'shared' &&
    image.members.some(
      (member) => member.projectId === context.projectId && (status === 'all' || member.status === status),
    )
  );
}

const handled = new Set('limit marker sort sort_key sort_dir visibility member_status os_hidden'.split(' '));

function matches(
  _context: GlanceContext,
  image: ImageRecord,
  fields: Record<string, unknown>,
  name: string,
  value: string,
): boolean {
  if (handled.has(name)) return true;
  if (name === 'tag') return image.tags.includes(value);
  if (name === 'size_min') return Number(fields.size ?? 0) >= Number(value);
  if (name === 'size_max') return Number(fields.size ?? 0) <= Number(value);
  if (name === 'created_at' || name === 'updated_at') {
    const [, operator = 'eq', time = ''] = /^(?:(\w+):)?(\d{4}-.*)$/.exec(value) ?? [];
    const wanted = Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`);
    const comparison = comparisons[operator];
    if (comparison === undefined || Number.isNaN(wanted)) throw bad(`Unable to filter by ${name}: ${value}`);
    const ms = name === 'created_at' ? image.createdAtMs : image.updatedAtMs;
    return comparison(Date.parse(isoSeconds(ms)), wanted);
  }
  const own = fields[name];
  const text = own === null || own === undefined ? undefined : String(own);
  if (name === 'protected') return text === value.toLowerCase();
  return value.startsWith('in:')
    ? value
        .slice(3)
        .split(',')
        .includes(text ?? '')
    : text === value;
}

function sorting(query: URLSearchParams): { key: string; dir: string }[] {
  const combined = query.get('sort');
  const keys = query.getAll('sort_key');
  if (combined !== null && keys.length > 0) throw bad('Old and new sorting syntax cannot be combined');
  const directions = query.getAll('sort_dir');
  const pairs =
    combined === null
      ? keys.map((key, index) => ({ key, dir: directions[index] ?? directions[0] ?? 'desc' }))
      : combined.split(',').map((part) => {
          const [key = '', dir = 'desc'] = part.split(':');
          return { key, dir };
        });
  for (const { key, dir } of pairs) {
    if (!sortKeys.includes(key))
      throw bad(`Invalid sort key: ${key}. It must be one of the following: ${sortKeys.join(', ')}.`);
    if (dir !== 'asc' && dir !== 'desc') throw bad(`Invalid sort direction: ${dir}`);
  }
  return pairs;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a ?? ''), String(b ?? '')];
  return left < right ? -1 : Number(left > right);
}
