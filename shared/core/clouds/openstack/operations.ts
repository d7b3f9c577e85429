// The operations of the family, for the table of all operations.
import type { Operation } from '../operation.ts';

/** Every operation of the family. */
export const OPENSTACK_OPERATIONS: readonly Operation<never>[] = [];
