// What the actions share: the caller, the tenant and region that a request is about, and finding images.
import { randomInt } from 'node:crypto';
import type { ObsStore } from '../object-store/records.ts';
import type { LocalAccount } from '../options.ts';
import { ApiError } from './codes.ts';
import type { DownloadLinks } from './download.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ActionParameters } from './parameters.ts';
import type { ImageRecord, ImageStore } from './records.ts';

/** What the action API needs. */
export interface ApiOptions {
  accounts: readonly LocalAccount[];
  regions: readonly string[];
  store: ImageStore;
  objects: ObsStore;
  lifecycle: Lifecycle;
  links: DownloadLinks;
  imageQuota: number;
  maxImportSizeBytes: number;
}

/** One request of a known caller for a known region. */
export interface ActionContext extends ApiOptions {
  account: LocalAccount;
  parameters: ActionParameters;
  region: string;
  /** The tenant that the request is about; undefined: all of them, as only an administrator may ask. */
  companyId: number | undefined;
  now: number;
  takeJobFailure(): { code: string; reason: string } | undefined;
  /** A job that this call starts is never to end. */
  readonly stallsJob?: boolean | undefined;
}

/** The fields of an answer besides Action, RetCode and Message. */
export type ActionResult = Record<string, unknown>;

/**
 * The tenant that a request is about.
 * @throws ApiError 107 when it must be said and is not, 114 when it is not the caller's, 27001 when there is none
 */
export function companyOf(
  { accounts, account, parameters }: Pick<ActionContext, 'accounts' | 'account' | 'parameters'>,
  isRequired: boolean,
): number | undefined {
  const own = account.ucloudstack;
  const given = parameters.integer('CompanyID', { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (given === undefined) {
    if (isRequired) throw new ApiError(107);
    return own.admin ? undefined : own.companyId;
  }
  if (given === own.companyId) return given;
  if (!own.admin) throw new ApiError(114, `CompanyID ${given}`);
  if (!accounts.some((one) => one.ucloudstack.companyId === given)) {
    throw new ApiError(27001, `CompanyID ${given}`);
  }
  return given;
}

/** Who will own a new image. @throws ApiError 200 for a project of nobody or of another tenant, 17005 */
export function ownerOf(context: ActionContext): { companyId: number; projectId: string } {
  const { accounts, account, companyId, parameters, store, region, imageQuota } = context;
  const wanted = companyId ?? account.ucloudstack.companyId;
  const owner = accounts.find((one) => one.ucloudstack.companyId === wanted) ?? account;
  const projectId = parameters.text('ProjectID') ?? owner.ucloudstack.projectId;
  if (projectId !== owner.ucloudstack.projectId) throw new ApiError(200, `ProjectID ${projectId}`);
  const used = store
    .images()
    .filter((one) => one.region === region && one.companyId === wanted && one.type === 'Custom')
    .filter((one) => !isGoing(one) && !one.system);
  if (used.length >= imageQuota) throw new ApiError(17005, `镜像数量上限 ${imageQuota}`);
  return { companyId: wanted, projectId };
}

/** True for an image that was deleted, whether it can still be seen or not. */
export function isGoing({ phase }: ImageRecord): boolean {
  return phase === 'deleting' || phase === 'deleted' || phase === 'destroyed';
}

/** True when the request may see the image: base images are everybody's. */
export function isVisible(image: ImageRecord, { region, companyId }: ActionContext): boolean {
  if (image.region !== region) return false;
  return image.type === 'Base' || companyId === undefined || image.companyId === companyId;
}

/**
 * The image that a parameter names.
 * @throws ApiError 3, 1000, and 204 or 205 when it was deleted
 */
export function imageOf(context: ActionContext, field = 'ImageID', type?: ImageRecord['type']): ImageRecord {
  const id = context.parameters.required(field);
  const image = context.store.image(id);
  if (image === undefined || !isVisible(image, context) || (type !== undefined && image.type !== type)) {
    throw new ApiError(1000, id);
  }
  if (image.phase === 'deleting' || image.phase === 'deleted') throw new ApiError(204, id);
  if (image.phase === 'destroyed') throw new ApiError(205, id);
  return image;
}

/** The same, of an image that is ready to be used. @throws ApiError 1001 too */
export function usedImageOf(
  context: ActionContext,
  field = 'ImageID',
  type?: ImageRecord['type'],
): ImageRecord {
  const image = imageOf(context, field, type);
  if (image.phase !== 'used') throw new ApiError(1001, image.id);
  return image;
}

/** A new id in the service's form. */
export function newImageId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `image-${Array.from({ length: 14 }, () => alphabet[randomInt(alphabet.length)]).join('')}`;
}
