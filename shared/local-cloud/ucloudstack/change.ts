// Changing and deleting images (seed 000: UpdateImage, DeleteCustomImage, DeleteBaseImage).
import { ApiError } from './codes.ts';
import { type ActionContext, type ActionResult, imageOf, usedImageOf } from './context.ts';
import { usersOf } from './describe.ts';
import { osOf, supportOf } from './fields.ts';
import type { ImageRecord } from './records.ts';

/** UpdateImage: the system of an image, all four facts at once; only an administrator may change base images. */
export function updateImage(context: ActionContext): ActionResult {
  const facts = osOf(context.parameters);
  const support = supportOf(context.parameters);
  const image = usedImageOf(context);
  if (image.type === 'Base' && !context.account.ucloudstack.admin) throw new ApiError(111);
  context.store.put({
    ...image,
    ...facts,
    supportQga: support.supportQga ?? image.supportQga,
    supportCloudInit: support.supportCloudInit ?? image.supportCloudInit,
    bootloader: support.bootloader ?? image.bootloader,
    updatedAtMs: context.now,
  });
  return {};
}

/** DeleteCustomImage. */
export function deleteCustomImage(context: ActionContext): ActionResult {
  remove(context, imageOf(context, 'ImageID', 'Custom'));
  return {};
}

/** DeleteBaseImage; what the cloud came with stays. */
export function deleteBaseImage(context: ActionContext): ActionResult {
  const image = imageOf(context, 'ImageID', 'Base');
  if (image.system) throw new ApiError(209, image.id);
  remove(context, image);
  return {};
}

function remove(context: ActionContext, image: ImageRecord): void {
  if (image.phase === 'uploading' || image.phase === 'making') throw new ApiError(1002, image.id);
  const users = usersOf(image);
  if (users.length > 0) throw new ApiError(1008, users.join(', '));
  context.lifecycle.remove(image, context.now);
}
