// One image, published under a channel and a version to many places.
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import type { IImageCloud } from '../cloud/image-cloud.ts';
import type { CopyOptions, ImageReceiver } from '../image/image.ts';
import type { MachineImageProps } from '../image/image-props.ts';
import { checkText, checkWhole, invalid } from '../validation.ts';
import type { RetireAction } from '../words/words.ts';
import type { ReleaseSource } from './release-source.ts';
import { ReleaseTarget } from './release-target.ts';

/** What the images of a release are, in all places. */
export interface ReleaseImageProps
  extends Pick<
    MachineImageProps,
    | 'description'
    | 'tags'
    | 'properties'
    | 'os'
    | 'architecture'
    | 'firmware'
    | 'minDisk'
    | 'minRam'
    | 'format'
    | 'visibility'
    | 'timeouts'
  > {}

/** How long earlier versions stay. */
export interface ReleaseRetention {
  /** So many of the newest images of the release stay in each place, this one counted in. */
  readonly keep: number;
  /** Younger ones stay, in days. @default 14 */
  readonly minAgeDays?: number | undefined;
  /** What is done to the others. @default RetireAction.DELETE */
  readonly action?: RetireAction | undefined;
  /** True: also those that are shared with others. @default false */
  readonly includeShared?: boolean | undefined;
}

/** A further place that gets the image from a target's, by the cloud's own means. */
export interface ReleaseCopyProps
  extends Pick<CopyOptions, 'cloud' | 'region' | 'projectName' | 'agencyName' | 'via'> {
  /** Projects that the copy is shared with. @default none */
  readonly shareWith?: readonly string[] | undefined;
}

/** A place that the release goes to. What is said here wins over what the release says. */
export interface ReleaseTargetProps extends ReleaseImageProps {
  /** The cloud. @default the provider's default cloud */
  readonly cloud?: IImageCloud | undefined;
  /** The region. @default the cloud's own */
  readonly region?: string | undefined;
  /** Name of the image there. @default the release's name and version */
  readonly imageName?: string | undefined;
  /** What the image is made of there. @default the release's */
  readonly source?: ReleaseSource | undefined;
  /** Ids of projects that it is shared with. @default none */
  readonly shareWith?: readonly string[] | undefined;
  /** Receivers for whom it is shared and accepted. @default none */
  readonly grantUse?: readonly ImageReceiver[] | undefined;
  /** Further regions or clouds that get copies, by names of your own. @default none */
  readonly copies?: Readonly<Record<string, ReleaseCopyProps>> | undefined;
}

/** What a release is. */
export interface BaseImageReleaseProps extends ReleaseImageProps {
  /** Name of what is released, e.g. `debian-12`. Names of images and channels begin with it. */
  readonly name: string;
  /** Version, e.g. `2026.11.1`. Another one publishes another image in each place. */
  readonly version: string;
  /** What the images are made of. */
  readonly source: ReleaseSource;
  /**
   * Channel that the version is published under, e.g. `stable`: in each place the channel `<name>-<channel>` points at its
   * image. Places whose cloud is known to keep no channels (ucloudstack) go without.
   * @default none
   */
  readonly channel?: string | undefined;
  /**
   * How many earlier images stay. Earlier images are then left in the cloud when a new version takes their place, for the
   * rules to retire.
   * @default an earlier image is removed when the new one is there
   */
  readonly retention?: ReleaseRetention | undefined;
  /** Where it goes, by names of your own. More can be added with `addTarget`. @default nowhere yet */
  readonly targets?: Readonly<Record<string, ReleaseTargetProps>> | undefined;
}

/**
 * One image file, published under a channel and a version to many clouds, regions and projects: shared, copied, and with
 * earlier versions retired. Each target is a construct of its own: one more changes nothing of the others. Each has an
 * output, named by the paths of release and target, with the ids of its images.
 */
export class BaseImageRelease extends Construct {
  /** Name of what is released. */
  readonly releaseName: string;
  /** Its version. */
  readonly version: string;
  /** Full name of the channel, where there is one. */
  readonly channelName: string | undefined;
  readonly #props: BaseImageReleaseProps;
  readonly #targets = new Map<string, ReleaseTarget>();

  /** @throws Error when a value is blank or none that can be kept, or a target is wrong */
  constructor(scope: Construct, id: string, props: BaseImageReleaseProps) {
    super(scope, id);
    checkText(this, 'name', props.name);
    checkText(this, 'version', props.version);
    checkText(this, 'channel', props.channel);
    if (Token.isUnresolved(props.name)) {
      throw invalid(this, 'name', 'a token', 'a literal: images of earlier versions are found by it');
    }
    if (props.retention) checkWhole(this, 'retention.keep', props.retention.keep, 1);
    this.releaseName = props.name;
    this.version = props.version;
    this.channelName = props.channel === undefined ? undefined : `${props.name}-${props.channel}`;
    this.#props = props;
    for (const [name, target] of Object.entries(props.targets ?? {})) this.addTarget(name, target);
  }

  /** The targets by their names. */
  get targets(): ReadonlyMap<string, ReleaseTarget> {
    return this.#targets;
  }

  /**
   * Adds a place that the release goes to.
   * @param name its name among the targets; a change of it makes everything there anew
   * @throws Error when the name is taken, or a value is wrong
   */
  addTarget(name: string, target: ReleaseTargetProps = {}): ReleaseTarget {
    if (this.#targets.has(name)) {
      throw invalid(this, 'target', `"${name}" a second time`, 'a name of its own for each target');
    }
    const {
      name: releaseName,
      version,
      source,
      channel: _c,
      targets: _t,
      retention,
      ...common
    } = this.#props;
    const { imageName, source: ownSource, ...own } = target;
    const made = new ReleaseTarget(this, name, {
      ...common,
      ...own,
      tags: { ...common.tags, ...own.tags },
      properties:
        common.properties || own.properties ? { ...common.properties, ...own.properties } : undefined,
      imageName: imageName ?? `${releaseName}-${version}`,
      source: ownSource ?? source,
      releaseName,
      channelName: this.channelName,
      retention,
    });
    this.#targets.set(name, made);
    return made;
  }
}
