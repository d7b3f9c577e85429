// The schemas of the data sources imagebridge_image and imagebridge_images. Imports the plugin framework only.
import { a, schema, t, validators } from '@imagebridge/terraform-plugin';
import { notBlank, wholeNumber } from '../validators.ts';
import {
  equalFilters,
  foundFilters,
  imageFacts,
  listedImage,
  placeAttributes,
  searchAttributes,
} from './attributes.ts';

/** One image that exists already. */
export const imageDataSchema = schema({
  description:
    'One image that exists already, found by its id, or by a search. Anything but exactly one match is an error that ' +
    'lists the candidates, unless `most_recent` chooses. A search finds active images that are not retired, unless it ' +
    'asks for others.',
  attributes: {
    id: a.string({
      optional: true,
      computed: true,
      description: "The service's id. Excludes every other condition.",
      validators: [notBlank],
    }),
    ...foundFilters(),
    ...searchAttributes(),
    channel: a.string({
      optional: true,
      description:
        'The current image of this channel; `NAME/previous` is the one before it. Excludes `most_recent`.',
      validators: [notBlank],
    }),
    retired: a.bool({
      optional: true,
      description: 'True: look for an image that is retired. Default: only for others.',
    }),
    most_recent: a.bool({
      optional: true,
      description: 'Where several match, take the one made last instead of failing.',
    }),
    ...placeAttributes(),
    ...imageFacts(),
  },
});

/** The images that match. */
export const imagesDataSchema = schema({
  description: 'All images that match, in order. No match is no error: the list is empty then.',
  attributes: {
    ...equalFilters(),
    ...searchAttributes(),
    channel: a.string({
      optional: true,
      description: 'Images that are, or were, in this channel; `images[*].channels` tells their places.',
      validators: [notBlank],
    }),
    retired: a.bool({
      optional: true,
      description: 'True: only images that are retired. False: only others. Default: both.',
    }),
    sort: a.string({
      optional: true,
      description:
        'Order: `created_at`, `updated_at`, `name` or `size_bytes`, then `:asc` or `:desc`. Default `created_at:desc`, the newest first.',
      validators: [
        validators.matches(
          /^(created_at|updated_at|name|size_bytes):(asc|desc)$/,
          'must be created_at, updated_at, name or size_bytes, then :asc or :desc',
        ),
      ],
    }),
    limit: a.number({
      optional: true,
      description: 'At most so many, the first in the order.',
      validators: [wholeNumber(1)],
    }),
    ...placeAttributes(),
    ids: a.list({ element: t.string, computed: true, description: 'Ids of the images, in order.' }),
    images: a.nestedList({
      computed: true,
      description: 'The images, in order.',
      attributes: listedImage(),
    }),
  },
});
