// What one says of an image to make it, by what it is made of. Types only.
import type { TerraformMetaArguments } from 'cdktf';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import type { ImagebridgeImageTimeouts } from '../gen/index.ts';
import type { OperatingSystem } from '../words/operating-system.ts';
import type { Size } from '../words/size.ts';
import type {
  Architecture,
  Firmware,
  ImageFormat,
  OnDestroy,
  UploadRoute,
  Visibility,
} from '../words/words.ts';
import type { IMachineImage } from './image.ts';

/** What can be said of every image, whatever it is made of. */
export interface MachineImageProps {
  /** Name of the image. */
  readonly name: string;
  /** The cloud it is to be in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region it is to be in. @default the cloud's own */
  readonly region?: string | undefined;
  /** Free text. @default none */
  readonly description?: string | undefined;
  /** Tags. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Properties of your own, or of the cloud that have no name here. @default none */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** The system inside. @default what inspection or the cloud finds */
  readonly os?: OperatingSystem | undefined;
  /** Processor architecture of the system inside. @default what the cloud finds */
  readonly architecture?: Architecture | undefined;
  /** How a server made from it starts. @default what the cloud finds */
  readonly firmware?: Firmware | undefined;
  /** The smallest disk a server made from it may have, in whole GiB. @default what the disk inside needs */
  readonly minDisk?: Size | undefined;
  /** The least memory a server made from it may have, in whole MiB. @default none */
  readonly minRam?: Size | undefined;
  /** Format of the content. @default what inspection finds, or what the name ends in */
  readonly format?: ImageFormat | undefined;
  /** Who can see it. @default its project */
  readonly visibility?: Visibility | undefined;
  /** True: the cloud refuses to delete it. @default false */
  readonly protected?: boolean | undefined;
  /** False: it is out of use, where the cloud can do that. @default true */
  readonly active?: boolean | undefined;
  /** What becomes of it when Terraform no longer has it. @default OnDestroy.DELETE */
  readonly onDestroy?: OnDestroy | undefined;
  /** How long operations may take, e.g. `{ create: '2h' }`. @default an hour for making it */
  readonly timeouts?: ImagebridgeImageTimeouts | undefined;
  /** Terraform's lifecycle settings, e.g. `{ createBeforeDestroy: true }`. @default none */
  readonly lifecycle?: TerraformMetaArguments['lifecycle'] | undefined;
}

/** Hashes that the content must have, in lower case hex; verified before the import where the bytes pass here. */
export interface Checksums {
  /** SHA-256, 64 digits. @default computed of a file; none of other sources */
  readonly sha256?: string | undefined;
  /** SHA-512, 128 digits. @default none */
  readonly sha512?: string | undefined;
  /** MD5, 32 digits. @default none */
  readonly md5?: string | undefined;
}

/** An image to be made of a local file. */
export interface FileImageProps extends MachineImageProps, Checksums {
  /**
   * Path of the file, relative to the folder the program runs in. The file need not exist while synthesising, nor
   * while planning where its content is known from the state or from `sha256`.
   */
  readonly path: string;
  /** True: unpack gz, bz2, xz or zst on the way. @default false */
  readonly unpack?: boolean | undefined;
  /** True: convert it with qemu-img where the cloud does not take its format. @default false */
  readonly convert?: boolean | undefined;
  /** True: a disk of data only, without a system. @default false */
  readonly dataDisk?: boolean | undefined;
  /** How it gets to the cloud. @default UploadRoute.AUTO */
  readonly route?: UploadRoute | undefined;
  /** Bucket that the file is uploaded to before the import. @default the cloud's */
  readonly stagingBucket?: string | undefined;
}

/** An image to be made of what a URL gives: the cloud fetches it by itself. Give `url` or `secretUrl`. */
export interface UrlImageProps extends MachineImageProps, Checksums {
  /** The URL; it is kept in the state. @default secretUrl */
  readonly url?: string | undefined;
  /** A reference to a URL that grants access; it is kept nowhere. Needs Terraform 1.11. @default url */
  readonly secretUrl?: string | undefined;
  /** Stands for the content behind `secretUrl`: another number replaces the image. @default 1 */
  readonly secretUrlVersion?: number | undefined;
}

/** An image to be made of an object in the cloud's own object store. */
export interface ObjectImageProps extends MachineImageProps, Checksums {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Key of the object. */
  readonly key: string;
  /** True: a disk of data only, without a system. @default false */
  readonly dataDisk?: boolean | undefined;
}

/** An image to be made of a server: of its system disk, of another disk, or of all its disks. */
export interface ServerImageProps extends MachineImageProps {
  /** Id of the server. */
  readonly serverId: string;
  /** Another disk of the server, where the cloud can choose (ucloudstack). @default the system disk */
  readonly diskId?: string | undefined;
  /** Storage set that the image is to lie in (ucloudstack). @default the cloud's */
  readonly storageSet?: string | undefined;
  /** Id of a vault: the image is of the whole server, and lies in that vault (huaweicloud). @default one disk */
  readonly wholeServerVaultId?: string | undefined;
}

/** An image to be made of a volume. */
export interface VolumeImageProps extends MachineImageProps {
  /** Id of the volume. */
  readonly volumeId: string;
  /** True: a disk of data only; without it the system must be told as `os`. @default false */
  readonly dataDisk?: boolean | undefined;
}

/** An image to be made of a backup of a whole server. */
export interface BackupImageProps extends MachineImageProps {
  /** Id of the backup. */
  readonly backupId: string;
  /** Id of the vault that holds the backup. @default the cloud finds it */
  readonly vaultId?: string | undefined;
}

/** An image to be made of an image of another cloud, or of another region. */
export interface ForeignImageProps extends MachineImageProps {
  /** That image. */
  readonly image: IMachineImage;
}

/** An image that exists already and is managed elsewhere. */
export interface ImageAttributes {
  /** The service's id of the image. */
  readonly imageId: string;
  /** The cloud it is in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region it is in. @default the cloud's own */
  readonly region?: string | undefined;
}

/** Which image is meant, of those that exist already. */
export interface ImageQuery {
  /** The cloud to look in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region to look in. @default the cloud's own */
  readonly region?: string | undefined;
  /** Exact name. @default any */
  readonly name?: string | undefined;
  /** What the name begins with. @default any */
  readonly namePrefix?: string | undefined;
  /** Regular expression (JavaScript) that matches somewhere in the name. @default any */
  readonly nameRegex?: string | undefined;
  /** Tags that it must have, with these values. @default any */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Properties that it must have, with these values. @default any */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** SHA-256 of the file that it was made from. @default any */
  readonly sha256?: string | undefined;
  /** The current image of this channel; `NAME/previous` is the one before. @default any */
  readonly channel?: string | undefined;
  /** Where to look: this project's images, those shared with it, or public ones. @default everywhere */
  readonly scope?: 'own' | 'shared' | 'public' | undefined;
  /** True: the one made last, where several match. @default false: several are an error */
  readonly mostRecent?: boolean | undefined;
}
