// The schema of imagebridge_image. Imports the plugin framework only.
import { a, planModifiers, schema, t, validators } from '@imagebridge/terraform-plugin';
import {
  cloudAttribute,
  fixedString,
  idAttribute,
  onDestroyAttribute,
  regionAttribute,
  timeoutsAttribute,
} from '../common-attributes.ts';
import { tagAttributes } from '../tags.ts';
import { notBlank, wholeNumber } from '../validators.ts';
import { sourceAttribute } from './source-schema.ts';

const { useStateForUnknown } = planModifiers;

/** Text that the cloud decides where the user does not. Whether a change replaces depends on the cloud: see plan.ts. */
const decidable = (description: string) =>
  a.string({
    optional: true,
    computed: true,
    description,
    validators: [notBlank],
    planModifiers: [useStateForUnknown],
  });

const IN_PLACE =
  'Changed in place where the cloud can; where it cannot, the plan says so and replaces the image.';

/** A machine image. */
export const imageSchema = schema({
  version: 1,
  description:
    'A machine image: made from a local file, a URL, an object, a server, a volume, a backup, or an image of another ' +
    'cloud. A file is uploaded in parts and imported; an interrupted apply goes on where it stopped and makes no second ' +
    'image. What the cloud can change is changed in place; what it cannot is replaced, and the plan says why. On ' +
    'huaweicloud names are unique: with `create_before_destroy` give the new image another name, for example one that ' +
    'holds a part of the hash.',
  attributes: {
    id: idAttribute("The service's id of the image."),
    name: a.string({
      required: true,
      description: `Name of the image. Checked against the cloud's rules while planning. ${IN_PLACE}`,
      validators: [notBlank],
    }),
    source: sourceAttribute,
    description: a.string({ optional: true, description: `Free text. ${IN_PLACE}` }),
    ...tagAttributes(),
    properties: a.map({
      element: t.string,
      optional: true,
      description:
        'Properties of your own, or of the cloud that have no attribute here. Those that others set are left alone and ' +
        `not shown. ${IN_PLACE}`,
      validators: [validators.keys(notBlank)],
    }),
    os_type: a.string({
      optional: true,
      computed: true,
      description: `Kind of the operating system, e.g. \`Linux\`. ${IN_PLACE}`,
      validators: [notBlank],
      planModifiers: [useStateForUnknown],
      // Glance keeps it in lower case.
      semanticEquals: (left, right) => left.toLowerCase() === right.toLowerCase(),
    }),
    os_distribution: decidable(
      `Distribution, where the cloud tells it from the version, e.g. \`Ubuntu\`. ${IN_PLACE}`,
    ),
    os_version: decidable(
      `Operating system as the cloud's catalogue spells it, e.g. \`Ubuntu 22.04 server 64bit\`. ${IN_PLACE}`,
    ),
    architecture: decidable(
      `Processor architecture as the cloud spells it, e.g. \`x86_64\` or \`x86\`. ${IN_PLACE}`,
    ),
    boot_mode: a.string({
      optional: true,
      computed: true,
      description: `How a server made from it starts: \`bios\` or \`uefi\`. ${IN_PLACE}`,
      validators: [validators.oneOf('bios', 'uefi')],
      planModifiers: [useStateForUnknown],
    }),
    min_disk_gib: a.number({
      optional: true,
      computed: true,
      description:
        'The smallest disk a server made from it may have, in GiB. Default: what the disk inside a file needs. ' +
        IN_PLACE,
      validators: [wholeNumber()],
      planModifiers: [useStateForUnknown],
    }),
    min_ram_mib: a.number({
      optional: true,
      description: `The least memory a server made from it may have, in MiB. ${IN_PLACE}`,
      validators: [wholeNumber()],
    }),
    disk_format: a.string({
      optional: true,
      computed: true,
      description:
        'Format of the content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection of the file finds, or ' +
        'what the name of a URL or an object ends in. A change replaces the image.',
      validators: [notBlank],
      planModifiers: [useStateForUnknown],
    }),
    visibility: decidable(
      `Who can see the image: \`private\`, \`shared\`, \`community\` or \`public\`, where the cloud knows them. ${IN_PLACE}`,
    ),
    protected: a.bool({
      optional: true,
      description:
        'The cloud refuses to delete the image. Before Terraform can delete or replace it, set it to false and apply.',
    }),
    active: a.bool({
      optional: true,
      description:
        'False takes the image out of use without deleting it, where the cloud can. Default true. Changed in place.',
    }),
    route: a.string({
      optional: true,
      description:
        'How a file goes to the cloud: `direct` (to the image service itself), `staged` (by way of a bucket) or `auto` ' +
        '(what the cloud can, resumable first). Default `auto`. Matters only while the image is made.',
      validators: [validators.oneOf('auto', 'direct', 'staged')],
    }),
    staging_bucket: a.string({
      optional: true,
      description:
        "Bucket that a file is uploaded to before the import. On huaweicloud one of the cloud's own object store, made " +
        "when it does not exist; default: the cloud's. Elsewhere one of an S3-compatible store that the cloud fetches it " +
        'from, which makes an upload resume; keys and endpoint come from the environment (`AWS_ACCESS_KEY_ID`, ' +
        '`AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`). Matters only while the image is made.',
      validators: [notBlank],
    }),
    on_destroy: onDestroyAttribute(),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(
      'How long the cloud may take to make the image once it has the content; an upload itself has no limit',
    ),
    status: a.string({
      computed: true,
      description: 'Status: `active` when it can be used.',
      planModifiers: [useStateForUnknown],
    }),
    size_bytes: a.number({
      computed: true,
      description: 'Size of the stored image in bytes.',
      planModifiers: [useStateForUnknown],
    }),
    stored_format: fixedString('Format that the cloud stores the image in; it may have converted the file.'),
    stored_checksum: fixedString(
      'Hash in hex of the stored bytes, where the cloud tells it. It differs from `source.sha256` where the cloud ' +
        'converted the file, or counts with another algorithm.',
    ),
    stored_checksum_algorithm: fixedString('Algorithm of `stored_checksum`: `sha256`, `sha512` or `md5`.'),
    owner_id: fixedString('Id of the project that owns the image.'),
    created_at: fixedString('When the cloud made it, as an RFC 3339 time in UTC.'),
  },
});
