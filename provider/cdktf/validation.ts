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

/** @throws Error when a tag has no key */
export function checkTags(scope: Construct, tags: Readonly<Record<string, string>> | undefined): void {
  if (tags === undefined || Token.isUnresolved(tags)) return;
  for (const key of Object.keys(tags)) {
    if (key.trim() === '') throw invalid(scope, 'tags', 'a tag with a blank key', 'a key for each tag');
  }
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
