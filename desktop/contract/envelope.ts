// The frame of every message on the line.
import { z } from 'zod';
import { engineEvent } from './events.ts';
import { problem } from './views/problem.ts';

/** Version of the contract. Both sides are shipped together; a window of another version is told to reload. */
export const CONTRACT_VERSION = 1;

/** Window to engine: call a method, or give up waiting for one. */
export const request = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    id: z.number().int().nonnegative(),
    method: z.string().max(100),
    params: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: z.number().int().nonnegative() }),
]);

/** Engine to window: the reply to a call, or something that happened. */
export const notice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), id: z.number(), result: z.unknown() }),
  z.strictObject({ kind: z.literal('error'), id: z.number(), problem }),
  z.strictObject({ kind: z.literal('event'), event: engineEvent }),
]);
