// The error of this package. Imports nothing.

/** The embedded cloud cannot be started or used as asked. Its message is a sentence for users. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}
