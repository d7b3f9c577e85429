// Flattening of parameters and the signature over them (SHA-1 of names, values and the private key). Pure.
import { createHash } from 'node:crypto';

/** A value of a request before it is flattened. */
export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly ParameterValue[]
  | { readonly [name: string]: ParameterValue };

/**
 * Parameters as they travel: `Name.0`, `Name.1` for lists, `Name.Key` for objects; empty values are left out; numbers
 * without exponent, whole ones without a point.
 */
export function flatten(parameters: Readonly<Record<string, ParameterValue>>): Record<string, string> {
  const flat: Record<string, string> = {};
  const add = (name: string, value: ParameterValue): void => {
    if (value === null || value === undefined || value === '') return;
    if (typeof value === 'object') {
      for (const [key, member] of Object.entries(value)) add(`${name}.${key}`, member);
    } else flat[name] = typeof value === 'number' ? numberText(value) : String(value);
  };
  for (const [name, value] of Object.entries(parameters)) add(name, value);
  return flat;
}

function numberText(value: number): string {
  const text = String(value);
  return /e/i.test(text)
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : text;
}

/** The text that is signed, before the private key is appended; for tests and for finding out why it is refused. */
export function stringToSign(flat: Readonly<Record<string, string>>): string {
  return (
    Object.keys(flat)
      .filter((name) => name !== 'Signature')
      // In the order of bytes: Backends.10 comes before Backends.2.
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((name) => `${name}${flat[name]}`)
      .join('')
  );
}

/** The value of the parameter `Signature`. */
export function sign(flat: Readonly<Record<string, string>>, privateKey: string): string {
  return createHash('sha1')
    .update(`${stringToSign(flat)}${privateKey}`, 'utf8')
    .digest('hex');
}
