// Protected images: clouds delete none, so this is refused while planning, and once more before deleting.
import type { Image, ImageCloud } from '@imagebridge/core';
import { type DiagnosticError, type Diagnostics, failure, path } from '@imagebridge/terraform-plugin';

/** What a state tells of an image's protection, in the words of the schema. */
interface Guarded {
  readonly id: string;
  readonly name: string | null;
  readonly protected: boolean | null;
  readonly on_destroy: string | null;
}

const WAY_OUT =
  'Set `protected = false` and apply that first; or set `on_destroy = "retain"`, apply, and the image stays in the cloud.';

/** Deleting a protected image would fail halfway through an apply. */
export function refuseProtected(
  state: Guarded,
  diagnostics: Diagnostics,
  what: 'destroyed' | 'replaced',
): void {
  if (state.protected !== true || state.on_destroy !== 'delete') return;
  diagnostics.error(
    `Image ${state.id} is protected`,
    `It is to be ${what}, and the cloud refuses to delete ${JSON.stringify(state.name)} while it is protected. ${WAY_OUT}`,
    path('protected'),
  );
}

/** The error of an image that was protected since the plan was made. */
export const isProtected = (cloud: ImageCloud, image: Image): DiagnosticError =>
  failure(
    `Image ${image.id} is protected`,
    `${cloud.family} "${cloud.name}" refuses to delete ${JSON.stringify(image.name)} while it is protected. ${WAY_OUT}`,
  );
