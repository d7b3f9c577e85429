// Tags for all images below a construct, by an aspect.
import { Aspects, Fn, type IAspect, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { effectiveCloud } from '../cloud/provider-of.ts';
import { ImagebridgeImage, ImagebridgeImageCopy } from '../gen/index.ts';
import { checkTagKey, checkTags } from '../validation.ts';
import { ImageCopy } from './operations.ts';

/**
 * Tags for all images below a construct, also those that are made later, and for copies that are known to take tags: those
 * to other clouds, and those of an OpenStack. Tags that an image has of its own win, then those added nearer by.
 * `ImageTags.of(app).add('team', 'platform')`. For tags of whole provider configurations see `default_tags`.
 */
export class ImageTags {
  readonly #scope: IConstruct;

  private constructor(scope: IConstruct) {
    this.#scope = scope;
  }

  /** The tags of what is below a construct: an app, a stack, an image. */
  static of(scope: IConstruct): ImageTags {
    return new ImageTags(scope);
  }

  /**
   * Adds a tag.
   * @throws Error when key or value are none that all families take, or the key is a token
   */
  add(key: string, value: string): this {
    checkTags(this.#scope, { [key]: value });
    Aspects.of(this.#scope).add(new AddTag(key, value));
    return this;
  }

  /**
   * Takes a tag away that was added further up, or that an image has of its own.
   * @throws Error when the key is none that all families take, or is a token
   */
  remove(key: string): this {
    checkTagKey(this.#scope, key);
    Aspects.of(this.#scope).add(new RemoveTag(key));
    return this;
  }
}

// CDKTF visits outer aspects first: a tag from further out gives way to one from nearer by, an image's own to none.
const fromAspects = new WeakMap<Taggable, Set<string>>();

type Taggable = ImagebridgeImage | ImagebridgeImageCopy;
function isTaggable(node: IConstruct): node is Taggable {
  if (node instanceof ImagebridgeImage) return true;
  return node instanceof ImagebridgeImageCopy && takesTags(node);
}

/** Some clouds make copies without tags, and refuse them: a copy is left alone unless it is known to take them. */
function takesTags(copy: ImagebridgeImageCopy): boolean {
  if (copy.toStoresInput !== undefined || copy.toBaseImageInput) return false;
  if (copy.targetCloudInput !== undefined || copy.viaInput !== undefined) return true;
  const { scope } = copy.node;
  return (
    scope instanceof ImageCopy && effectiveCloud(copy, scope.cloud)?.rules?.abilities.updateTags === true
  );
}

class AddTag implements IAspect {
  readonly #key: string;
  readonly #value: string;

  constructor(key: string, value: string) {
    this.#key = key;
    this.#value = value;
  }

  visit(node: IConstruct): void {
    if (!isTaggable(node)) return;
    const tags = node.tagsInput;
    const added = { [this.#key]: this.#value };
    if (Token.isUnresolved(tags)) {
      node.tags = Token.asStringMap(Fn.merge([added, tags]));
      return;
    }
    const earlier = fromAspects.get(node) ?? new Set();
    if (tags !== undefined && Object.hasOwn(tags, this.#key) && !earlier.has(this.#key)) return;
    node.tags = { ...tags, ...added };
    fromAspects.set(node, earlier.add(this.#key));
  }
}

class RemoveTag implements IAspect {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  visit(node: IConstruct): void {
    if (!isTaggable(node) || node.tagsInput === undefined || Token.isUnresolved(node.tagsInput)) return;
    const { [this.#key]: _, ...others } = node.tagsInput;
    node.tags = others;
  }
}
