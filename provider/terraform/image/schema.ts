// The schema of imagebridge_image. Imports the plugin framework only.
import { a, planModifiers, schema, t, validators } from '@imagebridge/terraform-plugin';
import {
  cloudAttribute,
  fixedString,
  idAttribute,
  regionAttribute,
  timeoutsAttribute,
} from '../common-attributes.ts';
import { notBlank, sha256Hex, tagKey, tagValue, wholeNumber } from '../validators.ts';

const { useStateForUnknown, requiresReplaceIf, requiresReplaceIfConfigured } = planModifiers;

const sameTags = (left: unknown, right: unknown): boolean => {
  const entries = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
  return entries(left) === entries(right);
};

/** What is known of an origin. */
interface Origin {
  readonly file: string | null;
  readonly sha256: string | null;
}

/** True for the source of an image that was imported: it stands for any source of the same content. */
export const isUnknownOrigin = (source: { readonly file: unknown }): boolean => source.file === null;

const sameSource = (left: Origin, right: Origin): boolean =>
  (isUnknownOrigin(left) || isUnknownOrigin(right)) &&
  (left.sha256 === right.sha256 || left.sha256 === null || right.sha256 === null);

/** An image made from a local file. */
export const imageSchema = schema({
  version: 1,
  description:
    'A machine image made from a local file. The file is uploaded in parts and imported; an interrupted apply goes ' +
    'on where it stopped. The image is identified by the content of the file: another content at the same path ' +
    'plans a replacement, the same content at another path sends nothing. Where the file is absent while planning, ' +
    'the recorded or given SHA-256 stands for it.',
  attributes: {
    id: idAttribute("The service's id of the image."),
    name: a.string({
      required: true,
      description: "Name of the image. Checked against the cloud's rules while planning; changed in place.",
      validators: [notBlank],
    }),
    source: a.single({
      required: true,
      description:
        'What the image is made from. May be empty for an image that was imported and whose origin is not known.',
      semanticEquals: sameSource,
      attributes: {
        file: a.string({
          optional: true,
          description:
            'Path of the file, relative to the working directory. Needs not exist while planning where the content ' +
            'is known from the state or from `sha256`.',
          validators: [notBlank],
        }),
        sha256: a.string({
          optional: true,
          computed: true,
          description:
            'SHA-256 of the content in hex. Where it is given, the file is verified against it before the import. ' +
            'Otherwise it is computed while planning, and remembered by path, size and time of change. ' +
            'A change replaces the image.',
          validators: [sha256Hex],
        }),
      },
    }),
    os_version: a.string({
      optional: true,
      computed: true,
      description:
        "Operating system as the cloud's catalogue spells it, e.g. `Ubuntu 22.04 server 64bit`. A change replaces the image.",
      validators: [notBlank],
      planModifiers: [useStateForUnknown, requiresReplaceIfConfigured],
    }),
    description: a.string({ optional: true, description: 'Free text. Changed and cleared in place.' }),
    min_disk_gib: a.number({
      optional: true,
      computed: true,
      description:
        'The smallest disk a server made from it may have, in GiB. Default: what the disk inside the file needs. ' +
        'A change replaces the image.',
      validators: [wholeNumber(1)],
      planModifiers: [useStateForUnknown, requiresReplaceIfConfigured],
    }),
    min_ram_mib: a.number({
      optional: true,
      description: 'The least memory a server made from it may have, in MiB. Changed and cleared in place.',
      validators: [wholeNumber()],
    }),
    disk_format: a.string({
      optional: true,
      computed: true,
      description:
        "Format of the file's content: `qcow2`, `raw`, `iso`, `vmdk`, `vhd` … Default: what inspection finds. A change replaces the image.",
      validators: [notBlank],
      planModifiers: [useStateForUnknown, requiresReplaceIfConfigured],
    }),
    tags: a.map({
      element: t.string,
      optional: true,
      description:
        'Tags. A change replaces the image. The tag by which an interrupted run finds its own image again is not shown here.',
      validators: [validators.keys(tagKey), validators.values(tagValue)],
      planModifiers: [
        requiresReplaceIf<Readonly<Record<string, string>>>(
          'A change of a tag replaces the image.',
          ({ state, plan }) => !sameTags(state, plan),
        ),
      ],
    }),
    staging_bucket: a.string({
      optional: true,
      description:
        "Bucket that the file is uploaded to before the import; made when it does not exist. Default: the cloud's. " +
        'Matters only while the image is made.',
      validators: [notBlank],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(
      'How long the import may take once the file is uploaded; the upload itself has no limit',
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
    owner_id: fixedString('Id of the project that owns the image.'),
    visibility: fixedString('Who can see the image: `private`, `shared`, `public` …'),
    os_type: fixedString('Kind of the operating system, e.g. `Linux`.'),
    created_at: fixedString('When the cloud made it, as an RFC 3339 time in UTC.'),
  },
});
