// The clouds that images live in: entries of the provider's configuration, one provider block for a whole stack.
import { TerraformStack, Token, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import type { ImagebridgeProvider, ImagebridgeProviderClouds } from '../gen/index.ts';
import { checkSecret, checkText, invalid } from '../validation.ts';
import type {
  CloudProfilesProps,
  CloudProps,
  HuaweicloudProps,
  OpenstackProps,
  ProfileOptions,
  UcloudstackProps,
} from './cloud-props.ts';
import { checkHuaweicloud, checkOpenstack, checkUcloudstack } from './credentials.ts';
import { declaredClouds, providerOf } from './provider-of.ts';
import { type CloudRules, RULES, rulesOfFamily } from './rules.ts';

/** A cloud by the name that the provider knows it by. */
export interface IImageCloud {
  /** A name of the provider's `clouds`, or of a profile. */
  readonly cloudName: string;
  /** The stack whose provider it is declared in. Absent for a profile: every stack knows it. */
  readonly stack?: TerraformStack | undefined;
  /** Alias of the provider configuration that it belongs to. Absent: that without alias. */
  readonly alias?: string | undefined;
  /** What it takes and can do, where its family is known: checked at synthesis. */
  readonly rules?: CloudRules | undefined;
  /** Region of objects that name none, where it is known. */
  readonly region?: string | undefined;
}

/** A cloud that is declared in this program. */
export class ImageCloud extends Construct implements IImageCloud {
  /** Name in the provider's `clouds`. */
  readonly cloudName: string;
  /** The stack whose provider it is an entry of. */
  readonly stack: TerraformStack;
  /** Alias of the provider configuration that it is an entry of. */
  readonly alias: string | undefined;
  /** What it takes and can do. */
  readonly rules: CloudRules;
  /** Region of objects that name none. */
  readonly region: string | undefined;
  /** The provider that the cloud is an entry of; the way to all its settings. */
  readonly resource: ImagebridgeProvider;

  private constructor(
    scope: Construct,
    id: string,
    props: CloudProps,
    rules: CloudRules,
    settings: ImagebridgeProviderClouds,
  ) {
    super(scope, id);
    const name = props.name ?? id;
    checkText(this, 'name', name);
    if (Token.isUnresolved(name)) {
      throw invalid(this, 'name', 'a token', 'a literal: it is a key in the configuration of the provider');
    }
    checkText(this, 'region', props.region);
    if (props.proxy?.includes('@')) checkSecret(this, 'proxy', props.proxy);
    this.cloudName = name;
    this.stack = TerraformStack.of(this);
    this.alias = props.alias;
    this.rules = rules;
    this.region = props.region;
    this.resource = providerOf(this, props.alias);
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
    if (props.isDefault) setOnce(this, this.resource, 'defaultCloud', name);
    declaredClouds(this.resource).set(name, this);
  }

  /**
   * Declares an account of a cloud of the `huaweicloud` family.
   * @throws Error when a secret is a literal, half of a pair is missing, or the name is taken
   */
  static huaweicloud(scope: Construct, id: string, props: HuaweicloudProps): ImageCloud {
    checkHuaweicloud(scope, id, props);
    return new ImageCloud(scope, id, props, RULES.huaweicloud, settingsOf('huaweicloud', props));
  }

  /**
   * Declares an account of an OpenStack.
   * @throws Error when a secret is a literal, half of a pair is missing, or the name is taken
   */
  static openstack(scope: Construct, id: string, props: OpenstackProps): ImageCloud {
    checkOpenstack(scope, id, props);
    const rules = props.dialect === 'easystack' ? RULES.easystack : RULES.openstack;
    return new ImageCloud(scope, id, props, rules, settingsOf('openstack', props));
  }

  /**
   * Declares an account of a UCloudStack.
   * @throws Error when a secret is a literal, half of a pair is missing, or the name is taken
   */
  static ucloudstack(scope: Construct, id: string, props: UcloudstackProps): ImageCloud {
    checkUcloudstack(scope, id, props);
    const rules = props.limits === 'extended' ? RULES['ucloudstack-extended'] : RULES.ucloudstack;
    return new ImageCloud(scope, id, props, rules, settingsOf('ucloudstack', props));
  }

  /** Says where profiles are, and which of them counts. One for a provider configuration. */
  static profiles(scope: Construct, id: string, props: CloudProfilesProps = {}): CloudProfiles {
    return new CloudProfiles(scope, id, props);
  }

  /** A profile of the profiles file by its name. Declares nothing. */
  static fromProfile(name: string, options: ProfileOptions = {}): IImageCloud {
    return {
      cloudName: name,
      ...(options.family && { rules: rulesOfFamily(options.family) }),
    };
  }
}

/** The profiles that the provider reads for itself, so that no credentials stand in the program. */
export class CloudProfiles extends Construct {
  /** The provider that reads them. */
  readonly resource: ImagebridgeProvider;
  readonly #alias: string | undefined;

  /** @throws Error when the provider of this stack has such settings already */
  constructor(scope: Construct, id: string, props: CloudProfilesProps = {}) {
    super(scope, id);
    this.#alias = props.alias;
    this.resource = providerOf(this, props.alias);
    for (const what of ['configFile', 'defaultCloud', 'stateDir'] as const) {
      const value = props[what];
      checkText(this, what, value);
      if (value !== undefined) setOnce(this, this.resource, what, value);
    }
  }

  /** The cloud of a profile. */
  cloud(profile: string, options: ProfileOptions = {}): IImageCloud {
    checkText(this, 'profile', profile);
    const cloud = ImageCloud.fromProfile(profile, options);
    if (cloud.rules) declaredClouds(this.resource).set(profile, cloud);
    return this.#alias === undefined ? cloud : { ...cloud, alias: this.#alias };
  }
}

function setOnce(
  scope: Construct,
  provider: ImagebridgeProvider,
  what: 'configFile' | 'defaultCloud' | 'stateDir',
  value: string,
): void {
  if (provider[what] !== undefined) {
    throw invalid(scope, what, 'a second value', `one for the stack; it is "${provider[what]}" already`);
  }
  provider[what] = value;
}

/** What the provider's schema knows of the properties; the others are for the construct. */
function settingsOf<P extends CloudProps>(
  family: string,
  props: P,
): { family: string } & Omit<P, 'name' | 'isDefault' | 'alias'> {
  const { name: _name, isDefault: _isDefault, alias: _alias, ...settings } = props;
  return { family, ...settings };
}
