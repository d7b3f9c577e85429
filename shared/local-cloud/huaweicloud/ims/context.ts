// What the operations of the image service share: the caller, the stores, and the body of a request.
import type { z } from 'zod';
import { BodyTooLargeError, type Exchange, readText } from '../../http/exchange.ts';
import type { ObsStore } from '../../object-store/records.ts';
import type { LocalAccount } from '../../options.ts';
import { type Inventory, inventoryOf } from '../inventory.ts';
import { ImsError } from './errors.ts';
import { goldImage } from './gold.ts';
import type { Jobs } from './jobs.ts';
import type { ImageRecord, ImsStore, JobEffect } from './records.ts';

/** What the image service of all regions needs. */
export interface ImsOptions {
  accounts: readonly LocalAccount[];
  regions: readonly string[];
  store: ImsStore;
  objects: ObsStore;
  jobs: Jobs;
  imageQuota: number;
  maxImportSizeBytes: number;
}

/** One authenticated request to the image service. */
export interface ImsContext extends ImsOptions {
  exchange: Exchange;
  region: string;
  account: LocalAccount;
  projectId: string;
}

/** Largest body, in bytes (seed 001 §3: 12 MB). */
const maxBodyBytes = 12 << 20;

/**
 * The JSON body of a request, checked.
 * @throws ImsError IMG.0007 when it is empty, IMG.0001 when it is not what the schema describes
 */
export async function readBody<T>({ exchange }: ImsContext, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readText(exchange, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw new ImsError('IMG.0001');
    throw error;
  }
  if (text.trim() === '') throw new ImsError('IMG.0007');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImsError('IMG.0001');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new ImsError('IMG.0001');
  return result.data;
}

/** True for the owner, and for those it is shared with, whatever they answered. */
export function isVisible(image: ImageRecord, { projectId, region }: ImsContext): boolean {
  return (
    image.region === region &&
    (image.gold === true ||
      image.projectId === projectId ||
      image.members.some((member) => member.projectId === projectId))
  );
}

/**
 * An image that the caller can see.
 * @throws ImsError IMG.0027
 */
export function visibleImage(context: ImsContext, id: string, status = 400): ImageRecord {
  const image = context.store.image(id) ?? goldImage(context.region, id);
  if (image === undefined || !isVisible(image, context)) throw new ImsError('IMG.0027', status);
  return image;
}

/** An image of the caller's own. @throws ImsError IMG.0027 or IMG.0047 */
export function ownImage(context: ImsContext, id: string, status = 400): ImageRecord {
  const image = visibleImage(context, id, status);
  if (image.projectId !== context.projectId) throw new ImsError('IMG.0047');
  return image;
}

/** What the caller has besides images. */
export const inventory = ({ projectId, region }: ImsContext): Inventory => inventoryOf(projectId, region);

/**
 * Checks quota and name for one more image; `ahead` is how many the request makes before this one.
 * @throws ImsError IMG.0015 or IMG.0009
 */
export function checkRoom(
  { store, imageQuota }: ImsContext,
  where: { region: string; projectId: string; name: string },
  ahead = 0,
): void {
  const own = store.images().filter((i) => i.region === where.region && i.projectId === where.projectId);
  if (own.length + ahead >= imageQuota) throw new ImsError('IMG.0015');
  if (where.name !== '' && own.some((image) => image.name === where.name)) throw new ImsError('IMG.0009');
}

/** Checks quota and names for several images at once. @throws ImsError IMG.0015 or IMG.0009 */
export function checkRoomFor(context: ImsContext, names: readonly string[]): void {
  const { region, projectId } = context;
  for (const [index, name] of names.entries()) checkRoom(context, { region, projectId, name }, index);
  if (new Set(names).size < names.length) throw new ImsError('IMG.0009');
}

/**
 * A key that an image can be encrypted with; undefined when none is named.
 * @throws ImsError IMG.0095, 0097 or 0099
 */
export function checkKey(
  cmkId: string | undefined,
  owner: { projectId: string; region: string },
): string | undefined {
  if (cmkId === undefined || cmkId === '') return undefined;
  const key = inventoryOf(owner.projectId, owner.region).keys.find(({ id }) => id === cmkId);
  if (key === undefined) throw new ImsError('IMG.0095');
  if (key.state === 'disabled') throw new ImsError('IMG.0097');
  if (key.state === 'forbidden') throw new ImsError('IMG.0099');
  return cmkId;
}

/**
 * A vault that takes whole servers.
 * @throws ImsError IMG.0184, 0193, 0188 or 0182
 */
export function checkVault(vaultId: string | undefined, owner: { projectId: string; region: string }) {
  const vault = inventoryOf(owner.projectId, owner.region).vaults.find(({ id }) => id === vaultId);
  if (vault === undefined) throw new ImsError('IMG.0184');
  if (vault.kind !== 'server') throw new ImsError('IMG.0193');
  if (vault.status !== 'available') throw new ImsError('IMG.0188');
  if (vault.full) throw new ImsError('IMG.0182');
  return vault;
}

/** Starts a job for the caller; with `subTypes`, one that has a part for each image. */
export function startJob(
  context: ImsContext,
  type: string,
  effect: JobEffect,
  subTypes?: readonly string[],
): { job_id: string } {
  const { exchange, region, projectId } = context;
  const failure = exchange.takeJobFailure();
  const owner = { region, projectId, now: exchange.now, stalled: exchange.stallsJob === true };
  return { job_id: context.jobs.start(owner, type, effect, failure, subTypes).id };
}
