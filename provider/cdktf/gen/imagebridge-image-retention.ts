// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
import {
  ComplexList,
  ComplexObject,
  type IInterpolatingParent,
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
  Token,
  Tokenization,
} from 'cdktf';
import type { Construct } from 'constructs';
import { baseConfig, hclAttributes, present } from '../synthesis.ts';
import { generatorMetadata } from './metadata.ts';

/** Refers to the values of a `ImagebridgeImageRetentionKeeping`. */
export class ImagebridgeImageRetentionKeepingOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Id of the image. */
  get imageId(): string {
    return this.getStringAttribute('image_id');
  }

  /** Its name. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** Why it stays. */
  get reason(): string {
    return this.getStringAttribute('reason');
  }
}

/** Refers to the elements of a list or set of `ImagebridgeImageRetentionKeeping`. */
export class ImagebridgeImageRetentionKeepingList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): ImagebridgeImageRetentionKeepingOutputReference {
    return new ImagebridgeImageRetentionKeepingOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Refers to the values of a `ImagebridgeImageRetentionOutcomes`. */
export class ImagebridgeImageRetentionOutcomesOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** Id of the image. */
  get imageId(): string {
    return this.getStringAttribute('image_id');
  }

  /** Its name. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** `deleted`, `retired`, `gone` (it was no longer there) or `kept` (something spoke for it). */
  get outcome(): string {
    return this.getStringAttribute('outcome');
  }

  /** Why it was kept after all. */
  get reason(): string {
    return this.getStringAttribute('reason');
  }
}

/** Refers to the elements of a list or set of `ImagebridgeImageRetentionOutcomes`. */
export class ImagebridgeImageRetentionOutcomesList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): ImagebridgeImageRetentionOutcomesOutputReference {
    return new ImagebridgeImageRetentionOutcomesOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** Refers to the values of a `ImagebridgeImageRetentionRetiring`. */
export class ImagebridgeImageRetentionRetiringOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** What is done to it. */
  get action(): string {
    return this.getStringAttribute('action');
  }

  /** Id of the image. */
  get imageId(): string {
    return this.getStringAttribute('image_id');
  }

  /** Its name. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** Why it goes. */
  get reason(): string {
    return this.getStringAttribute('reason');
  }
}

/** Refers to the elements of a list or set of `ImagebridgeImageRetentionRetiring`. */
export class ImagebridgeImageRetentionRetiringList extends ComplexList {
  /** The element at a position, from 0. */
  get(index: number): ImagebridgeImageRetentionRetiringOutputReference {
    return new ImagebridgeImageRetentionRetiringOutputReference(
      this.terraformResource,
      this.terraformAttribute,
      this.wrapsSet,
      index,
    );
  }
}

/** How long operations may take. Changing it changes nothing in the cloud. */
export interface ImagebridgeImageRetentionTimeouts {
  /** How long looking at the images may take, e.g. `30m` or `1h30m`. Default `60m`. */
  readonly create?: string | undefined;
  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly delete?: string | undefined;
  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  readonly read?: string | undefined;
  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  readonly update?: string | undefined;
}

/** Puts a {@link ImagebridgeImageRetentionTimeouts} into Terraform's words; tokens pass through. */
function imagebridgeImageRetentionTimeoutsToTerraform(
  value: ImagebridgeImageRetentionTimeouts | IResolvable | undefined,
): unknown {
  if (value === undefined || Tokenization.isResolvable(value)) return value;
  return present({
    create: value.create,
    delete: value.delete,
    read: value.read,
    update: value.update,
  });
}

/** Refers to the values of a `ImagebridgeImageRetentionTimeouts`. */
export class ImagebridgeImageRetentionTimeoutsOutputReference extends ComplexObject {
  /**
   * @param parent what the attribute belongs to
   * @param attribute Terraform's name of the attribute
   * @param fromSet whether it is an element of a set
   * @param index position in a list, or key in a map as a quoted string
   */
  constructor(parent: IInterpolatingParent, attribute: string, fromSet = false, index?: number | string) {
    super(parent, attribute, fromSet, index);
  }

  /** How long looking at the images may take, e.g. `30m` or `1h30m`. Default `60m`. */
  get create(): string {
    return this.getStringAttribute('create');
  }

  /** How long the removal may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get delete(): string {
    return this.getStringAttribute('delete');
  }

  /** How long looking at the object may take, e.g. `30m` or `1h30m`. Default `10m`. */
  get read(): string {
    return this.getStringAttribute('read');
  }

  /** How long a change in place may take, e.g. `30m` or `1h30m`. Default `20m`. */
  get update(): string {
    return this.getStringAttribute('update');
  }
}

/** Configuration of the resource `imagebridge_image_retention`. */
export interface ImagebridgeImageRetentionConfig extends TerraformMetaArguments {
  /**
   * What is done to the others: `delete`; `deactivate`: taken out of use; `hide`: hidden from listings,
   * and usable; `deprecate`: only marked. All but `delete` mark them as retired, and can be taken back
   * (`imagebridge retire --undo`). Which of them a cloud knows is checked while planning. Default
   * `delete`.
   */
  readonly action?: string | undefined;
  /** Look at images that are, or were, in this channel. */
  readonly channel?: string | undefined;
  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud.
   */
  readonly cloud?: string | undefined;
  /** Ids of images that stay in any case. */
  readonly excludeImageIds?: readonly string[] | undefined;
  /** True: retire also what is shared with others, or public. Default false. */
  readonly includeShared?: boolean | IResolvable | undefined;
  /** So many of the newest usable images stay. Those that stay for other reasons are counted in. */
  readonly keep: number;
  /** Younger images stay; in days, also parts of them. Default 14. */
  readonly minAgeDays?: number | undefined;
  /**
   * Look at images whose name begins so. At least one of `name_prefix`, `name_regex`, `with_tags` and
   * `channel` is needed; an image must match all that are given.
   */
  readonly namePrefix?: string | undefined;
  /** Look at images in whose name this regular expression (JavaScript) matches. */
  readonly nameRegex?: string | undefined;
  /** Noted on images that are not deleted: why they should not be used any more. */
  readonly reason?: string | undefined;
  /**
   * Region of the images. Default: the cloud's own region when the object is made. A change replaces the
   * object.
   */
  readonly region?: string | undefined;
  /** How long operations may take. Changing it changes nothing in the cloud. */
  readonly timeouts?: ImagebridgeImageRetentionTimeouts | IResolvable | undefined;
  /** Look at images that have these tags with these values. */
  readonly withTags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Keeps the newest images of a kind, and retires the others. Each plan lists in `retiring` what is due
 * by the recorded rules; its apply does exactly that, or less: every image is looked at again before
 * its turn, and one that came meanwhile is never touched. An apply that makes or changes the rules
 * only records them; the plan after it lists what is due. What is protected, `current` or `previous`
 * in a channel, shared, public, or being made always stays. Destroying it retires nothing.
 */
export class ImagebridgeImageRetention extends TerraformResource {
  /** Terraform's name of this type. */
  static readonly tfResourceType = 'imagebridge_image_retention';

  /**
   * An import block for an object that exists already; `cdktf plan` then writes its configuration.
   * @param scope the construct it belongs to
   * @param importToId the construct id of the ImagebridgeImageRetention to be
   * @param importFromId the id the provider imports by
   * @param provider the provider instance, where it has an alias
   */
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: 'imagebridge_image_retention',
      importId: importFromId,
      ...(provider && { provider }),
    });
  }

  #action: string | undefined;
  #channel: string | undefined;
  #cloud: string | undefined;
  #excludeImageIds: readonly string[] | undefined;
  #includeShared: boolean | IResolvable | undefined;
  #keep: number;
  #minAgeDays: number | undefined;
  #namePrefix: string | undefined;
  #nameRegex: string | undefined;
  #reason: string | undefined;
  #region: string | undefined;
  #timeouts: ImagebridgeImageRetentionTimeouts | IResolvable | undefined;
  #withTags: Readonly<Record<string, string>> | undefined;

  /**
   * @param scope the construct it belongs to
   * @param id its name among the constructs of that scope
   * @param config what it is to be
   */
  constructor(scope: Construct, id: string, config: ImagebridgeImageRetentionConfig) {
    super(scope, id, baseConfig(config, 'imagebridge_image_retention', generatorMetadata));
    this.#action = config.action;
    this.#channel = config.channel;
    this.#cloud = config.cloud;
    this.#excludeImageIds = config.excludeImageIds;
    this.#includeShared = config.includeShared;
    this.#keep = config.keep;
    this.#minAgeDays = config.minAgeDays;
    this.#namePrefix = config.namePrefix;
    this.#nameRegex = config.nameRegex;
    this.#reason = config.reason;
    this.#region = config.region;
    this.#timeouts = config.timeouts;
    this.#withTags = config.withTags;
  }

  /**
   * What is done to the others: `delete`; `deactivate`: taken out of use; `hide`: hidden from listings,
   * and usable; `deprecate`: only marked. All but `delete` mark them as retired, and can be taken back
   * (`imagebridge retire --undo`). Which of them a cloud knows is checked while planning. Default
   * `delete`. A reference: what was configured is `actionInput`.
   */
  get action(): string {
    return this.getStringAttribute('action');
  }

  set action(value: string) {
    this.#action = value;
  }

  /** `action` as configured. */
  get actionInput(): string | undefined {
    return this.#action;
  }

  /** Leaves `action` out of the configuration. */
  resetAction(): void {
    this.#action = undefined;
  }

  /**
   * Look at images that are, or were, in this channel. A reference: what was configured is
   * `channelInput`.
   */
  get channel(): string {
    return this.getStringAttribute('channel');
  }

  set channel(value: string) {
    this.#channel = value;
  }

  /** `channel` as configured. */
  get channelInput(): string | undefined {
    return this.#channel;
  }

  /** Leaves `channel` out of the configuration. */
  resetChannel(): void {
    this.#channel = undefined;
  }

  /**
   * Name of a cloud of the provider's `clouds`, or of a profile. Default: the provider's
   * `default_cloud`. A change replaces the object, unless both names mean the same cloud. A reference:
   * what was configured is `cloudInput`.
   */
  get cloud(): string {
    return this.getStringAttribute('cloud');
  }

  set cloud(value: string) {
    this.#cloud = value;
  }

  /** `cloud` as configured. */
  get cloudInput(): string | undefined {
    return this.#cloud;
  }

  /** Leaves `cloud` out of the configuration. */
  resetCloud(): void {
    this.#cloud = undefined;
  }

  /** Ids of images that stay in any case. A reference: what was configured is `excludeImageIdsInput`. */
  get excludeImageIds(): string[] {
    return Token.asList(this.interpolationForAttribute('exclude_image_ids'));
  }

  set excludeImageIds(value: readonly string[]) {
    this.#excludeImageIds = value;
  }

  /** `exclude_image_ids` as configured. */
  get excludeImageIdsInput(): readonly string[] | undefined {
    return this.#excludeImageIds;
  }

  /** Leaves `exclude_image_ids` out of the configuration. */
  resetExcludeImageIds(): void {
    this.#excludeImageIds = undefined;
  }

  /** The rules, as `terraform import` takes them. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /**
   * True: retire also what is shared with others, or public. Default false. A reference: what was
   * configured is `includeSharedInput`.
   */
  get includeShared(): IResolvable {
    return this.getBooleanAttribute('include_shared');
  }

  set includeShared(value: boolean | IResolvable) {
    this.#includeShared = value;
  }

  /** `include_shared` as configured. */
  get includeSharedInput(): boolean | IResolvable | undefined {
    return this.#includeShared;
  }

  /** Leaves `include_shared` out of the configuration. */
  resetIncludeShared(): void {
    this.#includeShared = undefined;
  }

  /**
   * So many of the newest usable images stay. Those that stay for other reasons are counted in. A
   * reference: what was configured is `keepInput`.
   */
  get keep(): number {
    return this.getNumberAttribute('keep');
  }

  set keep(value: number) {
    this.#keep = value;
  }

  /** `keep` as configured. */
  get keepInput(): number {
    return this.#keep;
  }

  /** What stayed then, of the images that the rules look at. */
  get keeping(): ImagebridgeImageRetentionKeepingList {
    return new ImagebridgeImageRetentionKeepingList(this, 'keeping', false);
  }

  /**
   * Younger images stay; in days, also parts of them. Default 14. A reference: what was configured is
   * `minAgeDaysInput`.
   */
  get minAgeDays(): number {
    return this.getNumberAttribute('min_age_days');
  }

  set minAgeDays(value: number) {
    this.#minAgeDays = value;
  }

  /** `min_age_days` as configured. */
  get minAgeDaysInput(): number | undefined {
    return this.#minAgeDays;
  }

  /** Leaves `min_age_days` out of the configuration. */
  resetMinAgeDays(): void {
    this.#minAgeDays = undefined;
  }

  /**
   * Look at images whose name begins so. At least one of `name_prefix`, `name_regex`, `with_tags` and
   * `channel` is needed; an image must match all that are given. A reference: what was configured is
   * `namePrefixInput`.
   */
  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  set namePrefix(value: string) {
    this.#namePrefix = value;
  }

  /** `name_prefix` as configured. */
  get namePrefixInput(): string | undefined {
    return this.#namePrefix;
  }

  /** Leaves `name_prefix` out of the configuration. */
  resetNamePrefix(): void {
    this.#namePrefix = undefined;
  }

  /**
   * Look at images in whose name this regular expression (JavaScript) matches. A reference: what was
   * configured is `nameRegexInput`.
   */
  get nameRegex(): string {
    return this.getStringAttribute('name_regex');
  }

  set nameRegex(value: string) {
    this.#nameRegex = value;
  }

  /** `name_regex` as configured. */
  get nameRegexInput(): string | undefined {
    return this.#nameRegex;
  }

  /** Leaves `name_regex` out of the configuration. */
  resetNameRegex(): void {
    this.#nameRegex = undefined;
  }

  /** What became of each of `retiring`. */
  get outcomes(): ImagebridgeImageRetentionOutcomesList {
    return new ImagebridgeImageRetentionOutcomesList(this, 'outcomes', false);
  }

  /**
   * Noted on images that are not deleted: why they should not be used any more. A reference: what was
   * configured is `reasonInput`.
   */
  get reason(): string {
    return this.getStringAttribute('reason');
  }

  set reason(value: string) {
    this.#reason = value;
  }

  /** `reason` as configured. */
  get reasonInput(): string | undefined {
    return this.#reason;
  }

  /** Leaves `reason` out of the configuration. */
  resetReason(): void {
    this.#reason = undefined;
  }

  /**
   * Region of the images. Default: the cloud's own region when the object is made. A change replaces the
   * object. A reference: what was configured is `regionInput`.
   */
  get region(): string {
    return this.getStringAttribute('region');
  }

  set region(value: string) {
    this.#region = value;
  }

  /** `region` as configured. */
  get regionInput(): string | undefined {
    return this.#region;
  }

  /** Leaves `region` out of the configuration. */
  resetRegion(): void {
    this.#region = undefined;
  }

  /** When that was, as an RFC 3339 time in UTC; null where nothing was retired yet. */
  get retiredAt(): string {
    return this.getStringAttribute('retired_at');
  }

  /** What the last apply that had something to retire was to retire, as its plan listed it. */
  get retiring(): ImagebridgeImageRetentionRetiringList {
    return new ImagebridgeImageRetentionRetiringList(this, 'retiring', false);
  }

  /**
   * How long operations may take. Changing it changes nothing in the cloud. A reference: what was
   * configured is `timeoutsInput`.
   */
  get timeouts(): ImagebridgeImageRetentionTimeoutsOutputReference {
    return new ImagebridgeImageRetentionTimeoutsOutputReference(this, 'timeouts');
  }

  /** Sets `timeouts` anew. */
  putTimeouts(value: ImagebridgeImageRetentionTimeouts | IResolvable): void {
    this.#timeouts = value;
  }

  /** `timeouts` as configured. */
  get timeoutsInput(): ImagebridgeImageRetentionTimeouts | IResolvable | undefined {
    return this.#timeouts;
  }

  /** Leaves `timeouts` out of the configuration. */
  resetTimeouts(): void {
    this.#timeouts = undefined;
  }

  /**
   * Look at images that have these tags with these values. A reference: what was configured is
   * `withTagsInput`.
   */
  get withTags(): Record<string, string> {
    return this.getStringMapAttribute('with_tags');
  }

  set withTags(value: Readonly<Record<string, string>>) {
    this.#withTags = value;
  }

  /** `with_tags` as configured. */
  get withTagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#withTags;
  }

  /** Leaves `with_tags` out of the configuration. */
  resetWithTags(): void {
    this.#withTags = undefined;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return present({
      action: this.#action,
      channel: this.#channel,
      cloud: this.#cloud,
      exclude_image_ids: this.#excludeImageIds,
      include_shared: this.#includeShared,
      keep: this.#keep,
      min_age_days: this.#minAgeDays,
      name_prefix: this.#namePrefix,
      name_regex: this.#nameRegex,
      reason: this.#reason,
      region: this.#region,
      timeouts: imagebridgeImageRetentionTimeoutsToTerraform(this.#timeouts),
      with_tags: this.#withTags,
    });
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.synthesizeAttributes(), {
      action: 'string',
      channel: 'string',
      cloud: 'string',
      exclude_image_ids: 'stringList',
      include_shared: 'boolean',
      keep: 'number',
      min_age_days: 'number',
      name_prefix: 'string',
      name_regex: 'string',
      reason: 'string',
      region: 'string',
      timeouts: 'any',
      with_tags: 'map',
    });
  }
}
