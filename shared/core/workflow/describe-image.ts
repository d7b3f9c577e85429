// What of an image's description a cloud takes at once, what it takes only once the image is there, what it refuses, and
// what it never changes afterwards: known before anything is sent. Imports the model only.
import type { ImageChanges, ImageCloud, ImageDescription } from '../model/index.ts';

/** What an image is made from. `image`: one of another cloud, whose bytes are brought over. */
export type SourceKind =
  | 'file'
  | 'url'
  | 'object'
  | 'server'
  | 'volume'
  | 'backup'
  | 'whole-server'
  | 'image';

/** How an image is to be made. */
export interface Making {
  kind: SourceKind;
  /** It is the disk of data only. */
  dataDisk?: boolean | undefined;
}

/** A part of a description. */
export type DescriptionField = Exclude<keyof ImageDescription, 'name' | 'description' | 'tags'>;

/** What becomes of a description. */
export interface SplitDescription {
  /** For the call that makes the image. */
  now: ImageDescription;
  /** For an update once it is active; undefined where there is nothing to add. */
  later: ImageChanges | undefined;
  /** What this cloud does not take at all, with the reason and what to do instead. */
  refused: { field: DescriptionField; reason: string }[];
}

type Fate = 'now' | 'later' | { refused: string };

const refuse = (refused: string): Fate => ({ refused });
const MADE_BY = 'This way of making an image does not take it: leave it out.';
/** Properties that ucloudstack has instead of free ones. */
const UCLOUDSTACK_PROPERTY = /^Support(QGA|CloudInit)$/;

/**
 * Divides a description by what the cloud does with its fields. What it does anyway is left out.
 */
export function splitDescription(
  cloud: ImageCloud,
  making: Making,
  image: ImageDescription,
): SplitDescription {
  const { name, description, tags, ...fields } = image;
  const now: ImageDescription = { name, description, tags };
  const later: ImageChanges = {};
  const refused: SplitDescription['refused'] = [];
  for (const field of Object.keys(fields) as DescriptionField[]) {
    const value = fields[field];
    if (value === undefined || isDefault(cloud, field, value)) continue;
    const fate = fateOf(cloud, making, field, image);
    if (fate === 'now') Object.assign(now, { [field]: value });
    else if (fate === 'later') Object.assign(later, { [field]: value });
    else refused.push({ field, reason: fate.refused });
  }
  return { now, later: Object.keys(later).length > 0 ? later : undefined, refused };
}

/** True for what an image is or has without being told. */
function isDefault(cloud: ImageCloud, field: DescriptionField, value: unknown): boolean {
  if (field === 'protected') return value === false;
  if (field === 'minRamMiB') return value === 0;
  if (field === 'properties')
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return field === 'visibility' && value === 'private' && cloud.capabilities.updateVisibility !== true;
}

function fateOf(cloud: ImageCloud, making: Making, field: DescriptionField, image: ImageDescription): Fate {
  const can = cloud.capabilities;
  const ifAble = (ability: true | string, fate: Fate): Fate => (ability === true ? fate : refuse(ability));
  // A protected record that fails could not be removed.
  if (field === 'protected') return ifAble(can.protect, 'later');
  if (field === 'visibility') return ifAble(can.updateVisibility, 'now');
  switch (cloud.family) {
    case 'openstack':
      return 'now';
    case 'huaweicloud':
      return huaweicloudFate(making, field, image);
    case 'ucloudstack':
      return ucloudstackFate(cloud, making, field, image);
  }
}

function huaweicloudFate({ kind, dataDisk }: Making, field: DescriptionField, image: ImageDescription): Fate {
  const imported = kind === 'file' || kind === 'object' || kind === 'image' || kind === 'url';
  const systemImport = imported && dataDisk !== true;
  switch (field) {
    case 'properties':
      return 'later';
    case 'bootMode':
      return systemImport && (image.bootMode === 'bios' || isArm(image.architecture)) ? 'now' : 'later';
    case 'minRamMiB':
      return dataDisk === true ? 'later' : 'now';
    case 'osDistribution':
      return refuse('Leave it out: the OS version names the distribution.');
    case 'osType':
    case 'minDiskGiB':
      return imported ? 'now' : refuse('Leave it out: the service finds it out by itself.');
    case 'osVersion':
      return systemImport || (kind === 'volume' && dataDisk !== true) ? 'now' : refuse(MADE_BY);
    default:
      return systemImport ? 'now' : refuse(MADE_BY);
  }
}

const isArm = (architecture: string | undefined) => /^(arm|aarch)/i.test(architecture ?? '');

function ucloudstackFate(
  { capabilities: can }: ImageCloud,
  { kind }: Making,
  field: DescriptionField,
  image: ImageDescription,
): Fate {
  const minimum = field === 'minDiskGiB' || field === 'minRamMiB';
  if (minimum) return can.updateMinimums === true ? 'now' : refuse(`Leave it out. ${can.updateMinimums}`);
  const own = Object.keys(image.properties ?? {}).find((name) => !UCLOUDSTACK_PROPERTY.test(name));
  if (field === 'properties' && own !== undefined)
    return refuse(`Of properties the cloud knows SupportQGA and SupportCloudInit only, not ${own}.`);
  return kind === 'server' ? 'later' : 'now';
}

/**
 * Why a cloud does not change a field of an image that is there; undefined where it does. A new image is then needed.
 * @param properties names of the properties that change, for `properties`
 */
export function whyFixed(
  cloud: ImageCloud,
  field: keyof ImageChanges,
  properties: readonly string[] = [],
): string | undefined {
  const can = cloud.capabilities;
  const fixed = ['osType', 'osDistribution', 'osVersion', 'architecture', 'minDiskGiB'];
  if (cloud.family === 'huaweicloud' && fixed.includes(field))
    return 'The service never changes it once an image is made.';
  const known = cloud.family === 'ucloudstack' && properties.every((name) => UCLOUDSTACK_PROPERTY.test(name));
  const ability = {
    name: can.rename,
    description: can.updateDescription,
    osType: can.updateOs,
    osDistribution: can.updateOs,
    osVersion: can.updateOs,
    architecture: can.updateOs,
    bootMode: can.updateOs,
    minDiskGiB: can.updateMinimums,
    minRamMiB: can.updateMinimums,
    protected: can.protect,
    visibility: can.updateVisibility,
    tags: can.updateTags,
    properties: known ? true : can.customProperties,
  }[field];
  return ability === true ? undefined : ability;
}

/** True where a cloud can forget a fact of the system; elsewhere an image always has one. */
export function canForget(cloud: ImageCloud, field: DescriptionField): boolean {
  if (cloud.family === 'huaweicloud') return field === 'bootMode';
  return cloud.family === 'openstack' && FORGETTABLE.includes(field);
}

const FORGETTABLE: readonly DescriptionField[] = [
  'osType',
  'osDistribution',
  'osVersion',
  'architecture',
  'bootMode',
];

/** What a cloud wants to know of every image that is imported, and this description does not say. */
export function missingFacts(
  cloud: ImageCloud,
  { kind }: Making,
  image: ImageDescription,
): DescriptionField[] {
  const imported = kind === 'file' || kind === 'url' || kind === 'image';
  if (cloud.family !== 'ucloudstack' || !imported) return [];
  const facts = ['osType', 'osDistribution', 'osVersion', 'architecture'] as const;
  return facts.filter((fact) => !image[fact]);
}
