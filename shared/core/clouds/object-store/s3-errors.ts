// What the error codes of S3-compatible stores mean.
import { type CodeMeaning, readServiceError, toServiceError } from '../service-error.ts';
import type { ObjectStoreErrors } from './transport.ts';

const CODES: Readonly<Record<string, CodeMeaning>> = {
  NoSuchUpload: { kind: 'not-found', hint: 'The upload has ended: start it again.' },
  NoSuchKey: { kind: 'not-found', hint: 'The upload has ended: start it again.' },
  NoSuchBucket: { kind: 'not-found', hint: 'Check the name of the bucket, and the endpoint.' },
  SignatureDoesNotMatch: {
    kind: 'authentication',
    hint: 'Check the secret key, and how requests are signed.',
  },
  InvalidAccessKeyId: { kind: 'authentication', hint: 'Check the keys and what they may do.' },
  AccessDenied: { kind: 'permission', hint: 'Check the keys and what they may do.' },
  BadDigest: { kind: 'integrity', hint: 'Send the part again.', retryable: true },
  SlowDown: { kind: 'throttled', hint: 'Wait and try again.', retryable: true },
};

/** Reads the error answers of S3-compatible stores. */
export const s3Errors: ObjectStoreErrors = {
  isThrottled: (reply) => reply.status >= 400 && readServiceError(reply).code === 'SlowDown',
  toError: (reply, context) => toServiceError(reply, context, (code) => CODES[code]),
};
