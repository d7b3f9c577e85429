// The schema of imagebridge_image_copy. Imports the plugin framework only.
import { a, planModifiers, schema } from '@imagebridge/terraform-plugin';
import {
  cloudAttribute,
  fixedString,
  idAttribute,
  regionAttribute,
  timeoutsAttribute,
} from '../common-attributes.ts';
import { notBlank } from '../validators.ts';

const { requiresReplace, useStateForUnknown } = planModifiers;

/** A copy of an image, in its region or in another one. */
export const copySchema = schema({
  description:
    'A copy of an image, in the same region or in another one of the same cloud. A copy that an interrupted apply had begun is adopted, never made twice.',
  attributes: {
    id: idAttribute("The service's id of the copy."),
    source_image_id: a.string({
      required: true,
      description: 'Id of the image to copy. A change replaces the copy.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    name: a.string({
      required: true,
      description: 'Name of the copy. Changed in place.',
      validators: [notBlank],
    }),
    description: a.string({
      optional: true,
      description: 'Free text. Changed and cleared in place.',
    }),
    target_region: a.string({
      optional: true,
      computed: true,
      description: 'Region of the copy. Default: that of the source. A change replaces the copy.',
      validators: [notBlank],
      planModifiers: [useStateForUnknown, requiresReplace],
    }),
    target_project: a.string({
      optional: true,
      description:
        "Name of the project that owns the copy, in another region. Default: the region's own project. A change replaces the copy.",
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    agency_name: a.string({
      optional: true,
      description:
        "Agency (delegation) that the cloud acts under across regions. Default: the cloud's. Matters only while the copy is made.",
      validators: [notBlank],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the source image'),
    timeouts: timeoutsAttribute(),
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
    owner_id: fixedString('Id of the project that owns the copy.'),
    os_version: fixedString("Operating system as the cloud's catalogue spells it."),
    created_at: fixedString('When the cloud made it, as an RFC 3339 time in UTC.'),
  },
});
