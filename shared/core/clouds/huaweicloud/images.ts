// Images of the adapter: list, get, delete.
import { type CallOptions, type Image, type ImageFilter, ProtocolError } from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { toImage, wireStatus } from './convert.ts';
import * as api from './ims/api.ts';
import type { Session } from './session.ts';

const PAGE_SIZE = 100;

/** Lists images page by page; the service gives no link to the next page, so the last id is the marker. */
export async function* listImages(
  session: Session,
  filter: ImageFilter = {},
  options: CallOptions = {},
): AsyncGenerator<Image> {
  // The service hides no images.
  if (filter.hidden) return;
  const projectId =
    filter.scope === 'own' || filter.scope === 'shared' ? await session.projectId(options) : undefined;
  const query = listQuery(filter, projectId);
  let marker: string | undefined;
  // Whether a page begins with its marker or after it is not documented: an image is given once in any case.
  const seen = new Set<string>();
  for (;;) {
    const request = { ...query, limit: PAGE_SIZE, marker };
    const { images: page } = await api.listCloudImages(session.ims, request, options);
    const fresh = page.filter((image) => !seen.has(image.id));
    for (const wire of fresh) {
      seen.add(wire.id);
      const image = toImage(wire);
      if (matches(image, filter, projectId)) yield image;
    }
    const last = page.at(-1)?.id;
    if (page.length < PAGE_SIZE || last === undefined) return;
    if (fresh.length === 0) {
      throw new ProtocolError({
        operation: 'list images',
        cloud: session.label,
        reason: 'the service repeats the same page',
      });
    }
    marker = last;
  }
}

/** One image; undefined when there is none. */
export async function getImage(
  session: Session,
  id: string,
  options?: CallOptions,
): Promise<Image | undefined> {
  const wire = await orUndefined(api.showImage(session.ims, { image_id: id }, options));
  return wire && toImage(wire);
}

/** Deletes an image; one that is gone already counts as deleted. */
export async function deleteImage(session: Session, id: string, options?: CallOptions): Promise<void> {
  await orUndefined(api.deleteImage(session.ims, { image_id: id }, options));
}

/** The common filters of seed 001 §5.1.1. */
function listQuery(filter: ImageFilter, projectId: string | undefined): api.ListCloudImagesRequest {
  const scopes: Record<NonNullable<ImageFilter['scope']>, api.ListCloudImagesRequest> = {
    own: { owner: projectId },
    shared: { member_status: 'accepted', visibility: 'shared', __imagetype: 'shared' },
    public: { __imagetype: 'gold', visibility: 'public', protected: true },
  };
  const status = filter.status === undefined ? undefined : wireStatus(filter.status);
  return {
    ...(filter.scope === undefined ? {} : scopes[filter.scope]),
    name: filter.name,
    status: LISTED.find((known) => known === status),
    // How a tag without a value is asked for is not documented: such a filter is applied here only.
    tag: filter.tag && filter.tag.value !== '' ? `${filter.tag.key}=${filter.tag.value}` : undefined,
  };
}

/** Statuses that the listing can be asked for; others are filtered here only. */
const LISTED = ['queued', 'saving', 'deleted', 'killed', 'active'] as const;

/** The same filter again on what came: a service that ignores a parameter must not widen the result. */
function matches(image: Image, filter: ImageFilter, projectId: string | undefined): boolean {
  if (filter.name !== undefined && image.name !== filter.name) return false;
  if (filter.status !== undefined && image.status !== filter.status) return false;
  if (filter.tag && image.tags[filter.tag.key] !== filter.tag.value) return false;
  switch (filter.scope) {
    case 'own':
      return image.ownerId === undefined || image.ownerId === projectId;
    case 'shared':
      return image.ownerId === undefined || image.ownerId !== projectId;
    case 'public':
      return image.visibility === undefined || image.visibility === 'public';
    default:
      return true;
  }
}
