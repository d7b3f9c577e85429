// Whether a cloud takes the name of an image. Pure.
import { Token } from 'cdktf';
import { type CloudRules, legalName } from '../cloud/rules.ts';

/** Said at synthesis, with a form of the name that the cloud takes. */
export function nameProblems(name: string | undefined, rules: CloudRules | undefined): string[] {
  if (name === undefined || rules === undefined || Token.isUnresolved(name)) return [];
  const { pattern, rule } = rules.imageName;
  if (pattern.test(name)) return [];
  return [
    `name: got ${JSON.stringify(name)}; expected a name that ${rules.family} takes: ${rule}. ` +
      `For example ${JSON.stringify(legalName(name, rules))}.`,
  ];
}
