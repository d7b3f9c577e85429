// Checks of single values that need no cloud. Imports the plugin framework only.
import { check } from '@imagebridge/terraform-plugin';
import { durationMs } from './duration.ts';

/** A duration longer than nothing. */
export const positiveDuration = check<string>(
  'must be a duration such as "90s", "30m" or "1h30m"',
  (text) => durationMs(text) !== undefined,
);

/** A SHA-256 in hex. */
export const sha256Hex = check<string>('must be a SHA-256: 64 digits 0-9 and a-f, lower case', (text) =>
  /^[0-9a-f]{64}$/.test(text),
);

/** Something other than blank. */
export const notBlank = check<string>('must not be empty', (text) => text.trim() !== '');

/** A whole number from 0 (or `min`) on. */
export const wholeNumber = (min = 0) =>
  check<number>(
    `must be a whole number from ${min} on`,
    (value) => Number.isSafeInteger(value) && value >= min,
  );

/** A number above 0. */
export const positiveNumber = check<number>('must be a number above 0', (value) => value > 0);

/** A URL of a service. */
export const serviceUrl = check<string>(
  'must be a URL that starts with http:// or https://',
  (text) => URL.canParse(text.replaceAll('{region}', 'region')) && /^https?:\/\//i.test(text),
);

/** The key of a tag, in the form every family takes; not one that is kept for the provider itself. */
export const tagKey = check<string>(
  'must have 1 to 36 letters, digits, hyphens and underscores, and must not begin with "imagebridge-" or "imagebridge_"',
  (key) => /^[\p{L}\p{N}_-]{1,36}$/u.test(key) && !/^imagebridge[-_]/.test(key),
);

/** The value of a tag, in the form every family takes. */
export const tagValue = check<string>(
  'must have at most 43 letters, digits, hyphens, underscores and dots',
  (value) => /^[\p{L}\p{N}._-]{0,43}$/u.test(value),
);
