// What the return codes mean, per generation of the product: the same number means different things in each. Data only.
import type { CodeMeaning } from '../service-error.ts';

type Row = readonly [kind: CodeMeaning['kind'], meaning: string, hint: string, retryable?: boolean];

/** Codes of the product's versions 2.x (seed 000 belongs to them). */
export const RETURN_CODES_V2: Readonly<Record<number, Row>> = {
  2: ['unavailable', 'service error', 'Try again later, then ask the operator.'],
  3: ['invalid-input', 'a parameter is missing', 'Give the parameter that the message names.'],
  4: ['invalid-input', 'a parameter is malformed', 'Correct the parameter that the message names.'],
  101: ['invalid-input', 'no action', 'Check the endpoint of the profile: it must take actions.'],
  102: ['invalid-input', 'no region', 'Set the region of the profile.'],
  103: ['authentication', 'no credentials', 'Set public_key and private_key of the profile.'],
  104: ['authentication', 'no signature', 'Check that nothing in between strips parameters.'],
  106: ['invalid-input', 'a parameter is missing or wrong', 'Correct the parameter that the message names.'],
  107: ['invalid-input', 'a parameter is missing or wrong', 'Correct the parameter that the message names.'],
  109: ['authentication', 'the signature is wrong', 'Check private_key of the profile.'],
  110: ['unsupported', 'the action is unknown', 'This installation does not have it: check its version.'],
  111: ['permission', 'for administrators only', 'Use a profile of an administrator.'],
  112: ['permission', 'the address is not allowed', 'Have this address allowed for the key.'],
  113: ['invalid-input', 'a parameter is wrong', 'Correct the parameter that the message names.'],
  114: ['permission', 'no permission', 'Have the permission given to the user.'],
  199: ['throttled', 'too many requests', 'Wait and try again.', true],
  200: ['not-found', 'the resource does not exist', 'Check the id, the region and the tenant.'],
  201: ['conflict', 'the resource is in another state', 'Wait until it is ready.'],
  202: ['conflict', 'the resource is in another state', 'Wait until it is ready.'],
  204: ['not-found', 'the resource was deleted', 'Check the id.'],
  205: ['not-found', 'the resource was destroyed', 'Check the id.'],
  208: ['quota', 'no more can be bound', 'Unbind something first.'],
  209: ['conflict', 'it may not be deleted', 'End its use or protection first.'],
  550: ['unavailable', 'the service is busy', 'Try again later.'],
  559: ['unavailable', 'the service is busy', 'Try again later.'],
  560: ['unavailable', 'the service is busy', 'Try again later.'],
  1000: ['not-found', 'the image does not exist', 'Check the id, the region and the tenant.'],
  1001: ['conflict', 'the image is not available', 'Wait until the image is ready.'],
  1002: ['conflict', 'the image is in another state', 'Wait until the image is ready.'],
  1003: ['invalid-input', 'the format of the image is wrong', 'Use qcow2 or iso.'],
  1004: ['not-found', 'the server does not exist', 'Check the id of the server.'],
  1005: ['conflict', 'the server is in another state', 'Stop the server first.'],
  1006: ['conflict', 'the server is in another state', 'Stop the server first.'],
  1008: ['conflict', 'the image is in use', 'Delete the servers that use it first.'],
  1014: ['conflict', 'the server is not stopped', 'Stop the server first.'],
  1016: ['conflict', 'an image of the server is being made', 'Wait until that image is ready.'],
  1017: ['quota', 'the file is larger than allowed', 'Make the image smaller, or import it from a URL.'],
  1018: ['invalid-input', 'the architecture does not fit', 'Give the architecture of the image.'],
  1019: ['quota', 'there are no resources', 'Ask the operator for resources.'],
  1020: ['invalid-input', 'the disk is smaller than the image', 'Use a larger disk.'],
  1023: ['unsupported', 'no vGPU', 'Use an image and a server with vGPU.'],
  17005: ['quota', 'the quota is used up', 'Delete something, or ask for more quota.'],
  23001: ['quota', 'the balance is used up', 'Top the account up.'],
};

/** Codes of the older line of the product. */
export const RETURN_CODES_V1: Readonly<Record<number, Row>> = {
  100: ['unavailable', 'service error', 'Try again later, then ask the operator.'],
  110: ['unavailable', 'timeout', 'Try again later.'],
  130: ['unavailable', 'service error', 'Try again later.'],
  140: ['invalid-input', 'a parameter is missing or wrong', 'Correct the parameter that the message names.'],
  150: ['permission', 'no permission', 'Have the permission given to the user.'],
  151: ['unavailable', 'service error', 'Try again later.'],
  152: ['unavailable', 'service error', 'Try again later.'],
  153: ['unavailable', 'service error', 'Try again later.'],
  154: ['invalid-input', 'no action', 'Check the endpoint of the profile.'],
  160: ['quota', 'the balance is used up', 'Top the account up.'],
  161: ['quota', 'the quota is used up', 'Delete something, or ask for more quota.'],
  162: ['invalid-input', 'no region', 'Set the region of the profile.'],
  165: ['throttled', 'too many requests', 'Wait and try again.', true],
  170: ['authentication', 'no signature', 'Check that nothing in between strips parameters.'],
  171: ['authentication', 'the signature is wrong', 'Check public_key and private_key of the profile.'],
  173: ['permission', 'no permission', 'Have the permission given to the user.'],
  178: ['permission', 'for administrators only', 'Use a profile of an administrator.'],
  229: ['invalid-input', 'a parameter is wrong', 'Correct the parameter that the message names.'],
  240: ['permission', 'the action is unknown or not allowed', 'Have the permission given to the user.'],
  301: ['permission', 'the address is not allowed', 'Have this address allowed for the key.'],
  2005: ['conflict', 'the server is not stopped', 'Stop the server first.'],
  2006: ['not-found', 'the server does not exist', 'Check the id of the server.'],
  2007: ['conflict', 'the image is in another state', 'Wait until the image is ready.'],
  2008: ['not-found', 'the image does not exist', 'Check the id, the region and the tenant.'],
  2009: ['conflict', 'the image is in use', 'Delete the servers that use it first.'],
  2011: ['not-found', 'the server does not exist', 'Check the id of the server.'],
  2014: ['not-found', 'the image does not exist', 'Check the id, the region and the tenant.'],
  2015: ['conflict', 'the server is in another state', 'Stop the server first.'],
  2043: ['quota', 'there are no resources', 'Ask the operator for resources.'],
  2044: ['quota', 'the quota is used up', 'Delete something, or ask for more quota.'],
};

/**
 * What a return code means in a generation; a code that is not known is permanent.
 * @param repeatable making the call again does no harm
 */
export function meaningOfReturnCode(
  code: number,
  generation: 'v1' | 'v2',
  repeatable: boolean,
): CodeMeaning & { meaning: string } {
  const row = (generation === 'v1' ? RETURN_CODES_V1 : RETURN_CODES_V2)[code];
  if (row === undefined) {
    return {
      kind: 'protocol',
      meaning: 'an unknown return code',
      hint: 'Look the code up in the documents of the installed version.',
      retryable: false,
    };
  }
  const [kind, meaning, hint, retryable] = row;
  return { kind, meaning, hint, retryable: retryable ?? (kind === 'unavailable' && repeatable) };
}
