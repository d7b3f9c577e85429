// The attribute `source` of imagebridge_image: what an image is made from. Imports the plugin framework only.
import { a, check } from '@imagebridge/terraform-plugin';
import { notBlank, sha256Hex, wholeNumber } from '../validators.ts';
import { originOf, type SourceFields } from './origin.ts';

const hexDigits = (digits: number, what: string) =>
  check<string>(`must be ${what}: ${digits} digits 0-9 and a-f, lower case`, (text) =>
    new RegExp(`^[0-9a-f]{${digits}}$`).test(text),
  );

const fetchable = check<string>(
  'must be a URL that starts with http:// or https:// (or ftp://, where the cloud takes it)',
  (text) => URL.canParse(text) && /^(https?|ftp):\/\//i.test(text),
);

const id = (description: string) => a.string({ optional: true, description, validators: [notBlank] });

/** True where an image was imported and its origin is not known: it stands for any source of the same content. */
const sameSource = (left: SourceFields, right: SourceFields): boolean =>
  (originOf(left).kind === 'unknown' || originOf(right).kind === 'unknown') &&
  (left.sha256 === right.sha256 || typeof left.sha256 !== 'string' || typeof right.sha256 !== 'string');

/** See the description. */
export const sourceAttribute = a.single({
  required: true,
  description:
    'What the image is made from: exactly one of `file`, `url`, `url_wo`, `object`, `server_id`, `volume_id`, `backup_id`, ' +
    '`whole_server_id` and `image`. Another source plans a replacement, unless the content is the same. May be empty ' +
    '(`source = {}`) for an image that was imported.',
  semanticEquals: sameSource,
  attributes: {
    file: a.string({
      optional: true,
      description:
        'Path of a local file, relative to the working directory. Only its content counts: the same content at another ' +
        'path sends nothing. Needs not exist while planning where the content is known from the state or from `sha256`.',
      validators: [notBlank],
    }),
    url: a.string({
      optional: true,
      description:
        'URL that the cloud fetches by itself; for a cloud that fetches none, the bytes go through this machine. It is kept ' +
        'in the state, so it must hold no credentials: for a signed URL use `url_wo`. Where the cloud fetches it, ' +
        '`disk_format` is needed unless the path ends in one.',
      validators: [fetchable],
    }),
    url_wo: a.string({
      optional: true,
      writeOnly: true,
      description: 'As `url`, but never stored, for URLs that grant access. Needs Terraform 1.11.',
      validators: [fetchable],
    }),
    url_wo_version: a.number({
      optional: true,
      computed: true,
      description:
        'Stands for the content behind `url_wo`: a change replaces the image, a new signature alone does not. Default 1.',
      validators: [wholeNumber()],
    }),
    object: a.single({
      optional: true,
      description: "Object in the cloud's own object store.",
      attributes: {
        bucket: a.string({ required: true, description: 'Name of the bucket.', validators: [notBlank] }),
        key: a.string({ required: true, description: 'Key of the object.', validators: [notBlank] }),
      },
    }),
    server_id: id(
      'Id of a server, whose system disk becomes the image. Most clouds want the server to be stopped.',
    ),
    disk_id: id('With `server_id`: another disk of the server, where the cloud can choose (ucloudstack).'),
    storage_set: id('With `server_id`: storage set that the image is to lie in (ucloudstack).'),
    volume_id: id(
      'Id of a volume. It becomes a system image (which needs `os_version`), or with `data_disk` that of a data disk.',
    ),
    backup_id: id('Id of a backup of a whole server.'),
    whole_server_id: id('Id of a server, which becomes one image with all its disks. Needs `vault_id`.'),
    vault_id: id('With `whole_server_id` or `backup_id`: vault that holds the backups (huaweicloud: CBR).'),
    image: a.single({
      optional: true,
      description:
        'An image of another cloud, or of another region. It goes there directly where the one gives a URL and the other ' +
        'fetches it, else through this machine. Inside one cloud, imagebridge_image_copy is faster.',
      attributes: {
        id: a.string({ required: true, description: 'Id of the image.', validators: [notBlank] }),
        cloud: a.string({
          optional: true,
          description:
            "Cloud that it is in, as in `cloud` of a resource. Default: the provider's `default_cloud`.",
        }),
        region: a.string({
          optional: true,
          description: "Region that it is in. Default: that cloud's own.",
        }),
      },
    }),
    data_disk: a.bool({
      optional: true,
      description:
        'With `file`, `object` or `volume_id`: it is a disk of data only, without an operating system.',
    }),
    unpack: a.bool({
      optional: true,
      description:
        'With `file`: unpack a file that is packed with gz, bz2, xz or zst on its way. The content that counts is the ' +
        'packed file. Matters only while the image is made.',
    }),
    convert: a.bool({
      optional: true,
      description:
        'With `file`: convert it with qemu-img where the cloud does not take its format. The content that counts is the ' +
        'file as it is. Matters only while the image is made.',
    }),
    sha256: a.string({
      optional: true,
      computed: true,
      description:
        'SHA-256 of the content in hex. Where it is given, a file is verified against it before the import; otherwise that ' +
        'of a file is computed while planning, and remembered by path, size and time of change. A change replaces the ' +
        'image. It is the hash of what the image was made from: see `stored_checksum` for what the cloud stores.',
      validators: [sha256Hex],
    }),
    sha512: a.string({
      optional: true,
      description:
        'SHA-512 that the content must have, in hex. A file is verified before the import; what the cloud fetches is ' +
        'compared with what it tells afterwards. A cloud that tells none refuses it while planning.',
      validators: [hexDigits(128, 'a SHA-512')],
    }),
    md5: a.string({
      optional: true,
      description: 'MD5 that the content must have, in hex. As `sha512`.',
      validators: [hexDigits(32, 'an MD5')],
    }),
  },
});
