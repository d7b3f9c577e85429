// The operations of the family, for the table of all operations.
import type { Operation } from '../operation.ts';
import type { Session } from './session.ts';

/** Every operation of the family. */
export const HUAWEICLOUD_OPERATIONS: readonly Operation<Session>[] = [];
