// The schema of imagebridge_channel. Imports the plugin framework only.
import { a, planModifiers, schema, validators } from '@imagebridge/terraform-plugin';
import { cloudAttribute, idAttribute, regionAttribute, timeoutsAttribute } from '../common-attributes.ts';
import { notBlank } from '../validators.ts';

const { requiresReplace } = planModifiers;

/** A name of a channel, as the core has it. */
export const channelName = validators.matches(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  'must be 1 to 64 letters, digits, hyphens and underscores, and begin with a letter or digit',
);

/** A channel: a name that points at an image. */
export const channelSchema = schema({
  description:
    'A name, such as `debian-12-stable`, that points at one image of a project in a region. Another `image_id` promotes that ' +
    'image, in place; the one before stays known as `previous`, to roll back to. Use `for_each` over targets for the same ' +
    'channel in several clouds and regions. It is kept as marks on the images (tags, or properties where the cloud cannot ' +
    'change tags); `imagebridge promote` and `data.imagebridge_image` with `channel` see the same channel. Destroying it ' +
    'removes the marks, never an image.',
  attributes: {
    id: idAttribute('The name.'),
    name: a.string({
      required: true,
      description: 'Name of the channel. A change replaces the channel.',
      validators: [channelName],
      planModifiers: [requiresReplace],
    }),
    image_id: a.string({
      required: true,
      description:
        "Id of the channel's current image: one of the project's own that is active and not retired. Changed in place.",
      validators: [notBlank],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the channel and its images'),
    timeouts: timeoutsAttribute('How long the promotion may take'),
    previous_image_id: a.string({
      computed: true,
      description:
        'Id of the image that was current before, as the promotion found it. It may be gone by now: `data.imagebridge_image` ' +
        'with `channel = "NAME/previous"` finds what is there.',
    }),
    promoted_at: a.string({
      computed: true,
      description: 'When the image was promoted, as an RFC 3339 time in UTC, where the cloud can note it.',
    }),
    status: a.string({
      computed: true,
      description:
        '`settled`; `unsettled` where an interrupted promotion left marks of two current images: the next apply repairs it.',
    }),
  },
});
