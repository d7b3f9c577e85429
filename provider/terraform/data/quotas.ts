// The data source imagebridge_quotas: the project's limits and how much of them is used.
import { a, schema } from '@imagebridge/terraform-plugin';
import { defineDataSource } from '../definers.ts';
import { placeOf } from '../place.ts';
import { placeAttributes } from './attributes.ts';

export const quotasDataSource = defineDataSource({
  schema: schema({
    description: "The project's limits in the image service, and how much of them is used.",
    attributes: {
      ...placeAttributes(),
      quotas: a.nestedMap({
        computed: true,
        description: "The limits by what they limit, in the service's own words, e.g. `image`.",
        attributes: {
          used: a.number({ computed: true, description: 'How much is used.' }),
          limit: a.number({ computed: true, description: 'The limit; -1 where there is none.' }),
        },
      }),
    },
  }),

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const quotas = await cloud.getQuotas({ signal });
    return {
      ...config,
      region: config.region ?? cloud.region,
      quotas: Object.fromEntries(quotas.map(({ resource, used, limit }) => [resource, { used, limit }])),
    };
  },
});
