// Changing images: what the service changes, and the refusal of the rest (operation 15).
import type { CallOptions, Image, ImageChanges } from '../../model/index.ts';
import { HUAWEICLOUD_CAPABILITIES } from './capabilities.ts';
import { toImage } from './convert.ts';
import * as api from './ims/api.ts';
import { checkDescription, checkName, unsupported } from './refusals.ts';
import type { Session } from './session.ts';

/**
 * Changes an image; asks for it first, because a property that is there is replaced and another one added.
 * @throws UnsupportedError for what the service does not change, unless the image has it already; InvalidInputError
 */
export async function updateImage(
  session: Session,
  id: string,
  changes: ImageChanges,
  options?: CallOptions,
): Promise<Image> {
  const operation = `update image ${id}`;
  if (changes.name !== undefined) checkName(session, operation, changes.name);
  checkDescription(session, operation, changes.description ?? undefined);
  const present = await api.showImage(session.ims, { image_id: id }, options);
  const image = toImage(present);
  refuseFixed(session, operation, changes, image);
  const patches: api.ImageChange[] = [];
  const change = (property: string, value: string | null | undefined) => {
    if (value === undefined) return;
    const path = `/${property.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    const exists = present[property] !== undefined && present[property] !== null;
    if (value !== null) patches.push({ op: exists ? 'replace' : 'add', path, value });
    else if (exists) patches.push({ op: 'remove', path });
  };
  change('name', changes.name);
  change('__description', changes.description);
  change('min_ram', changes.minRamMiB === undefined ? undefined : String(changes.minRamMiB));
  // An image without the property boots by BIOS.
  if (changes.bootMode !== (image.bootMode ?? 'bios')) change('hw_firmware_type', changes.bootMode);
  for (const [property, value] of Object.entries(changes.properties ?? {})) change(property, value);
  if (patches.length === 0) return image;
  return toImage(await api.updateCloudImage(session.ims, { image_id: id, changes: patches }, options));
}

const ANEW = 'Make the image anew.';

/** Refuses what no documented call changes (seed 001 §5.1.2, §6.1.3); what is so already needs no change. */
function refuseFixed(session: Session, operation: string, changes: ImageChanges, image: Image): void {
  const { protect, updateTags, updateVisibility } = HUAWEICLOUD_CAPABILITIES;
  const fixed: readonly (readonly [string, unknown, unknown, true | string])[] = [
    ['os_type', changes.osType, image.osType, ANEW],
    ['os_distribution', changes.osDistribution, image.osDistribution, 'Leave it out: os_version names it.'],
    ['os_version', changes.osVersion, image.osVersion, ANEW],
    ['architecture', changes.architecture, image.architecture, ANEW],
    ['min_disk', changes.minDiskGiB, image.minDiskGiB, ANEW],
    ['protected', changes.protected, image.protected ?? false, protect],
    ['visibility', changes.visibility, image.visibility ?? 'private', updateVisibility],
  ];
  for (const [field, wanted, present, hint] of fixed) {
    if (wanted === undefined || wanted === present) continue;
    throw unsupported(
      session,
      operation,
      `the service does not change ${field} of an image`,
      hint === true ? ANEW : hint,
    );
  }
  const tag = Object.entries(changes.tags ?? {}).find(([key, value]) => (image.tags[key] ?? null) !== value);
  if (tag === undefined) return;
  const reason = `the documented API has no call that changes tags (${tag[0]})`;
  throw unsupported(session, operation, reason, updateTags === true ? ANEW : updateTags);
}
