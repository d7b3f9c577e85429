// What is wrong with an image, as far as its cloud is known. Pure.
import { Token } from 'cdktf';
import { effectiveCloud, missingCloud } from '../cloud/provider-of.ts';
import type { Ability, CloudRules } from '../cloud/rules.ts';
import type { MachineImage } from './machine-image.ts';
import { nameProblems } from './name-problems.ts';

/**
 * Said at synthesis, when all clouds are declared. What was changed of the generated class is looked at, too.
 * @param needs what the cloud must be able to do for this kind of source
 */
export function imageProblems(image: MachineImage, needs: Ability | undefined): string[] {
  const rules = effectiveCloud(image, image.cloud)?.rules;
  const missing = missingCloud(image, image.cloud);
  if (rules === undefined) return missing;
  return [
    ...missing,
    ...nameProblems(image.resource.nameInput, rules),
    ...formatProblems(image, rules),
    ...(needs === undefined ? [] : unable(rules, 'source', SOURCES[needs] ?? needs, needs)),
    ...(image.resource.activeInput === false ? unable(rules, 'active', 'false', 'deactivate') : []),
    ...(image.resource.onDestroyInput === 'deactivate'
      ? unable(rules, 'onDestroy', 'DEACTIVATE', 'deactivate')
      : []),
  ];
}

const SOURCES: Readonly<Partial<Record<Ability, string>>> = {
  createFromUrl: 'a URL',
  createFromObject: 'an object',
  createFromServer: 'a server',
  createFromWholeServer: 'a whole server',
  createFromVolume: 'a volume',
  createFromBackup: 'a backup',
};

function unable({ family, abilities }: CloudRules, what: string, got: string, ability: Ability): string[] {
  const can = abilities[ability];
  return can === true ? [] : [`${what}: got ${got} on ${family}, which cannot do that; expected ${can}.`];
}

function formatProblems({ resource }: MachineImage, { family, formats }: CloudRules): string[] {
  const format = resource.diskFormatInput;
  if (format === undefined || Token.isUnresolved(format) || formats.includes(format)) return [];
  const { sourceInput: source } = resource;
  if ('convert' in source && source.convert) return [];
  return [`format: got ${JSON.stringify(format)}; expected one that ${family} takes: ${formats.join(', ')}.`];
}
