// The documented limits of the values that users give (seed 000, request fields of all actions).
import { ApiError } from './codes.ts';
import { checkOs, type OsFacts } from './os-versions.ts';
import type { ActionParameters } from './parameters.ts';

const namePattern = /^[\p{Script=Han}A-Za-z0-9._-]{1,50}$/u;
const maxDescriptionLength = 100;
const forbiddenText = /https?:\/\/|<script>|javascript/i;
const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A name: 1 to 50 letters (Chinese ones too), digits, `.`, `_`, `-`. @throws ApiError 3 or 4 */
export function nameOf(parameters: ActionParameters, field: 'ImageName' | 'DestImageName'): string {
  const name = parameters.required(field);
  if (!namePattern.test(name)) {
    throw new ApiError(4, `${field} 需要 1 到 50 个中英文字符、数字、点、下划线或中划线`);
  }
  return name;
}

/** At most 100 characters, no web addresses. @throws ApiError 113 */
export function descriptionOf(parameters: ActionParameters): string {
  const text = parameters.text('ImageDescription') ?? '';
  if ([...text].length > maxDescriptionLength) throw new ApiError(113, 'ImageDescription 超过 100 个字符');
  if (forbiddenText.test(text)) throw new ApiError(113, 'ImageDescription 含有非法字符');
  return text;
}

/** At least one of `base64(key):base64(value)`. @throws ApiError 3, 4 or 113 */
export function tagsOf(parameters: ActionParameters): { key: string; value: string }[] {
  const pairs = parameters.list('TagKeyValuePairs');
  if (pairs.length === 0) throw new ApiError(3, 'TagKeyValuePairs');
  const tags = pairs.map((pair) => {
    const [key = '', value, ...rest] = pair.split(':');
    if (key === '' || value === undefined || rest.length > 0) {
      throw new ApiError(4, 'TagKeyValuePairs 的元素是 base64(键):base64(值)');
    }
    return { key: decoded(key), value: decoded(value) };
  });
  if (new Set(tags.map(({ key }) => key)).size < tags.length)
    throw new ApiError(113, 'TagKeyValuePairs 的键重复');
  return tags;
}

function decoded(text: string): string {
  if (!base64Pattern.test(text)) throw new ApiError(4, 'TagKeyValuePairs 不是 Base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    throw new ApiError(4, 'TagKeyValuePairs 不是 UTF-8');
  }
}

/** The four required facts of the system, as the catalogue knows them. @throws ApiError 3, 113 or 1018 */
export function osOf(parameters: ActionParameters): OsFacts {
  const facts = {
    osType: parameters.required('OSType'),
    arch: parameters.required('SetArch'),
    osDistribution: parameters.required('OSDistribution'),
    osVersion: parameters.required('OSVersion'),
  };
  checkOs(facts);
  return facts;
}

/** What an image may be started with; undefined where the request does not say. */
export function supportOf(parameters: ActionParameters) {
  return {
    supportQga: parameters.boolean('SupportQGA'),
    supportCloudInit: parameters.boolean('SupportCloudInit'),
    bootloader: parameters.choice('BootloaderType', ['bios', 'uefi'] as const),
  };
}
