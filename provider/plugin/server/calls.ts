// The types that the calls' implementations share.
import type { Decoded } from '../wire/protobuf.ts';
import type { calls } from '../wire/tfplugin6.ts';

/** The calls that are served. */
export type CallName = keyof typeof calls;
/** What a call gets. */
export type CallRequestOf<N extends CallName> = Decoded<(typeof calls)[N]['request']>;
/** What a call answers; fields that are left out have their zero value. */
export type CallResponseOf<N extends CallName> = Partial<Decoded<(typeof calls)[N]['response']>>;
/** The implementation of a call. */
export type CallHandler<N extends CallName> = (
  request: CallRequestOf<N>,
  cancelled: AbortSignal,
) => Promise<CallResponseOf<N>>;
