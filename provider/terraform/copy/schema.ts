// The schema of imagebridge_image_copy. Imports the plugin framework only.
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
import { notBlank } from '../validators.ts';

const { requiresReplace, useStateForUnknown } = planModifiers;

/** A fact of the system inside, for copies to another cloud. */
const osFact = (what: string) =>
  a.string({
    optional: true,
    computed: true,
    description:
      `${what} Only for a copy to another cloud; default: what the source says, where the other cloud takes it over. ` +
      'Changed in place where the cloud can; else a change replaces the copy.',
    validators: [notBlank],
    planModifiers: [useStateForUnknown],
  });

/** A copy of an image: in its region, in another one, as a base image, in further stores, or in another cloud. */
export const copySchema = schema({
  description:
    'A copy of an image: in the same region or another one, as a base image, in further stores of the same service, or in ' +
    'another cloud. A copy that an interrupted apply had begun is adopted, never made twice.',
  attributes: {
    id: idAttribute("The service's id of the copy; of the source where it is a copy to further stores."),
    source_image_id: a.string({
      required: true,
      description: 'Id of the image to copy. A change replaces the copy.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    name: a.string({
      optional: true,
      computed: true,
      description:
        "Name of the copy. Default: the source's, with `-copy` at its end where both are in one place. Changed in place " +
        'where the cloud can rename; else a change replaces the copy. Not for a copy to further stores.',
      validators: [notBlank],
      planModifiers: [useStateForUnknown],
    }),
    description: a.string({
      optional: true,
      description: 'Free text. Changed and cleared in place where the cloud can.',
    }),
    target_cloud: a.string({
      optional: true,
      description:
        'Another cloud of the provider, or a profile, that gets the copy. It fetches the image by itself where it can; else the ' +
        'bytes go through this machine. A change replaces the copy, unless both names mean the same cloud.',
      validators: [notBlank],
    }),
    target_region: a.string({
      optional: true,
      computed: true,
      description:
        "Region of the copy. Default: that of the source, or the other cloud's own. A change replaces the copy.",
      validators: [notBlank],
      planModifiers: [useStateForUnknown, requiresReplace],
    }),
    target_project: a.string({
      optional: true,
      description:
        "Name of the project that owns the copy, in another region of the same cloud. Default: the region's own project. " +
        'A change replaces the copy.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    to_base_image: a.bool({
      optional: true,
      description:
        'True: the copy is a base image, which all tenants can be given (UCloudStack, for administrators). A change replaces ' +
        'the copy.',
      planModifiers: [
        planModifiers.requiresReplaceIf<boolean>(
          'A change replaces the copy.',
          ({ state, plan }) => (state === true) !== (plan === true),
        ),
      ],
    }),
    to_stores: a.set({
      element: t.string,
      optional: true,
      description:
        'Stores of the same service that the data of the image are copied to as well (OpenStack). No second image is made. ' +
        'Stores are added in place. The service has no call that takes data out of a store again, so `on_destroy` must be ' +
        '`retain`, and a store that is left out here is only forgotten.',
      validators: [validators.size({ min: 1 }), validators.each(notBlank)],
    }),
    via: a.string({
      optional: true,
      description:
        'How the image gets to another cloud: `pull`, that cloud fetches it by itself; `stream`, by way of this machine; `auto`, ' +
        'the first that works. Set it for a copy inside one cloud that has no copying of its own, too. Matters only while the ' +
        'copy is made. Default `auto`.',
      validators: [validators.oneOf('auto', 'pull', 'stream')],
    }),
    staging_bucket: a.string({
      optional: true,
      description:
        "Bucket of the other cloud that the image goes through on its way. Default: that cloud's. Matters only while the copy " +
        'is made.',
      validators: [notBlank],
    }),
    agency_name: a.string({
      optional: true,
      description:
        "Agency (delegation) that the cloud acts under across regions. Default: the cloud's. Matters only while the copy is made.",
      validators: [notBlank],
    }),
    vault_id: a.string({
      optional: true,
      description:
        'Vault in the other region that whole-server images need. Matters only while the copy is made.',
      validators: [notBlank],
    }),
    kms_key_id: a.string({
      optional: true,
      description: 'Key that a copy in the same region is encrypted with. A change replaces the copy.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    os_type: osFact('Kind of the operating system, e.g. `Linux`.'),
    os_distribution: osFact('The distribution, e.g. `Ubuntu`.'),
    os_version: osFact("Operating system as the cloud's catalogue spells it."),
    architecture: osFact('Architecture, e.g. `x86_64`.'),
    boot_mode: osFact('Boot mode: `bios` or `uefi`.'),
    ...tagAttributes('the copy'),
    properties: a.map({
      element: t.string,
      optional: true,
      description:
        'Properties of your own, and of the family that have no argument here. Only these keys are looked after. Changed and ' +
        'cleared in place where the cloud can; else a change replaces the copy.',
    }),
    protected: a.bool({
      optional: true,
      description: 'True: the service refuses to delete the copy. Changed in place where the cloud can.',
    }),
    on_destroy: onDestroyAttribute('the copy'),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the source image'),
    timeouts: timeoutsAttribute(
      'How long making the copy may take; where the bytes go through this machine, only the import after it',
    ),
    status: a.string({
      computed: true,
      description: 'Status: `active` when it can be used.',
      planModifiers: [useStateForUnknown],
    }),
    size_bytes: a.number({
      computed: true,
      description: 'Size of the stored copy in bytes.',
      planModifiers: [useStateForUnknown],
    }),
    min_disk_gib: a.number({
      computed: true,
      description: 'The smallest disk a server made from it may have, in GiB.',
      planModifiers: [useStateForUnknown],
    }),
    stored_format: fixedString('Format that the cloud stores the copy in.'),
    visibility: a.string({
      computed: true,
      description: 'Who can see the copy: `private`, `shared`, `public` …',
      planModifiers: [useStateForUnknown],
    }),
    owner_id: fixedString('Id of the project that owns the copy.'),
    created_at: fixedString('When the cloud made it, as an RFC 3339 time in UTC.'),
  },
});
