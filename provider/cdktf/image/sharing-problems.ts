// What is wrong with sharing an image, as far as its cloud is known. Pure.
import type { Construct } from 'constructs';
import { effectiveCloud, missingCloud } from '../cloud/provider-of.ts';
import type { IMachineImage } from './image.ts';

/** Said at synthesis, when all clouds are declared. */
export function sharingProblems(scope: Construct, image: IMachineImage): string[] {
  const rules = effectiveCloud(scope, image.cloud)?.rules;
  const ability = rules?.abilities.share ?? true;
  if (ability === true) return missingCloud(scope, image.cloud);
  return [`share: got one on ${rules?.family}, which has no sharing; expected ${ability}.`];
}
