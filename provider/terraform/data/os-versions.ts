// The data source imagebridge_os_versions: the operating systems that a cloud's catalogue knows.
import { a, schema, validators } from '@imagebridge/terraform-plugin';
import { defineDataSource } from '../definers.ts';
import { placeOf } from '../place.ts';
import { notBlank } from '../validators.ts';
import { number, placeAttributes, text } from './attributes.ts';

const FILTERS = ['platform', 'os_type', 'os_distribution', 'architecture'] as const;

const filter = (description: string) => a.string({ optional: true, description, validators: [notBlank] });

export const osVersionsDataSource = defineDataSource({
  schema: schema({
    description:
      "The operating systems that the cloud's catalogue knows. `os_versions[*].os_version` is what `imagebridge_image` takes as `os_version`.",
    attributes: {
      platform: filter('Only systems of this platform, e.g. `Ubuntu`.'),
      os_type: filter('Only systems of this kind, e.g. `Linux`.'),
      os_distribution: filter('Only systems of this distribution, where the cloud tells it.'),
      architecture: filter('Only systems for this architecture, as the cloud spells it.'),
      bits: a.number({
        optional: true,
        description: 'Only systems of this word size: 32 or 64.',
        validators: [validators.between({ min: 32, max: 64 })],
      }),
      ...placeAttributes(),
      os_versions: a.nestedList({
        computed: true,
        description: "The systems, in the service's order.",
        attributes: {
          os_version: text('What to give as `os_version`.'),
          platform: text('Platform.'),
          os_type: text('Kind, e.g. `Linux`.'),
          os_distribution: text('Distribution, where the cloud tells it.'),
          architecture: text('Architecture, where the cloud tells it.'),
          bits: number('Word size, where the cloud tells it.'),
        },
      }),
    },
  }),

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const systems = (await cloud.listOsVersions({ signal })).map((system) => ({
      os_version: system.osVersion,
      platform: system.platform,
      os_type: system.osType,
      os_distribution: system.osDistribution ?? null,
      architecture: system.architecture ?? null,
      bits: system.bits ?? null,
    }));
    return {
      ...config,
      region: config.region ?? cloud.region,
      os_versions: systems.filter(
        (system) =>
          FILTERS.every((name) => config[name] === null || config[name] === system[name]) &&
          (config.bits === null || config.bits === system.bits),
      ),
    };
  },
});
