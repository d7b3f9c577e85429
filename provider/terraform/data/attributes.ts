// Attributes that data sources share: where to look, what is told of an image, and what images are looked for by.
// Imports the plugin framework only.
import { a, check, t, validators } from '@imagebridge/terraform-plugin';
import { notBlank, sha256Hex } from '../validators.ts';

/** `cloud` and `region` of a data source. */
export const placeAttributes = () => ({
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
});

/** A computed text. */
export const text = (description: string) => a.string({ computed: true, description });
/** A computed number. */
export const number = (description: string) => a.number({ computed: true, description });

/** True where a text is a regular expression of JavaScript, in its Unicode mode. */
export function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A regular expression. */
export const regularExpression = check<string>(
  'must be a regular expression, e.g. "^web-[0-9]+$"',
  isRegularExpression,
);

/** The words of an image's status. */
export const STATUSES = ['pending', 'importing', 'active', 'failed', 'deactivated', 'unknown'] as const;
/** Where images can be looked for. */
export const SCOPES = ['own', 'shared', 'public'] as const;

const DESCRIPTIONS = {
  name: 'Exact name.',
  status: `Status: ${STATUSES.map((one) => `\`${one}\``).join(', ')}.`,
  visibility: 'Who can see the image: `private`, `shared`, `public` …',
  owner_id: 'Id of the project that owns the image.',
  os_type: 'Kind of the operating system, e.g. `Linux`.',
  os_distribution: 'Distribution, where the cloud tells it from the version, e.g. `Ubuntu`.',
  os_version: "Operating system as the cloud's catalogue spells it.",
  architecture: 'Processor architecture, as the cloud spells it.',
  disk_format: 'Format that the cloud stores the image in.',
  sha256:
    'SHA-256 in hex of the file that the image was made from, where ImageBridge made it. Where a cloud keeps no ' +
    'properties, it is known by the name and this hash together, and can be looked for, but not told.',
} as const;

/** What a search by equal values looks at, and what an image then tells. */
export type EqualFilter = keyof typeof DESCRIPTIONS;

/** What images can be looked for by, besides {@link EqualFilter}s. */
export const searchAttributes = () => ({
  name_prefix: a.string({
    optional: true,
    description: 'What the name begins with.',
    validators: [notBlank],
  }),
  name_regex: a.string({
    optional: true,
    description:
      'Regular expression (JavaScript) that matches somewhere in the name: anchor it with `^` and `$` where the whole name is meant.',
    validators: [regularExpression],
  }),
  scope: a.string({
    optional: true,
    description:
      "Where to look: `own` (this project's images), `shared` (shared with this project and accepted) or `public`. Default: everywhere.",
    validators: [validators.oneOf(...SCOPES)],
  }),
  with_tags: a.map({
    element: t.string,
    optional: true,
    description: 'Tags that an image must have, with these values. A bare tag has the value `""`.',
  }),
  with_properties: a.map({
    element: t.string,
    optional: true,
    description: 'Properties that an image must have, with these values.',
  }),
  hidden: a.bool({
    optional: true,
    description:
      'True: look only at images that are hidden from listings (openstack). Default: only at the others.',
  }),
});

/** The filters by equal values, where an image that is found tells the value in the same attribute. */
export const foundFilters = () => {
  const filter = (name: EqualFilter) =>
    a.string({ optional: true, computed: true, description: DESCRIPTIONS[name], validators: [notBlank] });
  return {
    name: filter('name'),
    visibility: filter('visibility'),
    owner_id: filter('owner_id'),
    os_type: filter('os_type'),
    os_distribution: filter('os_distribution'),
    os_version: filter('os_version'),
    architecture: filter('architecture'),
    disk_format: filter('disk_format'),
    status: a.string({
      optional: true,
      computed: true,
      description: `${DESCRIPTIONS.status} A search without it finds active images only.`,
      validators: [validators.oneOf(...STATUSES)],
    }),
    sha256: a.string({
      optional: true,
      computed: true,
      description: DESCRIPTIONS.sha256,
      validators: [sha256Hex],
    }),
  };
};

/** The filters by equal values, where several images are found. */
export const equalFilters = () => {
  const filter = (name: EqualFilter) =>
    a.string({ optional: true, description: DESCRIPTIONS[name], validators: [notBlank] });
  return {
    name: filter('name'),
    visibility: filter('visibility'),
    owner_id: filter('owner_id'),
    os_type: filter('os_type'),
    os_distribution: filter('os_distribution'),
    os_version: filter('os_version'),
    architecture: filter('architecture'),
    disk_format: filter('disk_format'),
    status: a.string({
      optional: true,
      description: `${DESCRIPTIONS.status} Default: any.`,
      validators: [validators.oneOf(...STATUSES)],
    }),
    sha256: a.string({ optional: true, description: DESCRIPTIONS.sha256, validators: [sha256Hex] }),
  };
};

/** What only an image tells, and nothing is looked for by. */
export const imageFacts = () => ({
  description: text('Free text.'),
  size_bytes: number('Size of the stored image in bytes.'),
  min_disk_gib: number('The smallest disk a server made from it may have, in GiB.'),
  min_ram_mib: number('The least memory a server made from it may have, in MiB.'),
  boot_mode: text('Firmware that starts it: `bios` or `uefi`, where the cloud tells.'),
  protected: a.bool({ computed: true, description: 'True where the cloud refuses to delete it.' }),
  source_image_id: text('Id of the image that this one was copied from, where the cloud tells.'),
  checksums: a.map({
    element: t.string,
    computed: true,
    description: 'Hashes of the stored bytes in hex that the cloud vouches for, by algorithm.',
  }),
  created_at: text('When the cloud made it, as an RFC 3339 time in UTC.'),
  updated_at: text('When it was last changed, as an RFC 3339 time in UTC.'),
  retired_at: text('Since when it should not be used any more; null where it may.'),
  channels: a.map({
    element: t.string,
    computed: true,
    description: 'Its place in channels, by their names: `current`, `previous` or `former`.',
  }),
  tags: a.map({ element: t.string, computed: true, description: 'Tags.' }),
  properties: a.map({
    element: t.string,
    computed: true,
    description: "Further properties, under the service's own names.",
  }),
});

/** An image among several. */
export const listedImage = () => {
  const told = (name: EqualFilter) => text(DESCRIPTIONS[name]);
  return {
    id: text("The service's id."),
    name: text('Name.'),
    visibility: told('visibility'),
    owner_id: told('owner_id'),
    os_type: told('os_type'),
    os_distribution: told('os_distribution'),
    os_version: told('os_version'),
    architecture: told('architecture'),
    disk_format: told('disk_format'),
    status: told('status'),
    sha256: told('sha256'),
    ...imageFacts(),
  };
};
