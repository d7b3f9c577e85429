// Shapes of the image service's requests and answers. Requests are strict, answers are read leniently: unknown fields stay.
import { z } from 'zod';

const text = z.string();
const optionalText = z.string().nullish().catch(undefined);
/** A number that some servers write as text. */
const optionalNumber = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .nullish()
  .catch(undefined);

/** An image as it comes (seed 003 §4.3; Glance v2). Properties of the user's own stand beside these fields. */
export const imageSchema = z.looseObject({
  /** UUID. */
  id: text.min(1),
  name: optionalText,
  /** queued, saving, uploading, importing, active, killed, deleted, pending_delete, deactivated. */
  status: optionalText,
  /** public, private, shared, community. */
  visibility: optionalText,
  /** Bytes; null while queued. */
  size: optionalNumber,
  /** Bytes of the disk inside; null where the service does not know. */
  virtual_size: optionalNumber,
  /** MD5 in hex; null where the service keeps none. */
  checksum: optionalText,
  /** Algorithm of `os_hash_value`, usually sha512. */
  os_hash_algo: optionalText,
  os_hash_value: optionalText,
  os_hidden: z.boolean().nullish().catch(undefined),
  disk_format: optionalText,
  container_format: optionalText,
  /** GB. */
  min_disk: optionalNumber,
  /** MB. */
  min_ram: optionalNumber,
  /** Project id. */
  owner: optionalText,
  protected: z
    .union([z.boolean(), z.string().transform((value) => value.toLowerCase() === 'true')])
    .nullish()
    .catch(undefined),
  tags: z.array(text).nullish().catch(undefined),
  created_at: optionalText,
  updated_at: optionalText,
  /** Misprint of seed 003 for `updated_at`. */
  update_at: optionalText,
});
/** An image as it comes. */
export type WireImage = z.infer<typeof imageSchema>;

/** Answer of the listing (operation 54). `next` is relative. */
export const imageListSchema = z.looseObject({
  images: z.array(imageSchema),
  next: optionalText,
});

/** A member of an image (Glance v2). */
export const memberSchema = z.looseObject({
  member_id: text.min(1),
  image_id: optionalText,
  /** pending, accepted, rejected. */
  status: optionalText,
  created_at: optionalText,
  updated_at: optionalText,
  update_at: optionalText,
});
/** A member as it comes. */
export type WireMember = z.infer<typeof memberSchema>;
/** Answer of the listing of members. */
export const memberListSchema = z.looseObject({ members: z.array(memberSchema) });

/** Answer of `GET /v2/info/import`. */
export const importInfoSchema = z.looseObject({
  'import-methods': z.looseObject({ value: z.array(text) }),
});
/** Answer of `GET /v2/info/stores`. */
export const storesSchema = z.looseObject({
  stores: z.array(z.looseObject({ id: text, default: z.union([z.boolean(), text]).nullish() })),
});
/** Answer of `GET /v2/info/usage`; counts, and MiB for totals of sizes. */
export const usageSchema = z.looseObject({
  usage: z.record(text, z.looseObject({ usage: z.coerce.number(), limit: z.coerce.number() })),
});
/** Answer of `GET /v2/images/{id}/tasks` (2.12 and later). */
export const tasksSchema = z.looseObject({
  tasks: z.array(
    z.looseObject({
      id: optionalText,
      type: optionalText,
      status: optionalText,
      message: optionalText,
      created_at: optionalText,
    }),
  ),
});
/** Answer of `GET /versions` and `GET /`. */
export const versionsSchema = z.looseObject({
  versions: z.array(z.looseObject({ id: text, status: text })),
});
/** Any JSON object. */
export const objectSchema = z.looseObject({});

/** Query of operation 54, `GET /v2/images` (seed 003 §4.3; Glance v2). */
export const listRequest = z
  .object({
    /** UUID, or several as `in:ID,ID`. */
    id: text,
    /** Exact name. */
    name: text,
    /** queued, saving, active, killed, deleted, pending_delete, deactivated. */
    status: text,
    /** public, private, shared, community, all. */
    visibility: text,
    /** Project id. */
    owner: text,
    /** pending, accepted, rejected, all. */
    member_status: z.enum(['pending', 'accepted', 'rejected', 'all']),
    disk_format: text,
    container_format: text,
    /** A tag the image must have; several must all be there. */
    tag: z.array(text),
    /** Bytes. */
    size_min: z.int().min(0),
    /** Bytes. */
    size_max: z.int().min(0),
    protected: z.boolean(),
    os_hidden: z.boolean(),
    /** Hex; images with the same data. */
    os_hash_value: text,
    /** Property of that name, exactly. */
    os_type: text,
    /** Property of that name, exactly. */
    os_distro: text,
    /** Property of that name, exactly. */
    os_version: text,
    /** `op:time`, op one of gt, gte, lt, lte, eq, neq; UTC. */
    created_at: text,
    /** `op:time`, as for created_at. */
    updated_at: text,
    /** Seed 003 names it; Glance v2 refuses it, so it is sent as `updated_at=gte:…`. */
    'changes-since': text,
    /** Field to sort by. Seed 003 prints `sort-key` in its table. */
    sort_key: text,
    sort_dir: z.enum(['asc', 'desc']),
    /** Id of the last image of the page before. */
    marker: text,
    /** Images on a page, 1 to 1000; default 25. */
    limit: z.int().min(1).max(1000),
  })
  .partial()
  .strict();
/** Query of operation 54. */
export type ListRequest = z.input<typeof listRequest>;

/** Body of operation 55, `POST /v2/images` (seed 003 §4.3; Glance v2). Further texts become properties. */
const createFields = z
  .object({
    /** 1 to 255 characters. */
    name: text.min(1).max(255, 'an image name has up to 255 characters'),
    /** UUID of one's own choice. */
    id: text,
    /** bare for a plain file; ami, ari, aki, ovf, ova, docker, compressed. */
    container_format: text,
    /** qcow2, raw, iso, vmdk, vhd, vhdx, vdi, ploop, ami, ari, aki. */
    disk_format: text,
    /** public, private, shared, community. Default shared. */
    visibility: text,
    protected: z.boolean(),
    os_hidden: z.boolean(),
    /** GB. */
    min_disk: z.int().min(0),
    /** MB. */
    min_ram: z.int().min(0),
    tags: z.array(text.max(255, 'a tag has up to 255 characters')).max(128, 'an image has up to 128 tags'),
  })
  .partial();
/** Body of operation 55 with properties of the user's own, which are texts. */
export const createRequest = createFields.catchall(text);
/** Body of operation 55. */
export type CreateRequest = z.input<typeof createFields> & Readonly<Record<string, unknown>>;

/** One change of operation 56. */
export const patchOperation = z.strictObject({
  op: z.enum(['add', 'replace', 'remove']),
  /** A JSON pointer, e.g. `/name`. */
  path: text.regex(/^\//, 'a path begins with /'),
  /** Absent for remove. */
  value: z.unknown().optional(),
});
/** One change of operation 56. */
export type PatchOperation = z.input<typeof patchOperation>;
