// Checks of construct properties, as early as they can be made. A token's value is not known yet: it always passes.
import { Token } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * The error of a wrong property, to be thrown.
 * @param scope the construct, or the one it was to belong to
 * @param what the property, e.g. `name`
 * @param got what was given; never a secret
 * @param expected what is right, as a phrase that follows "expected"
 */
export function invalid(scope: Construct, what: string, got: string, expected: string): Error {
  return new Error(`${scope.node.path || 'the app'}: ${what}: got ${got}, expected ${expected}.`);
}

/** @throws Error when the text is given and blank */
export function checkText(scope: Construct, what: string, value: string | undefined): void {
  if (value === undefined || Token.isUnresolved(value) || value.trim() !== '') return;
  throw invalid(scope, what, JSON.stringify(value), 'a text that is not blank');
}

/**
 * Checks a list whose items stand for themselves, such as ids.
 * @param item what one of them is, e.g. `project`
 * @throws Error when one is blank or there twice
 */
export function checkEach(scope: Construct, what: string, item: string, values: readonly string[]): void {
  if (Token.isUnresolved(values)) return;
  for (const value of values) checkText(scope, what, value);
  const twice = values.find((one, index) => values.indexOf(one) !== index);
  if (twice !== undefined) throw invalid(scope, what, `${JSON.stringify(twice)} twice`, `each ${item} once`);
}

/** @throws Error when the value is a literal: it would be written to the synthesised files in the clear */
export function checkSecret(scope: Construct, what: string, value: string | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  throw invalid(
    scope,
    what,
    'a literal, which would stand in the synthesised files for all to read',
    "a reference, such as new TerraformVariable(this, 'secret', { sensitive: true }).stringValue, " +
      'or no value here and a profile or the environment instead',
  );
}

/** @throws Error when a tag is none that all families take */
export function checkTags(scope: Construct, tags: Readonly<Record<string, string>> | undefined): void {
  if (tags === undefined || Token.isUnresolved(tags)) return;
  for (const [key, value] of Object.entries(tags)) {
    checkTagKey(scope, key);
    if (Token.isUnresolved(value) || /^[\p{L}\p{N}._-]{0,43}$/u.test(value)) continue;
    throw invalid(
      scope,
      `tags: value of ${key}`,
      JSON.stringify(value),
      'at most 43 letters, digits, hyphens, underscores and dots',
    );
  }
}

/** @throws Error when the key of a tag is blank, a token, or none that all families take */
export function checkTagKey(scope: Construct, key: string): void {
  if (key.trim() === '') throw invalid(scope, 'tags', 'a tag with a blank key', 'a key for each tag');
  if (Token.isUnresolved(key)) throw invalid(scope, 'tags', 'a token as a key', 'a literal as each key');
  if (/^[\p{L}\p{N}_-]{1,36}$/u.test(key) && !/^imagebridge[-_]/.test(key)) return;
  throw invalid(
    scope,
    'tags',
    `the key ${JSON.stringify(key)}`,
    'keys of 1 to 36 letters, digits, hyphens and underscores that do not begin with "imagebridge-"',
  );
}

/**
 * A construct id made of a text that is known while synthesising.
 * @throws Error when the text is a token, and so no lasting name can be made of it
 */
export function idFrom(scope: Construct, prefix: string, what: string, ...texts: readonly string[]): string {
  if (texts.some((text) => Token.isUnresolved(text))) {
    throw invalid(scope, `id of ${prefix}`, `none, and a token as ${what}`, 'the option id, as a fixed name');
  }
  return [prefix, ...texts].join('-').replace(/[^\p{L}\p{N}._-]+/gu, '-');
}

/** @throws Error when a number is given and is not whole, or below the least */
export function checkWhole(scope: Construct, what: string, value: number | undefined, least = 0): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (Number.isSafeInteger(value) && value >= least) return;
  throw invalid(scope, what, String(value), `a whole number from ${least} on`);
}

const HASH_DIGITS = { sha256: 64, sha512: 128, md5: 32 } as const;

/** @throws Error when a hash is given and is not lower case hex of the right length */
export function checkHashes(
  scope: Construct,
  hashes: Readonly<Partial<Record<keyof typeof HASH_DIGITS, string | undefined>>>,
): void {
  for (const what of ['sha256', 'sha512', 'md5'] as const) {
    const value = hashes[what];
    if (value === undefined || Token.isUnresolved(value)) continue;
    const digits = HASH_DIGITS[what];
    if (!new RegExp(`^[0-9a-f]{${digits}}$`).test(value)) {
      throw invalid(scope, what, JSON.stringify(value), `${digits} digits 0-9 and a-f, in lower case`);
    }
  }
}

/** Has a check run at synthesis, when all is declared. It returns what is wrong, in sentences. */
export function atSynthesis(scope: Construct, check: () => string[]): void {
  scope.node.addValidation({ validate: check });
}
