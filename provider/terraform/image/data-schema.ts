// The schema of the data source imagebridge_image. Imports the plugin framework only.
import { a, schema, t, validators } from '@imagebridge/terraform-plugin';
import { notBlank } from '../validators.ts';

const text = (description: string) => a.string({ computed: true, description });
const number = (description: string) => a.number({ computed: true, description });

/** One image that exists already. */
export const imageDataSchema = schema({
  description:
    'One image that exists already, found by its id, or by its name and further conditions. Anything but exactly one match is an error that lists the candidates.',
  attributes: {
    id: a.string({
      optional: true,
      computed: true,
      description: "The service's id. Excludes `name`, `scope`, `tag` and `most_recent`.",
      validators: [notBlank],
    }),
    name: a.string({
      optional: true,
      computed: true,
      description: 'Exact name.',
      validators: [notBlank],
    }),
    scope: a.string({
      optional: true,
      description:
        "Where to look: `own` (this project's images), `shared` (shared with this project and accepted) or `public`. Default: everywhere.",
      validators: [validators.oneOf('own', 'shared', 'public')],
    }),
    tag: a.single({
      optional: true,
      description: 'A tag that the image must have.',
      attributes: {
        key: a.string({ required: true, description: 'Key of the tag.', validators: [notBlank] }),
        value: a.string({ optional: true, description: 'Value of the tag. Default: the empty value.' }),
      },
    }),
    most_recent: a.bool({
      optional: true,
      description: 'Where several match, take the one made last instead of failing.',
    }),
    cloud: a.string({
      optional: true,
      description:
        "Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's `default_cloud`.",
    }),
    region: a.string({
      optional: true,
      computed: true,
      description: "Region to look in. Default: the cloud's own.",
      validators: [notBlank],
    }),
    description: text('Free text.'),
    status: text('Status: `active` when it can be used.'),
    disk_format: text('Format that the cloud stores the image in.'),
    size_bytes: number('Size of the stored image in bytes.'),
    min_disk_gib: number('The smallest disk a server made from it may have, in GiB.'),
    min_ram_mib: number('The least memory a server made from it may have, in MiB.'),
    os_type: text('Kind of the operating system, e.g. `Linux`.'),
    os_version: text("Operating system as the cloud's catalogue spells it."),
    architecture: text('Processor architecture, e.g. `x86`.'),
    owner_id: text('Id of the project that owns the image.'),
    visibility: text('Who can see the image: `private`, `shared`, `public` …'),
    source_image_id: text('Id of the image that this one was copied from, where the cloud tells.'),
    sha256: text('SHA-256 in hex of the file the image was made from, where ImageBridge made it.'),
    created_at: text('When the cloud made it, as an RFC 3339 time in UTC.'),
    updated_at: text('When it was last changed, as an RFC 3339 time in UTC.'),
    tags: a.map({ element: t.string, computed: true, description: 'Tags.' }),
  },
});
