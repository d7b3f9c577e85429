// What the calls of the image service share: who asks, which images they see, and what time has brought about.
import { type Exchange, readText } from '../../http/exchange.ts';
import type { LocalAccount } from '../../options.ts';
import { GlanceError, noImage } from './errors.ts';
import type { ImageRecord, ImageStore } from './records.ts';

/** One authenticated request. */
export interface GlanceContext {
  exchange: Exchange;
  store: ImageStore;
  region: string;
  account: LocalAccount;
  projectId: string;
  isAdmin: boolean;
  jobDurationMs: number;
  maxImageSizeBytes: number;
  clock: { now(): number };
}

/** Stores of every region; the first is the default one. */
export const STORES = ['store1', 'store2'] as const;
/** Import methods of every region. */
export const METHODS = ['glance-direct', 'web-download', 'copy-image'] as const;

const maxJsonBytes = 1 << 20;

/** The body as JSON. @throws GlanceError when it is none */
export async function jsonBody({ exchange }: GlanceContext): Promise<unknown> {
  const text = await readText(exchange, maxJsonBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new GlanceError(400, text === '' ? 'Body expected in request.' : 'Malformed JSON in request body.');
  }
}

/** What the caller is to an image. */
export function mayRead({ projectId, isAdmin }: GlanceContext, image: ImageRecord): boolean {
  if (isAdmin || image.owner === projectId) return true;
  if (image.visibility === 'public' || image.visibility === 'community') return true;
  return image.visibility === 'shared' && image.members.some((member) => member.projectId === projectId);
}

/** True for the owner and the administrator. */
export const mayWrite = ({ projectId, isAdmin }: GlanceContext, image: ImageRecord): boolean =>
  isAdmin || image.owner === projectId;

/** An image that the caller sees. @throws GlanceError 404 */
export function readable(context: GlanceContext, id: string): ImageRecord {
  const image = context.store.get(context.region, id);
  if (image === undefined || !mayRead(context, image)) throw noImage(id);
  return image;
}

/** An image that the caller may change. @param action as the policies call it @throws GlanceError 404, 403 */
export function writable(context: GlanceContext, id: string, action = 'modify_image'): ImageRecord {
  const image = readable(context, id);
  if (mayWrite(context, image)) return image;
  throw new GlanceError(403, `You are not authorized to complete ${action} action.`);
}

/** A time as Glance writes it. */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** A random UUID in the usual form. */
export { randomUUID as newUuid } from 'node:crypto';
