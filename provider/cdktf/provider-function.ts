// Calls of provider functions as Terraform expressions, for generated classes. Imports cdktf only.
import { call, type IResolvable, rawString, ref, Token } from 'cdktf';

/**
 * The call of a provider's function. Texts without tokens are escaped, `null` is written as such.
 * @param providerName the provider's name in the stack, e.g. `imagebridge`
 */
export function callProviderFunction(
  providerName: string,
  name: string,
  args: readonly unknown[],
): IResolvable {
  return call(`provider::${providerName}::${name}`, args.map(written));
}

function written(value: unknown): unknown {
  if (value === null) return ref('null');
  if (Token.isUnresolved(value)) return value;
  if (typeof value === 'string') return rawString(value);
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
}
