// Shapes of the 13 actions' requests and answers (seed 000). Requests are strict, answers are read leniently: unknown fields stay.
import { z } from 'zod';

const text = z.string().min(1);
const optionalText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined);
/** A number that some installations write as text. */
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
const optionalBoolean = z
  .union([z.boolean(), z.string().transform((value) => value.toLowerCase() === 'true')])
  .nullish()
  .catch(undefined);

/** Region id from DescribeRegion; default: the profile's. */
const Region = text.optional();
/** Tenant id; default: the profile's. */
const CompanyID = z.int().optional();
/** Project group id, `project-…`; default: the profile's. */
const ProjectID = text.optional();
/** Page size, 1 to 100; default 20. Seed 000 swaps the descriptions of Limit and Offset. */
const Limit = z.int().min(1).max(100).optional();
/** Start of the page, from 0. */
const Offset = z.int().min(0).optional();
/** `bios` or `uefi`; default bios. */
const BootloaderType = z.enum(['bios', 'uefi']).optional();
/** Facts of the system; values come from DescribeImageOSVersions. */
const os = {
  /** `Linux`, `Windows`. */
  OSType: text,
  /** `x86_64`, `aarch64`. */
  SetArch: text,
  /** E.g. `CentOS`. */
  OSDistribution: text,
  /** E.g. `7`. */
  OSVersion: text,
  SupportQGA: z.boolean().optional(),
  SupportCloudInit: z.boolean().optional(),
  BootloaderType,
};
/** `base64(key):base64(value)` each. */
const TagKeyValuePairs = z.array(
  text.regex(/^[A-Za-z0-9+/]+=*:[A-Za-z0-9+/]+=*$/, 'is not base64(key):base64(value)'),
);

/** Requests by action. Every field by its name on the wire. */
export const REQUESTS = {
  /** Operation 1. */
  CloneCustomImageToBaseImage: z.strictObject({
    Region,
    CompanyID,
    DestImageName: text,
    SourceImageID: text,
  }),
  /** Operation 2. */
  CreateCustomImage: z.strictObject({
    Region,
    CompanyID,
    ImageName: text,
    ImageDescription: z.string().optional(),
    ProjectID,
    TagKeyValuePairs: TagKeyValuePairs.optional(),
    /** Source server, `vm-…`. */
    VMID: text,
    /** Storage set that the image is to lie in. */
    StorageSetType: text.optional(),
    /** Source disk; default: the system disk. */
    DiskID: text.optional(),
  }),
  /** Operation 3. */
  AbortCustomImage: z.strictObject({ Region, CompanyID, ImageID: text }),
  /** Operation 4. */
  DeleteBaseImage: z.strictObject({ Region, CompanyID, ImageID: text }),
  /** Operation 5. */
  DeleteCustomImage: z.strictObject({ Region, CompanyID, ImageID: text }),
  /** Operation 6. */
  DescribeImage: z.strictObject({
    Region,
    CompanyID,
    ProjectIDs: z.array(text).optional(),
    /** Part of a name or id. */
    Keyword: text.optional(),
    Limit,
    Offset,
    ImageIDs: z.array(text).optional(),
    ImageType: z.enum(['Base', 'Custom']).optional(),
    ImageFormat: text.optional(),
  }),
  /** Operation 7. */
  DescribeBaseImage: z.strictObject({ Region, ImageIDs: z.array(text).optional() }),
  /** Operation 8. */
  ImportImage: z.strictObject({
    Region,
    CompanyID,
    ProjectID,
    TagKeyValuePairs: TagKeyValuePairs.optional(),
    ImageName: text,
    /** `qcow2` or `iso`; newer versions also `vmdk`, `raw`. */
    ImageFormat: text,
    ImageDescription: z.string().optional(),
    /** Needed for Remote: http, https or ftp. */
    LoadURL: text.optional(),
    ...os,
    /** GiB, whole; probed by the server for Remote. */
    ImageSize: z.int().min(1).max(2000).optional(),
    ImportType: z.enum(['Remote', 'Local']),
    /** Key of the image. A secret. */
    Secret: text.optional(),
  }),
  /** Operation 9. Takes no part list. */
  CompleteImageMultipartUpload: z.strictObject({ Region, CompanyID, ImageID: text, UploadID: text }),
  /** Operation 10. Without UploadID the server uses the one it recorded. */
  AbortImageMultipartUpload: z.strictObject({ Region, CompanyID, UploadID: text.optional(), ImageID: text }),
  /** Operation 11. */
  GetImageDownloadURL: z.strictObject({ Region, ImageID: text }),
  /** Operation 12. */
  DescribeImageOSVersions: z.strictObject({
    Region,
    CompanyID,
    ImageOSIDs: z.array(text).optional(),
    Limit,
    Offset,
  }),
  /** Operation 13. All four facts of the system must be sent again. */
  UpdateImage: z.strictObject({ Region, CompanyID, ImageID: text, ...os }),
} as const;
/** Name of an action. */
export type Action = keyof typeof REQUESTS;
/** Request of an action. */
export type ActionRequest<A extends Action> = z.input<(typeof REQUESTS)[A]>;

/** An image as it comes (ImageInfo of seed 000). */
export const imageSchema = z.looseObject({
  ImageID: text,
  Name: optionalText,
  ImageName: optionalText,
  Remark: optionalText,
  ImageDescription: optionalText,
  Region: optionalText,
  CompanyID: optionalNumber,
  ProjectID: optionalText,
  /** Why it failed. */
  Reason: optionalText,
  /** Unix seconds. */
  CreateTime: optionalNumber,
  /** Unix seconds. */
  UpdateTime: optionalNumber,
  Tags: z
    .array(z.looseObject({ Key: optionalText, Value: optionalText }))
    .nullish()
    .catch(undefined),
  /** `Base` or `Custom`. */
  ImageType: optionalText,
  ImageFormat: optionalText,
  /** Used, Making, Uploading, Failed, Deleting, … */
  ImageStatus: optionalText,
  /** GiB. */
  ImageSize: optionalNumber,
  OSType: optionalText,
  /** E.g. `OpenEuler 22.03_SP4 x86_64`. */
  OSName: optionalText,
  OSDistribution: optionalText,
  OSVersion: optionalText,
  SetArch: optionalText,
  /** Percent; the name is misspelt on the wire. */
  PreparePrecent: optionalNumber,
  /** The same, spelt well. */
  PreparePercent: optionalNumber,
  SupportQGA: optionalBoolean,
  SupportCloudInit: optionalBoolean,
  Encrypted: optionalBoolean,
  BootloaderType: optionalText,
  /** `vm-xx-boot`, `image-xx`, a URL, `Local Upload` or `System`. */
  ImageFrom: optionalText,
});
/** An image as it comes. */
export type WireImage = z.infer<typeof imageSchema>;

/** A base image's permissions as they come (BaseImageInfo of seed 000). */
export const baseImageSchema = z.looseObject({
  ImageID: text,
  Name: optionalText,
  Description: optionalText,
  /** Which tenants may use it; `all`. */
  Permission: optionalText,
});

/** A row of the catalogue of systems (ImageOSInfo of seed 000). */
export const osVersionSchema = z.looseObject({
  ImageOSID: optionalText,
  OSType: optionalText,
  SetArch: optionalText,
  OSDistribution: optionalText,
  OSVersion: optionalText,
  Status: optionalText,
});

const infos = <T extends z.ZodType>(item: T) =>
  z.looseObject({ TotalCount: optionalNumber, Infos: z.array(item).nullish() });

/** Answers by action. */
export const REPLIES = {
  CloneCustomImageToBaseImage: z.looseObject({ DestImageID: text }),
  CreateCustomImage: z.looseObject({ ImageID: text }),
  AbortCustomImage: z.looseObject({}),
  DeleteBaseImage: z.looseObject({}),
  DeleteCustomImage: z.looseObject({}),
  DescribeImage: infos(imageSchema),
  DescribeBaseImage: infos(baseImageSchema),
  ImportImage: z.looseObject({
    ImageID: text,
    /** Only for Local. */
    UploadID: optionalText,
    /** At present always `mirror`. */
    Bucket: optionalText,
  }),
  CompleteImageMultipartUpload: z.looseObject({}),
  AbortImageMultipartUpload: z.looseObject({}),
  GetImageDownloadURL: z.looseObject({
    Info: z.looseObject({
      /** URL-encoded already. Grants access: a secret. */
      DownloadQuery: text,
      /** Unix seconds. */
      ExpiredTime: optionalNumber,
    }),
  }),
  DescribeImageOSVersions: infos(osVersionSchema),
  UpdateImage: z.looseObject({}),
} as const satisfies Record<Action, z.ZodType>;
/** Answer of an action. */
export type ActionReply<A extends Action> = z.infer<(typeof REPLIES)[A]>;
