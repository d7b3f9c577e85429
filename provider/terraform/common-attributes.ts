// Attributes that every resource has: where it lives, and how long an operation may take. Imports the plugin framework only.
import { a, planModifiers, validators } from '@imagebridge/terraform-plugin';
import { durationMs } from './duration.ts';
import { positiveDuration } from './validators.ts';

/** `cloud`: which of the provider's clouds to use. A change replaces, unless both names mean the same cloud. */
export const cloudAttribute = () =>
  a.string({
    optional: true,
    description:
      "Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's `default_cloud`. " +
      'A change replaces the object, unless both names mean the same cloud.',
  });

/** `region`: planned from the cloud's own region where it is absent, and kept from then on. */
export const regionAttribute = (what = 'Region that the object is in') =>
  a.string({
    optional: true,
    computed: true,
    description: `${what}. Default: the cloud's own region when the object is made. A change replaces the object.`,
    planModifiers: [planModifiers.useStateForUnknown, planModifiers.requiresReplace],
  });

/** A computed value that never changes once it is known. */
export const fixedString = (description: string) =>
  a.string({ computed: true, description, planModifiers: [planModifiers.useStateForUnknown] });

/** The id: known from the first moment an object exists. */
export const idAttribute = (description: string) =>
  a.string({
    computed: true,
    nonNull: true,
    description,
    planModifiers: [planModifiers.useStateForUnknown],
  });

/** An operation that a resource may put a limit on. */
export type TimedOperation = 'create' | 'read' | 'update' | 'delete';

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MS: Readonly<Record<TimedOperation, number>> = {
  create: 60 * MINUTE_MS,
  read: 10 * MINUTE_MS,
  update: 20 * MINUTE_MS,
  delete: 20 * MINUTE_MS,
};

const timeout = (operation: TimedOperation, what: string) =>
  a.string({
    optional: true,
    description: `${what}, e.g. \`30m\` or \`1h30m\`. Default \`${DEFAULT_TIMEOUT_MS[operation] / MINUTE_MS}m\`.`,
    validators: [positiveDuration],
  });

/** `timeouts = { create = "30m", … }`. */
export const timeoutsAttribute = (create = 'How long making the object may take') =>
  a.single({
    optional: true,
    description: 'How long operations may take. Changing it changes nothing in the cloud.',
    attributes: {
      create: timeout('create', create),
      read: timeout('read', 'How long looking at the object may take'),
      update: timeout('update', 'How long a change in place may take'),
      delete: timeout('delete', 'How long the removal may take'),
    },
  });

/** The limit of an operation in milliseconds: what the user wrote, or else the default. */
export function timeoutMs(
  configured: Readonly<Partial<Record<TimedOperation, string | null>>> | null,
  operation: TimedOperation,
): number {
  const text = configured?.[operation];
  return (typeof text === 'string' ? durationMs(text) : undefined) ?? DEFAULT_TIMEOUT_MS[operation];
}

/** What becomes of the object when Terraform no longer has it. */
export type OnDestroy = 'delete' | 'retain' | 'deactivate';

/** `on_destroy`: what destroying does in the cloud. After an import it is null: `read` must say `state.on_destroy ?? 'delete'`. */
export const onDestroyAttribute = (what = 'the image') =>
  a.string({
    optional: true,
    default: 'delete',
    description:
      `What destroying does: \`delete\` removes ${what} from the cloud, \`retain\` leaves it as it is and only forgets it, ` +
      `\`deactivate\` takes it out of use and forgets it. Default \`delete\`. Apply a change of it before you destroy.`,
    validators: [validators.oneOf('delete', 'retain', 'deactivate')],
  });
