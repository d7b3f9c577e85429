// The schemas of images and members (seed 001 operations 39 to 42), as JSON documents. Data only.

const uuid = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const whole = (description: string) => ({ type: 'integer', description });
const extra = { is_base: false };
const readOnly = { type: 'string', description: '(READ-ONLY)' };

const imageProperties = {
  status: text('Status of the image (READ-ONLY)', {
    enum: ['queued', 'saving', 'active', 'killed', 'deleted', 'pending_delete'],
  }),
  tags: {
    items: { type: 'string', maxLength: 255 },
    type: 'array',
    description: 'List of strings related to the image',
  },
  kernel_id: text('ID of the kernel of an AMI-style image.', { pattern: uuid, ...extra }),
  ramdisk_id: text('ID of the ramdisk of an AMI-style image.', { pattern: uuid, ...extra }),
  container_format: text('Format of the container', { enum: ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova'] }),
  min_ram: whole('Amount of ram (in MB) required to boot image.'),
  locations: {
    items: {
      required: ['url', 'metadata'],
      type: 'object',
      properties: { url: { type: 'string', maxLength: 255 }, metadata: { type: 'object' } },
    },
    type: 'array',
    description: 'Locations of the image file in external stores',
  },
  visibility: text('Scope of image accessibility', { enum: ['public', 'private'] }),
  updated_at: text('Date and time of the last image modification (READ-ONLY)'),
  owner: text('Owner of the image', { maxLength: 255 }),
  file: readOnly,
  min_disk: whole('Amount of disk space (in GB) required to boot image.'),
  virtual_size: whole('Virtual size of image in bytes (READ-ONLY)'),
  id: text('An identifier for the image', { pattern: uuid }),
  size: whole('Size of image file in bytes (READ-ONLY)'),
  instance_uuid: text('ID of the instance used to create this image.', extra),
  os_distro: text('Common name of the operating system distribution', extra),
  name: text('Descriptive name for the image', { maxLength: 255 }),
  checksum: text('md5 hash of image contents. (READ-ONLY)', { maxLength: 32 }),
  created_at: text('Date and time of image registration (READ-ONLY)'),
  disk_format: text('Format of the disk', {
    enum: ['ami', 'ari', 'aki', 'vhd', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso'],
  }),
  os_version: text('Operating system version as specified by the distributor', extra),
  protected: { type: 'boolean', description: 'If true, image will not be deletable.' },
  architecture: text('Operating system architecture', extra),
  direct_url: text('URL to access the image file kept in external store (READ-ONLY)'),
  self: readOnly,
  schema: readOnly,
};

const link = (name: string, rel = name) => ({ href: `{${name}}`, rel });

const image = {
  additionalProperties: { type: 'string' },
  name: 'image',
  links: [link('self'), link('file', 'enclosure'), link('schema', 'describedby')],
  properties: imageProperties,
};

const member = {
  name: 'member',
  properties: {
    status: text('The status of this image member', { enum: ['pending', 'accepted', 'rejected'] }),
    created_at: text('Date and time of image member creation'),
    updated_at: text('Date and time of last modification of image member'),
    image_id: text('An identifier for the image', { pattern: uuid }),
    member_id: text('An identifier for the image member (tenantId)'),
    schema: { readOnly: true, type: 'string' },
  },
};

/** Name to document. */
export const schemas = {
  image,
  images: {
    name: 'images',
    links: [link('first'), link('next'), link('schema', 'describedby')],
    properties: {
      images: { items: image, type: 'array' },
      schema: { type: 'string' },
      next: { type: 'string' },
      first: { type: 'string' },
    },
  },
  member,
  members: {
    name: 'members',
    links: [link('schema', 'describedby')],
    properties: { members: { items: member, type: 'array' }, schema: { type: 'string' } },
  },
} as const;
