// Finds or makes the provider configurations of a stack, and tells resources which of them and which cloud they are in.
import { TerraformStack, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { ImagebridgeProvider } from '../gen/index.ts';
import { invalid } from '../validation.ts';
import type { IImageCloud } from './image-cloud.ts';

// Searching the tree for each image would make large stacks slow.
const providers = new WeakMap<TerraformStack, Map<string, ImagebridgeProvider>>();
const declared = new WeakMap<ImagebridgeProvider, Map<string, IImageCloud>>();

/**
 * The provider configuration of the stack with an alias, or without one; made where there is none.
 * @param alias undefined: the configuration without alias
 */
export function providerOf(scope: Construct, alias?: string): ImagebridgeProvider {
  const stack = TerraformStack.of(scope);
  let ofStack = providers.get(stack);
  if (!ofStack) {
    ofStack = new Map();
    providers.set(stack, ofStack);
  }
  const known = ofStack.get(alias ?? '');
  if (known) return known;
  const found = stack.node
    .findAll()
    .find(
      (construct): construct is ImagebridgeProvider =>
        construct instanceof ImagebridgeProvider && construct.alias === alias,
    );
  const id = alias === undefined ? 'imagebridge' : `imagebridge-${alias}`;
  const provider = found ?? new ImagebridgeProvider(stack, id, { alias });
  ofStack.set(alias ?? '', provider);
  return provider;
}

/** The clouds of a provider configuration of which this program knows more than the name. */
export function declaredClouds(provider: ImagebridgeProvider): Map<string, IImageCloud> {
  let clouds = declared.get(provider);
  if (!clouds) {
    clouds = new Map();
    declared.set(provider, clouds);
  }
  return clouds;
}

/** The cloud that is meant, as far as the program can tell: the one given, or else the default one. */
export function effectiveCloud(scope: Construct, cloud: IImageCloud | undefined): IImageCloud | undefined {
  if (cloud !== undefined) return cloud;
  const provider = providerOf(scope);
  const clouds = declaredClouds(provider);
  if (provider.defaultCloud !== undefined) return clouds.get(provider.defaultCloud);
  const [name, ...others] = namesOf(provider);
  return name !== undefined && others.length === 0 ? clouds.get(name) : undefined;
}

/** What is wrong where an object names no cloud: said at synthesis, when all clouds are declared. */
export function missingCloud(scope: Construct, cloud: IImageCloud | undefined): string[] {
  if (cloud !== undefined) return [];
  const provider = providerOf(scope);
  const names = namesOf(provider);
  if (provider.defaultCloud !== undefined || names.length < 2) return [];
  return [
    `cloud: got none, and the stack declares ${names.length} (${names.join(', ')}); expected one of them, or isDefault ` +
      'on the one that is meant.',
  ];
}

/** How a resource says where it lives: arguments of every generated class. */
export interface Place {
  readonly cloud: string | undefined;
  /** Only where the cloud belongs to a configuration with an alias. */
  readonly provider?: ImagebridgeProvider;
}

/**
 * Where a resource of `scope` lives; makes the provider configuration where it is missing.
 * @throws Error when the cloud is declared in another stack, whose provider this one does not see
 */
export function placeFor(scope: Construct, cloud: IImageCloud | undefined): Place {
  const provider = providerOf(scope, cloud?.alias);
  if (cloud === undefined) return { cloud: undefined };
  const stack = TerraformStack.of(scope);
  if (cloud.stack !== undefined && cloud.stack !== stack) {
    throw invalid(
      scope,
      'cloud',
      `"${cloud.cloudName}" of stack "${cloud.stack.node.id}"`,
      `a cloud that stack "${stack.node.id}" declares itself`,
    );
  }
  return { cloud: cloud.cloudName, ...(cloud.alias !== undefined && { provider }) };
}

/**
 * The name of a second cloud that a resource of `scope` also talks to.
 * @throws Error when it is declared in another stack, or belongs to another provider configuration
 */
export function otherCloudName(scope: Construct, own: IImageCloud | undefined, other: IImageCloud): string {
  const { cloud } = placeFor(scope, other);
  if (own?.alias !== other.alias) {
    throw invalid(
      scope,
      'cloud',
      `"${other.cloudName}" of provider alias "${other.alias ?? '(none)'}"`,
      `one of alias "${own?.alias ?? '(none)'}", as the other end: one provider configuration has to know both`,
    );
  }
  return cloud ?? other.cloudName;
}

function namesOf(provider: ImagebridgeProvider): string[] {
  const clouds = provider.cloudsInput ?? {};
  return Tokenization.isResolvable(clouds) ? [] : Object.keys(clouds);
}
