// The function image_name: a name that a family of clouds takes, made of parts.
import { createHash } from 'node:crypto';
import { ArgumentError, defineFunction, t } from '@imagebridge/terraform-plugin';
import { core } from '../core.ts';

/** The longest name by family, in characters. */
const LONGEST: Readonly<Record<string, number>> = { huaweicloud: 128, openstack: 255, ucloudstack: 50 };
/** So many digits of a hash keep names apart that had to be shortened. */
const HASH_DIGITS = 8;

export const imageNameFunction = defineFunction({
  summary: 'A legal image name for a family of clouds, made of parts.',
  description:
    'Joins the parts with hyphens, leaving out empty ones. Accents are dropped, and what is no letter, digit, dot, underscore ' +
    'or hyphen becomes a hyphen. A name that is too long for the family is cut, and ends with a hash of the whole, so that ' +
    'names that differ only at their ends stay different.',
  parameters: [
    {
      name: 'family',
      type: t.string,
      description: 'Family of the cloud: `huaweicloud`, `openstack` or `ucloudstack`.',
    },
  ],
  variadic: {
    name: 'parts',
    type: t.string,
    description: 'Parts of the name, e.g. `"debian", "12", var.build`.',
  },
  returns: t.string,
  async call({ args: [family], rest }) {
    const longest = Object.hasOwn(LONGEST, family) ? LONGEST[family] : undefined;
    if (longest === undefined)
      throw new ArgumentError(
        0,
        `there is no family ${JSON.stringify(family)}: give ${Object.keys(LONGEST).join(', ')}`,
      );
    const { legalName } = await core();
    const text = rest.filter((part) => part.trim() !== '').join('-');
    if (!/[A-Za-z0-9]/.test(text.normalize('NFKD')))
      throw new ArgumentError(1, 'the parts have no letter from A to Z and no digit');
    const name = legalName(text, Number.POSITIVE_INFINITY);
    if (name.length <= longest) return name;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
    return `${name.slice(0, longest - HASH_DIGITS - 1).replace(/[-._]+$/, '')}-${hash}`;
  },
});
