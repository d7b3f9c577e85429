// Words with a meaning: instead of texts that one could mistype. Each class has the usual values, and `of` for others.
import type { CloudFamily } from '../cloud/rules.ts';

/** A word of a provider attribute. */
abstract class Word {
  /** As Terraform has it. */
  readonly value: string;

  protected constructor(value: string) {
    this.value = value;
  }

  /** As Terraform has it. */
  toString(): string {
    return this.value;
  }
}

/** Format of an image's content. */
export class ImageFormat extends Word {
  /** QEMU's copy-on-write format, version 2 or 3: all families take it. */
  static readonly QCOW2: ImageFormat = new ImageFormat('qcow2');
  /** The bytes of the disk as they are. */
  static readonly RAW: ImageFormat = new ImageFormat('raw');
  /** An optical disc, from which a system is installed. */
  static readonly ISO: ImageFormat = new ImageFormat('iso');
  /** VMware's virtual disk. */
  static readonly VMDK: ImageFormat = new ImageFormat('vmdk');
  /** Virtual PC's and Azure's virtual disk. */
  static readonly VHD: ImageFormat = new ImageFormat('vhd');
  /** Hyper-V's virtual disk. */
  static readonly VHDX: ImageFormat = new ImageFormat('vhdx');
  /** VirtualBox's virtual disk. */
  static readonly VDI: ImageFormat = new ImageFormat('vdi');
  /** QEMU's enhanced disk (huaweicloud). */
  static readonly QED: ImageFormat = new ImageFormat('qed');
  /** Huawei Cloud's own format, for fast imports. */
  static readonly ZVHD2: ImageFormat = new ImageFormat('zvhd2');

  /** Another format, as the cloud spells it; may be a token. */
  static of(value: string): ImageFormat {
    return new ImageFormat(value);
  }
}

/** How a server starts that is made from an image. */
export class Firmware extends Word {
  /** The PC's old way. */
  static readonly BIOS: Firmware = new Firmware('bios');
  /** The newer way; ARM servers have no other. */
  static readonly UEFI: Firmware = new Firmware('uefi');

  /** Another value; may be a token. */
  static of(value: string): Firmware {
    return new Firmware(value);
  }
}

/** Processor architecture of a system. Each family has its own spelling, which is chosen by the image's cloud. */
export class Architecture extends Word {
  /** Intel's and AMD's 64 bit processors. */
  static readonly X86_64: Architecture = new Architecture('x86_64', 'x86');
  /** 64 bit ARM processors. */
  static readonly ARM64: Architecture = new Architecture('aarch64', 'arm');

  readonly #huaweicloud: string;

  private constructor(value: string, huaweicloud = value) {
    super(value);
    this.#huaweicloud = huaweicloud;
  }

  /** Another architecture, as the cloud spells it; may be a token. */
  static of(value: string): Architecture {
    return new Architecture(value);
  }

  /** The spelling of a family; the usual one where the family is not known. */
  forFamily(family: CloudFamily | undefined): string {
    return family === 'huaweicloud' ? this.#huaweicloud : this.value;
  }
}

/** Who can see an image. */
export class Visibility extends Word {
  /** Its project, and those it is shared with. */
  static readonly PRIVATE: Visibility = new Visibility('private');
  /** Its project, and those that are members of it (openstack). */
  static readonly SHARED: Visibility = new Visibility('shared');
  /** All who know its id (openstack). */
  static readonly COMMUNITY: Visibility = new Visibility('community');
  /** Everybody; administrators only may say so. */
  static readonly PUBLIC: Visibility = new Visibility('public');

  /** Another value; may be a token. */
  static of(value: string): Visibility {
    return new Visibility(value);
  }
}

/** How a file gets to a cloud. */
export class UploadRoute extends Word {
  /** What the cloud can, resumable ways first. */
  static readonly AUTO: UploadRoute = new UploadRoute('auto');
  /** To the image service itself. */
  static readonly DIRECT: UploadRoute = new UploadRoute('direct');
  /** By way of a bucket. */
  static readonly STAGED: UploadRoute = new UploadRoute('staged');
}

/** How an image gets from one cloud to another. */
export class CopyRoute extends Word {
  /** The first way that works. */
  static readonly AUTO: CopyRoute = new CopyRoute('auto');
  /** The other cloud fetches it by itself. */
  static readonly PULL: CopyRoute = new CopyRoute('pull');
  /** By way of the machine that Terraform runs on. */
  static readonly STREAM: CopyRoute = new CopyRoute('stream');
}

/** What becomes of an image when Terraform no longer has it. */
export class OnDestroy extends Word {
  /** It is removed from the cloud. */
  static readonly DELETE: OnDestroy = new OnDestroy('delete');
  /** It stays as it is, and is forgotten. */
  static readonly RETAIN: OnDestroy = new OnDestroy('retain');
  /** It is taken out of use, and is forgotten. */
  static readonly DEACTIVATE: OnDestroy = new OnDestroy('deactivate');
}

/** What is done to images that a retention finds too old. */
export class RetireAction extends Word {
  /** They are removed from the cloud. */
  static readonly DELETE: RetireAction = new RetireAction('delete');
  /** They are taken out of use (openstack). */
  static readonly DEACTIVATE: RetireAction = new RetireAction('deactivate');
  /** They are hidden from listings, and stay usable (openstack). */
  static readonly HIDE: RetireAction = new RetireAction('hide');
  /** They are only marked as retired. */
  static readonly DEPRECATE: RetireAction = new RetireAction('deprecate');
}
