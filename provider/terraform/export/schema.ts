// The schema of imagebridge_image_export. Imports the plugin framework only.
import { a, planModifiers, schema, validators } from '@imagebridge/terraform-plugin';
import {
  cloudAttribute,
  fixedString,
  idAttribute,
  regionAttribute,
  timeoutsAttribute,
} from '../common-attributes.ts';
import { notBlank, serviceUrl } from '../validators.ts';

const { requiresReplace, requiresReplaceIf, useStateForUnknown } = planModifiers;

/** Replaces for another value, but not where nothing is recorded yet: after an import. */
const replaceIfRecorded = <V>() =>
  requiresReplaceIf<V>('A change replaces the export.', ({ state }) => state !== null);

const text = (description: string) => a.string({ required: true, description, validators: [notBlank] });

/** An image written to a place of the user's. */
export const exportSchema = schema({
  description:
    'An image as a file: an object in the store of its own cloud, which writes it by itself; an object in any S3-compatible ' +
    'store, or a local file, by way of this machine. An export that an interrupted apply had begun is gone on with. Where the ' +
    'file is gone, or another one is in its place, the export is planned anew. Exactly one of `object`, `s3` and `file`.',
  attributes: {
    id: idAttribute('`BUCKET/KEY`, `s3://BUCKET/KEY` or the path of the file.'),
    image_id: a.string({
      required: true,
      description: 'Id of the image. A change replaces the export.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    object: a.single({
      optional: true,
      description:
        "An object in the store of the image's cloud and region (Huawei Cloud). A change replaces the export.",
      planModifiers: [requiresReplace],
      attributes: {
        bucket: text('The bucket, which must be there.'),
        key: text('Key of the object, which must not be taken.'),
      },
    }),
    s3: a.single({
      optional: true,
      description:
        'An object in an S3-compatible store. The keys come from the environment: `AWS_ACCESS_KEY_ID`, ' +
        '`AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. A change replaces the export.',
      planModifiers: [requiresReplace],
      attributes: {
        bucket: text('The bucket, which must be there.'),
        key: text('Key of the object, which must not be taken.'),
        endpoint: a.string({
          optional: true,
          description: "URL of the store. Default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's.",
          validators: [serviceUrl],
        }),
        region: a.string({
          optional: true,
          description:
            'Region as signatures name it. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else `us-east-1`.',
          validators: [notBlank],
        }),
        path_style: a.bool({
          optional: true,
          description:
            'The bucket stands in the path instead of the host name. Default: true except at Amazon.',
        }),
      },
    }),
    file: a.string({
      optional: true,
      description:
        'Path of a local file, relative to the working directory. On a machine without the file it is written again. A change ' +
        'replaces the export.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    disk_format: a.string({
      optional: true,
      computed: true,
      description:
        'Format that the cloud converts to: `qcow2`, `vmdk`, `vhd`, `zvhd`. For `object` only. Default: `qcow2`, none with ' +
        '`quick`. A change replaces the export.',
      validators: [notBlank],
      planModifiers: [useStateForUnknown, replaceIfRecorded<string>()],
    }),
    quick: a.bool({
      optional: true,
      description:
        'True: the fast way without conversion, the only one for large images. For `object` only. A change replaces the export.',
      planModifiers: [
        requiresReplaceIf<boolean>(
          'A change replaces the export.',
          ({ state, plan }) => (state === true) !== (plan === true),
        ),
      ],
    }),
    on_destroy: a.string({
      optional: true,
      default: 'delete',
      description:
        'What destroying does: `delete` removes the file or object, unless somebody has put another one in its place; `retain` ' +
        'leaves it. Default `delete`. Apply a change of it before you destroy.',
      validators: [validators.oneOf('delete', 'retain')],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(
      'How long the export of the cloud may take; bytes that go through this machine have no limit',
    ),
    size_bytes: a.number({
      computed: true,
      description: 'Size of the file in bytes.',
      planModifiers: [useStateForUnknown],
    }),
    etag: fixedString("The store's tag of the object's content; null for a local file."),
    sha256: fixedString('SHA-256 of a local file, in hex; null for an object.'),
  },
});
