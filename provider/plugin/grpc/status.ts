// gRPC's status codes and the error that carries one. Imports nothing.

/** The status codes used here. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;

/** A call fails as a whole, with a status instead of a response. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
