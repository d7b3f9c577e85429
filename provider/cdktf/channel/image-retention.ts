// How many images of a kind stay, and what becomes of the others.
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import { effectiveCloud, missingCloud, placeFor } from '../cloud/provider-of.ts';
import type { Ability } from '../cloud/rules.ts';
import { ImagebridgeImageRetention } from '../gen/index.ts';
import { atSynthesis, checkText, checkWhole, invalid } from '../validation.ts';
import type { RetireAction } from '../words/words.ts';
import { checkChannelName } from './image-channel.ts';

/** Which images are looked at, how many of them stay, and what becomes of the others. */
export interface ImageRetentionProps {
  /** So many of the newest usable images stay. */
  readonly keep: number;
  /** Images that are, or were, in this channel. @default any */
  readonly channel?: string | undefined;
  /** Images whose name begins so. @default any */
  readonly namePrefix?: string | undefined;
  /** Images in whose name this regular expression (JavaScript) matches. @default any */
  readonly nameRegex?: string | undefined;
  /** Images that have these tags with these values. @default any */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Younger ones stay, in days. @default 14 */
  readonly minAgeDays?: number | undefined;
  /** What is done to the others. @default RetireAction.DELETE */
  readonly action?: RetireAction | undefined;
  /** Noted on images that are not deleted: why they should not be used any more. @default none */
  readonly reason?: string | undefined;
  /** Ids of images that stay in any case. @default none */
  readonly excludeImageIds?: readonly string[] | undefined;
  /** True: also what is shared with others, or public. @default false */
  readonly includeShared?: boolean | undefined;
  /** The cloud that they are in. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region that they are in. @default the cloud's own */
  readonly region?: string | undefined;
  /** What must be done first, such as a promotion. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[] | undefined;
}

/**
 * Keeps the newest images of a kind, and retires the others. The plan lists what is due; what is protected, in a channel's
 * current or previous place, or shared always stays. An apply that makes or changes the rules only records them.
 */
export class ImageRetention extends Construct {
  /** The generated construct beneath, for what is not offered here. */
  readonly resource: ImagebridgeImageRetention;

  /** @throws Error when nothing says which images are meant, or a value makes no sense */
  constructor(scope: Construct, id: string, props: ImageRetentionProps) {
    super(scope, id);
    const { tags, action, cloud, dependsOn, ...rules } = props;
    for (const what of ['namePrefix', 'nameRegex', 'reason', 'region'] as const) {
      checkText(this, what, props[what]);
    }
    checkWhole(this, 'keep', props.keep);
    if (props.channel !== undefined) checkChannelName(this, 'channel', props.channel);
    const selectors = [props.channel, props.namePrefix, props.nameRegex, tags];
    if (selectors.every((selector) => selector === undefined)) {
      throw invalid(
        this,
        'images',
        'all of them',
        'channel, namePrefix, nameRegex or tags, which say which are meant',
      );
    }
    this.resource = new ImagebridgeImageRetention(this, 'Resource', {
      ...placeFor(this, cloud),
      ...rules,
      withTags: tags,
      action: action?.value,
      ...(dependsOn && { dependsOn: [...dependsOn] }),
    });
    this.node.defaultChild = this.resource;
    atSynthesis(this, () => {
      const known = effectiveCloud(this, cloud)?.rules;
      const ability = known?.abilities[NEEDS[action?.value ?? 'delete'] ?? 'marks'] ?? true;
      const can = ability === true || action === undefined || action.value === 'delete';
      return [
        ...missingCloud(this, cloud),
        ...(can ? [] : [`action: got ${action.value} on ${known?.family}; expected ${ability}.`]),
      ];
    });
  }
}

const NEEDS: Readonly<Record<string, Ability>> = { deactivate: 'deactivate', hide: 'hide' };
