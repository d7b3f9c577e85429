// The schema of the provider's configuration. Imports the plugin framework only.
import { a, schema, t, validators } from '@imagebridge/terraform-plugin';
import { notBlank, tagKey, tagValue, wholeNumber } from '../validators.ts';
import { cloudAttributes, requestLimits } from './cloud-schema.ts';

const text = (description: string) => a.string({ optional: true, description, validators: [notBlank] });

/** The provider's configuration. Every value is optional. */
export const providerSchema = schema({
  description:
    'Machine images from files to clouds: upload, describe, share and copy them. One provider serves many clouds: ' +
    'each resource may name its `cloud` and `region`. With an empty configuration the profiles file, `clouds.yaml` and the ' +
    'environment are used, exactly as the `imagebridge` command does.',
  attributes: {
    clouds: a.nestedMap({
      optional: true,
      description:
        "Clouds by name. Each is either a profile (`profile`) or an account's own settings (`family` and what it needs, with the " +
        "names of the profiles file). Where it has neither, its name is the profile's name. Settings without credentials take " +
        "what they leave out from the environment's variables of their family (`HW_*`, `OS_*`, `UCLOUDSTACK_*`, `IMAGEBRIDGE_*`).",
      attributes: cloudAttributes,
    }),
    config_file: text(
      "Path of the profiles file. Default: the environment's `IMAGEBRIDGE_CONFIG`, else the platform's configuration folder.",
    ),
    default_cloud: text(
      'The cloud of resources that name none: a name of `clouds` or of a profile. Default: the only entry of `clouds`, else ' +
        "the environment's `IMAGEBRIDGE_CLOUD` or `OS_CLOUD`, else the profiles file's own default.",
    ),
    default_tags: a.map({
      element: t.string,
      optional: true,
      description:
        'Tags that every image gets, unless it has one of the same key in its own `tags`. The sum is in `tags_all`.',
      validators: [validators.keys(tagKey), validators.values(tagValue)],
    }),
    state_dir: text(
      "Folder of the upload journals, by which an interrupted upload goes on. Default: the environment's `IMAGEBRIDGE_STATE_DIR`, else the platform's state folder.",
    ),
    upload_limit_bytes_per_second: a.number({
      optional: true,
      description: 'Most bytes per second of all uploads of one apply together. Default: no limit.',
      validators: [wholeNumber(1)],
    }),
    upload_parallel_parts: a.number({
      optional: true,
      description:
        'Most parts under way at once, of all uploads of one apply together; an upload in one stream counts as one part. Default 32.',
      validators: [wholeNumber(1)],
    }),
    ...requestLimits('a cloud', 'Default: what its family bears.'),
  },
});
