// The table of all operations of all families, and how one is found by its name. Imports the families' tables.
import { type CloudFamily, InvalidInputError, type OperationInfo } from '../model/index.ts';
import { HUAWEICLOUD_OPERATIONS } from './huaweicloud/operations.ts';
import { OPENSTACK_OPERATIONS } from './openstack/operations.ts';
import { UCLOUDSTACK_OPERATIONS } from './ucloudstack/operations.ts';
import { VERIFIED } from './verified.ts';

/** Every operation of every family, in the order of their numbers. */
export const OPERATIONS: readonly OperationInfo[] = [
  ...UCLOUDSTACK_OPERATIONS,
  ...HUAWEICLOUD_OPERATIONS,
  ...OPENSTACK_OPERATIONS,
].sort((a, b) => a.number - b.number);

/**
 * The operation that a text names: its number, or its call (`DescribeImage`, `GET /v2/cloudimages`; letters in any case).
 * Several editions of one call exist: the current one is found by the call, the older one by its number.
 * @param family where a call exists in several families
 * @throws InvalidInputError when there is none, naming the nearest
 */
export function findOperation(text: string, family?: CloudFamily): OperationInfo {
  const wanted = normal(text);
  const known = OPERATIONS.filter((operation) => family === undefined || operation.family === family);
  const byNumber = OPERATIONS.find(({ number }) => String(number) === wanted.replace(/^#/, ''));
  const found = byNumber ?? known.find(({ call }) => normal(call) === wanted);
  if (found !== undefined && (family === undefined || found.family === family)) return found;
  const elsewhere = found ?? OPERATIONS.find(({ call }) => normal(call) === wanted);
  const near = known.filter(({ call, title }) => `${normal(call)} ${title}`.includes(wanted)).slice(0, 5);
  throw new InvalidInputError({
    operation: `find the operation ${JSON.stringify(text)}`,
    reason:
      elsewhere === undefined
        ? 'there is none of that name or number'
        : `it belongs to the family ${elsewhere.family}, and the cloud is of the family ${family}`,
    hint:
      near.length > 0
        ? `Did you mean ${near.map(({ number, call }) => `${call} (${number})`).join(', ')}?`
        : 'List them with: imagebridge api --list.',
  });
}

/** What an operation was verified against, e.g. `embedded cloud`; empty: nothing. See docs/verified.md. */
export const verifiedAgainst = (number: number): readonly string[] =>
  Object.keys(VERIFIED).filter((server) => VERIFIED[server]?.includes(number));

/** Names in braces may be spelled in any way: what counts is where they stand. */
const normal = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\{[^}]*\}/g, '{}');
