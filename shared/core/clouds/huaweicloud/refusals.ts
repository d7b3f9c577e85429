// What the family cannot keep of a request is refused before anything is sent, never dropped. Imports the model.
import { type ImageDescription, InvalidInputError, UnsupportedError } from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import type { Session } from './session.ts';
import { tagProblem } from './tags.ts';

/** A refusal of what the service does not offer. */
export function unsupported(
  session: Session,
  operation: string,
  reason: string,
  hint: string,
): UnsupportedError {
  return new UnsupportedError({ operation, cloud: session.label, reason, hint });
}

/** Further words of a request that only some calls take. */
export interface CreateExtras {
  kmsKeyId?: string | undefined;
  diskId?: string | undefined;
  storageSet?: string | undefined;
}

type Field = Exclude<keyof ImageDescription, 'name' | 'description' | 'visibility'> | keyof CreateExtras;

const LATER = 'Leave it out, and set it by an update once the image is active.';
const HINTS: Readonly<Record<Field, string>> = {
  osVersion: 'Leave it out: the service finds it out by itself.',
  osType: 'Leave it out: the service finds it out by itself.',
  osDistribution: 'Leave it out: os_version names it.',
  architecture: 'Leave it out, or import a file.',
  bootMode: LATER,
  minDiskGiB: 'Leave it out: the disk itself sets it.',
  minRamMiB: LATER,
  tags: 'Leave them out.',
  protected: HUAWEICLOUD_CAPABILITIES.protect === true ? LATER : HUAWEICLOUD_CAPABILITIES.protect,
  properties: LATER,
  kmsKeyId: 'Leave it out, and copy the image inside the region with the key.',
  diskId: 'Make the image of a data disk from the volume, with dataDisk.',
  storageSet: 'Leave it out: the service chooses the place.',
};

/**
 * Refuses what a call that makes an image does not keep.
 * @param keeps the fields that it keeps, besides name, description and tags
 * @throws UnsupportedError for them; InvalidInputError for what no image may have
 */
export function checkDescribed(
  session: Session,
  operation: string,
  request: ImageDescription & CreateExtras,
  keeps: readonly Field[],
): void {
  checkName(session, operation, request.name);
  checkDescription(session, operation, request.description);
  const problem = tagProblem(request.tags ?? {});
  if (problem !== undefined) {
    throw new InvalidInputError({ operation, cloud: session.label, reason: problem });
  }
  if (request.visibility !== undefined && request.visibility !== 'private') {
    const { updateVisibility } = HUAWEICLOUD_CAPABILITIES;
    const reason = `an image is made private here, not ${request.visibility}`;
    throw unsupported(session, operation, reason, updateVisibility === true ? '' : updateVisibility);
  }
  const kept = new Set<string>(['tags', ...keeps]);
  for (const [field, hint] of Object.entries(HINTS)) {
    const value = request[field as Field];
    if (kept.has(field) || isNothing(field, value)) continue;
    throw unsupported(session, operation, `this way of making an image does not take ${field}`, hint);
  }
}

/** What is asked for by these values is what the service does anyway. */
function isNothing(field: string, value: unknown): boolean {
  if (value === undefined || value === '') return true;
  if (field === 'protected') return value === false;
  if (field === 'bootMode') return value === 'bios';
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * Refuses a name that the service would refuse.
 * @throws InvalidInputError
 */
export function checkName(session: Session, operation: string, name: string): void {
  const { pattern, rule } = HUAWEICLOUD_CAPABILITIES.imageName;
  if (pattern.test(name)) return;
  throw new InvalidInputError({
    operation,
    cloud: session.label,
    reason: `the name "${name}" is not allowed`,
    hint: `An image name has ${rule}.`,
  });
}

/**
 * Refuses a description that the service would refuse (seed 001 §9.1).
 * @throws InvalidInputError
 */
export function checkDescription(session: Session, operation: string, description: string | undefined): void {
  const { maxLength, forbidden, rule } = HUAWEICLOUD_CAPABILITIES.description;
  if (description === undefined || (description.length <= maxLength && !forbidden?.test(description))) return;
  throw new InvalidInputError({
    operation,
    cloud: session.label,
    reason: 'the description is not allowed',
    hint: `It may have ${rule}.`,
  });
}
