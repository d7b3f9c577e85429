// Values that may be known only after apply. Imports the plugin framework only.
import { isKnown, UNKNOWN, type Unknown } from '@imagebridge/terraform-plugin';

/** The value, or undefined where it is absent, null or not known yet. */
export const known = <V>(value: V | null | undefined | Unknown): V | undefined =>
  value === undefined || value === null || !isKnown(value) ? undefined : (value as V);

/** What was planned, or the other value where the plan left it open. */
export const kept = <V>(planned: V | Unknown, otherwise: V): V =>
  planned === UNKNOWN ? otherwise : (planned as V);
