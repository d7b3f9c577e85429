// The clouds that images live in: entries of the provider's configuration, one provider block for a whole stack.
import { TerraformStack, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import {
  ImagebridgeProvider,
  type ImagebridgeProviderClouds,
  type ImagebridgeProviderCloudsEndpoints,
  type ImagebridgeProviderCloudsRegions,
} from './gen/index.ts';
import { checkSecret, checkText, invalid } from './validation.ts';

/** A cloud by the name that the provider knows it by. */
export interface IImageCloud {
  /** A name of the provider's `clouds`, or of a profile. */
  readonly cloudName: string;
  /** The stack whose provider it is declared in. Absent for a profile: every stack knows it. */
  readonly stack?: TerraformStack | undefined;
}

/** An account of a cloud of the `huaweicloud` family. Give a user with password and domain, or a key pair. */
export interface HuaweicloudProps {
  /**
   * Name in the provider's `clouds`.
   * @default the construct id
   */
  readonly name?: string | undefined;
  /** Region of objects that name none. */
  readonly region: string;
  /** Name of the project. @default the region's name */
  readonly project?: string | undefined;
  /** Id of the project. @default asked of the cloud */
  readonly projectId?: string | undefined;
  /** Account (domain) that the user belongs to. @default none: keys are used */
  readonly domain?: string | undefined;
  /** Name of the user. @default none: keys are used */
  readonly user?: string | undefined;
  /** A reference to the password, not the password itself. @default none: keys are used */
  readonly password?: string | undefined;
  /** Access key; signs requests to the object store. @default none */
  readonly accessKey?: string | undefined;
  /** A reference to the secret key of `accessKey`. @default none */
  readonly secretKey?: string | undefined;
  /** A reference to the token of temporary keys. @default none */
  readonly securityToken?: string | undefined;
  /** Bucket in the path of the URL. @default only where the host is an IP address or localhost */
  readonly obsPathStyle?: boolean | undefined;
  /** Bucket that files are staged in. @default a name made from the project's */
  readonly stagingBucket?: string | undefined;
  /** Agency that copies across regions act under. @default none */
  readonly agencyName?: string | undefined;
  /** Endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX`. @default myhuaweicloud.com */
  readonly domainSuffix?: string | undefined;
  /** URLs of the services, where they differ; may hold `{region}`. @default from the domain suffix */
  readonly endpoints?: ImagebridgeProviderCloudsEndpoints | undefined;
  /** What differs in single regions, by their names. @default nothing */
  readonly regions?: Readonly<Record<string, ImagebridgeProviderCloudsRegions>> | undefined;
}

/** Where profiles are, and which one counts. */
export interface CloudProfilesProps {
  /** Path of the profiles file. @default IMAGEBRIDGE_CONFIG, else the platform's configuration folder */
  readonly configFile?: string | undefined;
  /** Cloud of images that name none. @default the only cloud there is, else the file's own default */
  readonly defaultCloud?: string | undefined;
  /** Folder of the upload journals. @default IMAGEBRIDGE_STATE_DIR, else the platform's state folder */
  readonly stateDir?: string | undefined;
}

/** A cloud that is declared in this program. */
export class ImageCloud extends Construct implements IImageCloud {
  /** Name in the provider's `clouds`. */
  readonly cloudName: string;
  /** The stack whose provider it is an entry of. */
  readonly stack: TerraformStack;
  /** The provider that the cloud is an entry of; the way to all its settings. */
  readonly resource: ImagebridgeProvider;

  private constructor(scope: Construct, id: string, name: string, settings: ImagebridgeProviderClouds) {
    super(scope, id);
    checkText(this, 'name', name);
    this.cloudName = name;
    this.stack = TerraformStack.of(this);
    this.resource = providerOf(this);
    const clouds = this.resource.cloudsInput ?? {};
    if (Tokenization.isResolvable(clouds)) {
      throw invalid(
        this,
        'clouds of the provider',
        'a token',
        'clouds that are written out, to add one to them',
      );
    }
    if (Object.hasOwn(clouds, name)) {
      throw invalid(this, 'name', `"${name}" a second time`, 'a name of its own for each cloud of a stack');
    }
    this.resource.clouds = { ...clouds, [name]: settings };
  }

  /**
   * Declares an account of a cloud of the `huaweicloud` family.
   * @throws Error when a secret is a literal, half of a pair is missing, or the name is taken
   */
  static huaweicloud(scope: Construct, id: string, props: HuaweicloudProps): ImageCloud {
    checkText(scope, `region of cloud "${id}"`, props.region);
    for (const what of ['password', 'secretKey', 'securityToken'] as const) {
      checkSecret(scope, `${what} of cloud "${id}"`, props[what]);
    }
    checkCredentials(scope, id, props);
    const { name, ...settings } = props;
    return new ImageCloud(scope, id, name ?? id, { family: 'huaweicloud', ...settings });
  }

  /** Says where profiles are, and which of them counts. One for a stack. */
  static profiles(scope: Construct, id: string, props: CloudProfilesProps = {}): CloudProfiles {
    return new CloudProfiles(scope, id, props);
  }

  /** A profile of the profiles file by its name. Declares nothing. */
  static fromProfile(name: string): IImageCloud {
    return { cloudName: name };
  }
}

/** The profiles that the provider reads for itself, so that no credentials stand in the program. */
export class CloudProfiles extends Construct {
  /** The provider that reads them. */
  readonly resource: ImagebridgeProvider;

  /** @throws Error when the provider of this stack has such settings already */
  constructor(scope: Construct, id: string, props: CloudProfilesProps = {}) {
    super(scope, id);
    this.resource = providerOf(this);
    for (const what of ['configFile', 'defaultCloud', 'stateDir'] as const) {
      const value = props[what];
      checkText(this, what, value);
      if (value === undefined) continue;
      if (this.resource[what] !== undefined) {
        throw invalid(
          this,
          what,
          'a second value',
          `one for the stack; it is "${this.resource[what]}" already`,
        );
      }
      this.resource[what] = value;
    }
  }

  /** The cloud of a profile. */
  cloud(profile: string): IImageCloud {
    checkText(this, 'profile', profile);
    return ImageCloud.fromProfile(profile);
  }
}

// Searching the tree for each image would make large stacks slow.
const providers = new WeakMap<TerraformStack, ImagebridgeProvider>();

/** The provider block without alias of the stack; made where there is none. */
export function providerOf(scope: Construct): ImagebridgeProvider {
  const stack = TerraformStack.of(scope);
  const known = providers.get(stack);
  if (known) return known;
  const found = stack.node
    .findAll()
    .find(
      (construct): construct is ImagebridgeProvider =>
        construct instanceof ImagebridgeProvider && construct.alias === undefined,
    );
  const provider = found ?? new ImagebridgeProvider(stack, 'imagebridge');
  providers.set(stack, provider);
  return provider;
}

/**
 * The name to write into a resource of `scope`.
 * @throws Error when the cloud is declared in another stack, whose provider this one does not see
 */
export function cloudNameFor(scope: Construct, cloud: IImageCloud | undefined): string | undefined {
  if (cloud === undefined) return undefined;
  const stack = TerraformStack.of(scope);
  if (cloud.stack === undefined || cloud.stack === stack) return cloud.cloudName;
  throw invalid(
    scope,
    'cloud',
    `"${cloud.cloudName}" of stack "${cloud.stack.node.id}"`,
    `a cloud that stack "${stack.node.id}" declares itself`,
  );
}

function checkCredentials(scope: Construct, id: string, props: HuaweicloudProps): void {
  const needs = [
    ['user', 'password'],
    ['user', 'domain'],
    ['password', 'user'],
    ['accessKey', 'secretKey'],
    ['secretKey', 'accessKey'],
  ] as const;
  for (const [given, missing] of needs) {
    if (props[given] !== undefined && props[missing] === undefined) {
      throw invalid(scope, `cloud "${id}"`, `${given} without ${missing}`, 'both, or neither');
    }
  }
}
