// Machine images by where they come from.
import type { Construct } from 'constructs';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { effectiveCloud, otherCloudName, placeFor } from '../cloud/provider-of.ts';
import type { Ability } from '../cloud/rules.ts';
import { ImagebridgeImage, type ImagebridgeImageSource } from '../gen/index.ts';
import {
  atSynthesis,
  checkHashes,
  checkSecret,
  checkTags,
  checkText,
  checkWhole,
  invalid,
} from '../validation.ts';
import type { OperatingSystemFacts } from '../words/operating-system.ts';
import { ExistingImage, FoundImage } from './found-image.ts';
import type { IMachineImage } from './image.ts';
import { imageProblems } from './image-problems.ts';
import type {
  BackupImageProps,
  FileImageProps,
  ForeignImageProps,
  ImageAttributes,
  ImageQuery,
  MachineImageProps,
  ObjectImageProps,
  ServerImageProps,
  UrlImageProps,
  VolumeImageProps,
} from './image-props.ts';
import { MachineImageBase } from './operations.ts';
import { sourcePath } from './source-path.ts';

/** What a kind of source adds to an image. */
interface Origin {
  readonly source: (scope: Construct) => ImagebridgeImageSource;
  /** What the cloud must be able to do. */
  readonly needs?: Ability;
  readonly route?: string | undefined;
  readonly stagingBucket?: string | undefined;
}

/** A machine image that this program makes. */
export class MachineImage extends MachineImageBase {
  readonly cloud: IImageCloud | undefined;
  readonly region: string | undefined;
  /** The generated construct beneath, for what is not offered here: `image.resource.putTimeouts({ create: '2h' })`. */
  readonly resource: ImagebridgeImage;

  private constructor(scope: Construct, id: string, props: MachineImageProps, origin: Origin) {
    super(scope, id);
    for (const what of ['name', 'region'] as const) checkText(this, what, props[what]);
    checkTags(this, props.tags);
    this.cloud = props.cloud;
    this.region = props.region;
    const place = placeFor(this, props.cloud);
    const rules = effectiveCloud(this, props.cloud)?.rules;
    const os = systemOf(this, props, rules?.family);
    // One literal: spreading parts together takes longer than all checks, where there are thousands of images.
    this.resource = new ImagebridgeImage(this, 'Resource', {
      cloud: place.cloud,
      name: props.name,
      source: origin.source(this),
      region: props.region,
      description: props.description,
      tags: props.tags,
      properties: props.properties,
      osType: os.type,
      osDistribution: os.distribution,
      osVersion: os.version,
      architecture: props.architecture?.forFamily(rules?.family),
      bootMode: props.firmware?.value,
      minDiskGib: inUnit(this, 'minDisk', () => props.minDisk?.toGibibytes()),
      minRamMib: inUnit(this, 'minRam', () => props.minRam?.toMebibytes()),
      diskFormat: props.format?.value,
      visibility: props.visibility?.value,
      protected: props.protected,
      active: props.active,
      onDestroy: props.onDestroy?.value,
      timeouts: props.timeouts,
      route: origin.route,
      stagingBucket: origin.stagingBucket,
    });
    if (place.provider) this.resource.provider = place.provider;
    if (props.lifecycle) this.resource.lifecycle = props.lifecycle;
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => imageProblems(this, origin.needs));
  }

  get imageId(): string {
    return this.resource.id;
  }

  /** Name of the image. A token. */
  get imageName(): string {
    return this.resource.name;
  }

  /** SHA-256 of what it was made from, in hex. A token. */
  get sha256(): string {
    return this.resource.source.sha256;
  }

  /** Size of the stored image in bytes. A token. */
  get sizeBytes(): number {
    return this.resource.sizeBytes;
  }

  /**
   * An image made of a local file: uploaded in parts, imported, and identified by its content.
   * @throws Error when a value is blank, a hash or a tag is wrong, a size is not whole, or the cloud is declared in another stack
   */
  static fromFile(scope: Construct, id: string, props: FileImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      source: (image) => {
        checkText(image, 'path', props.path);
        checkText(image, 'stagingBucket', props.stagingBucket);
        checkHashes(image, props);
        const { unpack, convert, dataDisk } = props;
        return { file: sourcePath(image, props.path), ...hashesOf(props), unpack, convert, dataDisk };
      },
      route: props.route?.value,
      stagingBucket: props.stagingBucket,
    });
  }

  /**
   * An image made of what a URL gives: the cloud fetches it by itself.
   * @throws Error when both URLs are given or none, `secretUrl` is a literal, or as for `fromFile`
   */
  static fromUrl(scope: Construct, id: string, props: UrlImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      needs: 'createFromUrl',
      source: (image) => {
        const { url, secretUrl, secretUrlVersion } = props;
        exactlyOne(image, { url, secretUrl });
        checkText(image, 'url', url);
        checkSecret(image, 'secretUrl', secretUrl);
        checkWhole(image, 'secretUrlVersion', secretUrlVersion);
        checkHashes(image, props);
        return { url, urlWo: secretUrl, urlWoVersion: secretUrlVersion, ...hashesOf(props) };
      },
    });
  }

  /**
   * An image made of an object in the cloud's own object store.
   * @throws Error as `fromFile`
   */
  static fromObject(scope: Construct, id: string, props: ObjectImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      needs: 'createFromObject',
      source: (image) => {
        const { bucket, key, dataDisk } = props;
        checkText(image, 'bucket', bucket);
        checkText(image, 'key', key);
        checkHashes(image, props);
        return { object: { bucket, key }, ...hashesOf(props), dataDisk };
      },
    });
  }

  /**
   * An image made of a server: of one disk, or with `wholeServerVaultId` of all.
   * @throws Error when a disk is named for an image of all disks, or as for `fromFile`
   */
  static fromServer(scope: Construct, id: string, props: ServerImageProps): MachineImage {
    const { serverId, diskId, storageSet, wholeServerVaultId: vaultId } = props;
    return new MachineImage(scope, id, props, {
      needs: vaultId === undefined ? 'createFromServer' : 'createFromWholeServer',
      source: (image) => {
        checkText(image, 'serverId', serverId);
        checkText(image, 'diskId', diskId);
        checkText(image, 'wholeServerVaultId', vaultId);
        if (vaultId === undefined) return { serverId, diskId, storageSet };
        if (diskId !== undefined || storageSet !== undefined) {
          const disk = diskId === undefined ? 'storageSet' : 'diskId';
          throw invalid(
            image,
            'source',
            `${disk} and wholeServerVaultId`,
            'one source: a disk, or the whole server',
          );
        }
        return { wholeServerId: serverId, vaultId };
      },
    });
  }

  /**
   * An image made of a volume: of a system, which `os` must tell, or with `dataDisk` of data only.
   * @throws Error when neither is given, or as for `fromFile`
   */
  static fromVolume(scope: Construct, id: string, props: VolumeImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      needs: 'createFromVolume',
      source: (image) => {
        const { volumeId, dataDisk } = props;
        checkText(image, 'volumeId', volumeId);
        if (props.os === undefined && !dataDisk) {
          throw invalid(image, 'os', 'none', 'the system on the volume, or dataDisk: true where it has none');
        }
        return { volumeId, dataDisk };
      },
    });
  }

  /**
   * An image made of a backup of a whole server.
   * @throws Error as `fromFile`
   */
  static fromBackup(scope: Construct, id: string, props: BackupImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      needs: 'createFromBackup',
      source: (image) => {
        const { backupId, vaultId } = props;
        checkText(image, 'backupId', backupId);
        checkText(image, 'vaultId', vaultId);
        return { backupId, vaultId };
      },
    });
  }

  /**
   * An image made of an image of another cloud or region. Inside one cloud `image.copyTo()` is faster.
   * @throws Error when that cloud belongs to another provider configuration, or as for `fromFile`
   */
  static fromImage(scope: Construct, id: string, props: ForeignImageProps): MachineImage {
    return new MachineImage(scope, id, props, {
      source: (image) => {
        const { image: other } = props;
        const cloud = other.cloud && otherCloudName(image, props.cloud, other.cloud);
        return { image: { id: other.imageId, cloud, region: other.region } };
      },
    });
  }

  /**
   * An image that exists already, by its id. Nothing is asked of the cloud, and nothing is changed of the image.
   * @throws Error when the id is blank
   */
  static fromImageId(scope: Construct, id: string, attributes: ImageAttributes): IMachineImage {
    return new ExistingImage(scope, id, attributes);
  }

  /**
   * An image that exists already, looked for whenever Terraform plans. Anything but one match fails the plan, unless
   * `mostRecent` chooses.
   * @throws Error when no condition is given
   */
  static lookup(scope: Construct, id: string, query: ImageQuery): FoundImage {
    return new FoundImage(scope, id, query);
  }
}

const hashesOf = ({ sha256, sha512, md5 }: Pick<FileImageProps, 'sha256' | 'sha512' | 'md5'>) => ({
  sha256,
  sha512,
  md5,
});

function exactlyOne(scope: Construct, sources: Readonly<Record<string, string | undefined>>): void {
  const given = Object.keys(sources).filter((name) => sources[name] !== undefined);
  if (given.length === 1) return;
  const got = given.length === 0 ? 'none' : given.join(' and ');
  throw invalid(scope, 'source', got, `one of ${Object.keys(sources).join(' and ')}`);
}

/** @throws Error when the words depend on a family that is not known */
function systemOf(
  scope: Construct,
  { os }: MachineImageProps,
  family: Parameters<NonNullable<MachineImageProps['os']>['factsFor']>[0],
): OperatingSystemFacts {
  if (os === undefined) return {};
  const facts = os.factsFor(family);
  if (facts !== undefined) return facts;
  throw invalid(
    scope,
    'os',
    `${os.label} for a cloud whose family is not known here`,
    "a cloud whose family is: ImageCloud.fromProfile('name', { family: 'huaweicloud' }), or one that is declared; " +
      "or OperatingSystem.huaweicloud('…') and the like, in that cloud's own words",
  );
}

/** Says which property a size that does not fit was given for. */
function inUnit(scope: Construct, what: string, convert: () => number | undefined): number | undefined {
  try {
    return convert();
  } catch (cause) {
    throw new Error(`${scope.node.path}: ${what}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
