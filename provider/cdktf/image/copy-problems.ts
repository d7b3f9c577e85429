// What is wrong with a copy, as far as its clouds are known. Pure.
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { effectiveCloud, missingCloud } from '../cloud/provider-of.ts';
import type { CloudRules } from '../cloud/rules.ts';
import { nameProblems } from './name-problems.ts';
import type { ImageCopy } from './operations.ts';

/**
 * Said at synthesis, when all clouds are declared.
 * @param from the cloud of the image
 * @param to another cloud that gets the copy
 */
export function copyProblems(
  copy: ImageCopy,
  from: IImageCloud | undefined,
  to: IImageCloud | undefined,
): string[] {
  const source = effectiveCloud(copy, from)?.rules;
  const target = to === undefined ? source : effectiveCloud(copy, to)?.rules;
  return [
    ...missingCloud(copy, from),
    ...nameProblems(copy.resource.nameInput, target),
    ...endProblems(copy, target),
    ...(to === undefined ? [...unable(copy, source), ...tagProblems(copy, source)] : []),
  ];
}

function unable({ resource }: ImageCopy, rules: CloudRules | undefined): string[] {
  if (rules === undefined) return [];
  const { toBaseImageInput: toBase, targetRegionInput: region, viaInput: via } = resource;
  if (toBase) {
    const ability = rules.abilities.copyToBaseImage;
    return ability === true
      ? []
      : [`promoteToBase: got it on ${rules.family}, which has no such base images; expected ${ability}.`];
  }
  if (via !== undefined) return [];
  const ability = rules.abilities[region === undefined ? 'copyInRegion' : 'copyCrossRegion'];
  if (ability === true) return [];
  const where = region === undefined ? 'inside a region' : 'to another region';
  return [`copyTo: got a copy ${where} on ${rules.family}, which makes none by itself; expected ${ability}.`];
}

function tagProblems({ resource }: ImageCopy, rules: CloudRules | undefined): string[] {
  const { tagsInput: tags, viaInput: via } = resource;
  const ability = rules?.abilities.updateTags ?? true;
  if (tags === undefined || via !== undefined || ability === true) return [];
  return [`tags: got some for a copy on ${rules?.family}, which makes copies without; expected ${ability}.`];
}

function endProblems({ resource }: ImageCopy, rules: CloudRules | undefined): string[] {
  const ability = rules?.abilities.deactivate ?? true;
  if (resource.onDestroyInput !== 'deactivate' || ability === true) return [];
  return [`onDestroy: got DEACTIVATE on ${rules?.family}, which cannot do that; expected ${ability}.`];
}
