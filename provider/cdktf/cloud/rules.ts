// What clouds of each family take and can do, as far as a program can be told before it reaches them. Data only; the
// conformance tests compare it with what the provider knows.

/** A family of clouds: the kind of service that one talks to. */
export type CloudFamily = 'huaweicloud' | 'openstack' | 'ucloudstack';

/** Something that not every family can do. */
export type Ability =
  | 'createFromUrl'
  | 'createFromObject'
  | 'createFromServer'
  | 'createFromVolume'
  | 'createFromBackup'
  | 'createFromWholeServer'
  | 'share'
  | 'copyInRegion'
  | 'copyCrossRegion'
  | 'copyToBaseImage'
  | 'copyToStore'
  | 'exportImage'
  | 'deactivate'
  | 'hide'
  | 'updateTags'
  | 'marks';

/** What a cloud takes and can do. */
export interface CloudRules {
  readonly family: CloudFamily;
  /** Names of images: a pattern, and the same in words. */
  readonly imageName: { readonly pattern: RegExp; readonly rule: string; readonly maxLength: number };
  /** Formats of files that it takes. */
  readonly formats: readonly string[];
  /** True, or the nearest thing that works. */
  readonly abilities: Readonly<Record<Ability, true | string>>;
}

const HUAWEICLOUD: CloudRules = {
  family: 'huaweicloud',
  imageName: {
    pattern: /^[\p{L}\p{N}._-](?:[\p{L}\p{N}._ -]{0,126}[\p{L}\p{N}._-])?$/u,
    rule: '1 to 128 letters, digits, hyphens, dots, underscores and spaces, without a space at either end',
    maxLength: 128,
  },
  formats: ['qcow2', 'vhd', 'zvhd', 'zvhd2', 'raw', 'vhdx', 'qed', 'vdi', 'qcow', 'vmdk', 'iso'],
  abilities: {
    createFromUrl: 'a file, or an object of a bucket of the region',
    createFromObject: true,
    createFromServer: true,
    createFromVolume: true,
    createFromBackup: true,
    createFromWholeServer: true,
    share: true,
    copyInRegion: true,
    copyCrossRegion: true,
    copyToBaseImage: 'a copy inside the region, which can be shared',
    copyToStore: 'a copy to another region',
    exportImage: true,
    deactivate: 'the image deleted, or its shares ended',
    hide: 'it deprecated, or deleted',
    updateTags: 'tags on the image, when it is made: copies take over none',
    marks: true,
  },
};

const OPENSTACK: CloudRules = {
  family: 'openstack',
  imageName: { pattern: /^[^\0]{1,255}$/u, rule: '1 to 255 characters', maxLength: 255 },
  formats: ['qcow2', 'raw', 'iso', 'vmdk', 'vhd', 'vhdx', 'vdi', 'ploop', 'ami', 'ari', 'aki'],
  abilities: {
    createFromUrl: true,
    createFromObject: 'a URL of the object',
    createFromServer: 'a snapshot that the compute service makes of the server',
    createFromVolume: 'an image that the block storage service makes of the volume',
    createFromBackup: 'an image of a volume that the backup was restored to',
    createFromWholeServer: 'a snapshot that the compute service makes of the server',
    share: true,
    copyInRegion: 'a share, or the option via, which moves the bytes',
    copyCrossRegion: 'the option via, which moves the bytes',
    copyToBaseImage: 'the visibility community or public',
    copyToStore: true,
    exportImage: 'a download',
    deactivate: true,
    hide: true,
    updateTags: true,
    marks: true,
  },
};

const UCLOUDSTACK: CloudRules = {
  family: 'ucloudstack',
  imageName: {
    pattern: /^[\p{Script=Han}A-Za-z0-9._-]{1,50}$/u,
    rule: '1 to 50 Chinese or English letters, digits, dots, underscores and hyphens',
    maxLength: 50,
  },
  formats: ['qcow2', 'iso'],
  abilities: {
    createFromUrl: true,
    createFromObject: 'a URL of the object',
    createFromServer: true,
    createFromVolume: 'the disk of a server that the volume is attached to',
    createFromBackup: 'a server that the backup was restored to',
    createFromWholeServer: 'one image for each disk of the server',
    share: 'a base image, which other tenants can use: promoteToBase()',
    copyInRegion: 'a base image: promoteToBase(), or the option via, which moves the bytes',
    copyCrossRegion: 'the option via, which moves the bytes',
    copyToBaseImage: true,
    copyToStore: 'another import of the same file',
    exportImage: 'a download',
    deactivate: 'the image deleted: it goes to the recycle bin first',
    hide: 'it deleted: it goes to the recycle bin first',
    updateTags: 'tags on the image, when it is made: copies take over none',
    marks: 'tags, given when the image is made',
  },
};

const UCLOUDSTACK_EXTENDED: CloudRules = {
  ...UCLOUDSTACK,
  imageName: {
    pattern: /^[\p{Script=Han}A-Za-z0-9._-]{1,128}$/u,
    rule: '1 to 128 Chinese or English letters, digits, dots, underscores and hyphens',
    maxLength: 128,
  },
  formats: ['qcow2', 'iso', 'vmdk', 'raw'],
};

const EASYSTACK: CloudRules = {
  ...OPENSTACK,
  formats: ['iso', 'qcow2', 'raw'],
  abilities: {
    ...OPENSTACK.abilities,
    createFromUrl: 'the file itself: download it, and upload it from here',
    copyToStore: 'another upload of the same file',
  },
};

/** The rules by family, and by what a family has in kinds. */
export const RULES = {
  huaweicloud: HUAWEICLOUD,
  openstack: OPENSTACK,
  easystack: EASYSTACK,
  ucloudstack: UCLOUDSTACK,
  'ucloudstack-extended': UCLOUDSTACK_EXTENDED,
} as const;

/**
 * The rules of a cloud of which only the family is known: the wider ones where it has kinds, so that nothing is refused
 * that may work.
 */
export function rulesOfFamily(family: CloudFamily): CloudRules {
  return family === 'ucloudstack' ? UCLOUDSTACK_EXTENDED : RULES[family];
}

/** The nearest name that a cloud takes, for messages. */
export function legalName(text: string, { imageName: { pattern, maxLength } }: CloudRules): string {
  const kept = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, maxLength);
  return pattern.test(kept) ? kept : 'image';
}
