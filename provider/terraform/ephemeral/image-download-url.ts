// The ephemeral resource imagebridge_image_download_url: a link that anybody can download an image by, for a while.
import { a, path, schema } from '@imagebridge/terraform-plugin';
import { isKind } from '../core.ts';
import { placeAttributes, text } from '../data/attributes.ts';
import { defineEphemeralResource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { placeOf } from '../place.ts';
import { notBlank } from '../validators.ts';

export const imageDownloadUrlResource = defineEphemeralResource({
  schema: schema({
    description:
      'A link that anybody can download an image by, for a while. It grants access, and reaches neither plan nor state: ' +
      'hand it to a provisioner, a write-only argument or the configuration of a provider. Every plan and every apply that ' +
      'needs it asks the cloud for a new one.',
    attributes: {
      image_id: a.string({ required: true, description: 'Id of the image.', validators: [notBlank] }),
      ...placeAttributes(),
      url: a.string({ computed: true, sensitive: true, description: 'The link. It needs no credentials.' }),
      expires_at: text('Until when it is good, as an RFC 3339 time in UTC, where the cloud tells.'),
    },
  }),

  async open({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    try {
      const { url, expiresAt } = await cloud.getDownloadUrl(config.image_id, { signal });
      return {
        result: {
          ...config,
          region: config.region ?? cloud.region,
          url: url.reveal(),
          expires_at: expiresAt?.toISOString() ?? null,
        },
      };
    } catch (error) {
      if (isKind(error, 'unsupported')) throw at(path('cloud'), error);
      throw isKind(error, 'not-found') ? at(path('image_id'), error) : error;
    }
  },
});
