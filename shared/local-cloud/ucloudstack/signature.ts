// The signature of the action API, written from its description: SHA-1 over all parameters and the private key.
import { createHash, timingSafeEqual } from 'node:crypto';

/** Names of parameters in the order that they are signed in: by their bytes, so `A.10` comes before `A.2`. */
export function signedOrder(names: Iterable<string>): string[] {
  return [...names]
    .filter((name) => name !== 'Signature')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** The text that is hashed, without the private key: names and raw values, nothing between them. */
export function stringToSign(parameters: ReadonlyMap<string, string>): string {
  return signedOrder(parameters.keys())
    .map((name) => `${name}${parameters.get(name) ?? ''}`)
    .join('');
}

/** The signature of flattened parameters: 40 lower-case hex digits. */
export function signatureOf(parameters: ReadonlyMap<string, string>, privateKey: string): string {
  return createHash('sha1')
    .update(stringToSign(parameters) + privateKey, 'utf8')
    .digest('hex');
}

/** True when the parameter `Signature` is exactly the right one. */
export function isSigned(parameters: ReadonlyMap<string, string>, privateKey: string): boolean {
  const given = Buffer.from(parameters.get('Signature') ?? '');
  const expected = Buffer.from(signatureOf(parameters, privateKey));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
