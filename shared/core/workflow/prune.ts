// Pruning: which of a project's images may go, and removing them. The plan is pure; nothing is removed that the plan, made
// again from the image as it is at that moment, would keep. Imports the model only.
import {
  type CallOptions,
  type Clock,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  systemClock,
} from '../model/index.ts';
import { channelMarks, checkChannelName, markIn } from './channels.ts';

/** Which images are looked at, and which of them stay. At least one of `namePrefix`, `channel`, `tag`. */
export interface PruneRules {
  namePrefix?: string | undefined;
  /** Images that are or were in this channel. */
  channel?: string | undefined;
  tag?: { key: string; value: string } | undefined;
  /** So many of the newest usable ones stay, those that stay for other reasons counted in. */
  keep: number;
  /** Younger ones stay, in ms. */
  minAgeMs: number;
  /** Remove also what is shared with others. */
  force?: boolean | undefined;
}

/** What becomes of an image, and why. */
export interface PruneVerdict {
  image: Image;
  action: 'delete' | 'keep';
  reason: string;
  /** Time since it was made, in ms, where the service tells when. */
  ageMs?: number | undefined;
}

const DAY_MS = 86_400_000;

/** @throws InvalidInputError when the rules would look at every image, or make no sense */
export function checkPruneRules(rules: PruneRules): void {
  if (rules.channel !== undefined) checkChannelName(rules.channel);
  const refuse = (reason: string, hint: string) =>
    new InvalidInputError({ operation: 'plan what to prune', reason, hint });
  if (!rules.namePrefix && rules.channel === undefined && rules.tag === undefined)
    throw refuse('nothing says which images are meant', 'Give a name prefix, a channel or a tag.');
  if (!Number.isInteger(rules.keep) || rules.keep < 0)
    throw refuse('keep must be a whole number', 'Say how many of the newest images stay, e.g. 3.');
  if (!(rules.minAgeMs >= 0))
    throw refuse('the least age must not be negative', 'Say from which age on images may go.');
}

/** True when the rules look at an image at all. */
export function isCandidate(image: Image, rules: PruneRules): boolean {
  if (image.status === 'deleted') return false;
  if (rules.namePrefix && !image.name.startsWith(rules.namePrefix)) return false;
  if (rules.channel !== undefined && !markIn(image, rules.channel)) return false;
  return rules.tag === undefined || image.tags[rules.tag.key] === rules.tag.value;
}

/**
 * What becomes of each image that the rules look at, the newest first.
 * @param images the project's own images
 * @param shares how many others each image is shared with, by its id; an absent one: nobody
 * @param nowMs ms since 1970
 */
export function planPrune(
  images: readonly Image[],
  rules: PruneRules,
  nowMs: number,
  shares: ReadonlyMap<string, number> = new Map(),
): PruneVerdict[] {
  const madeMs = (image: Image) => image.createdAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const candidates = images
    .filter((image) => isCandidate(image, rules))
    // The id decides between equal times, so that two runs agree.
    .sort((a, b) => (madeMs(a) === madeMs(b) ? (a.id < b.id ? 1 : -1) : madeMs(b) - madeMs(a)));
  // What failed, or is not usable, is none of the newest that somebody could want to go back to.
  const newest = candidates
    .filter((image) => image.status === 'active' || image.status === 'deactivated')
    .slice(0, rules.keep)
    .map((image) => image.id);
  return candidates.map((image) => {
    const age = image.createdAt ? { ageMs: nowMs - image.createdAt.getTime() } : {};
    const kept = reasonToKeep(image, rules, newest.indexOf(image.id), age.ageMs, shares.get(image.id) ?? 0);
    return kept === undefined
      ? { image, action: 'delete', reason: reasonToGo(image, rules), ...age }
      : { image, action: 'keep', reason: kept, ...age };
  });
}

function reasonToKeep(
  image: Image,
  rules: PruneRules,
  rank: number,
  ageMs: number | undefined,
  sharedWith: number,
): string | undefined {
  const places = channelMarks(image).filter((mark) => mark.state !== 'former');
  if (places.length > 0) return places.map((mark) => `${mark.state} in channel ${mark.channel}`).join(', ');
  if (image.protected) return 'protected';
  if (rank >= 0) return `number ${rank + 1} of the newest ${rules.keep}`;
  if (!['active', 'deactivated', 'failed'].includes(image.status)) return `its status is ${image.rawStatus}`;
  if (ageMs === undefined) return 'its age is not known';
  if (ageMs < rules.minAgeMs) return `younger than ${days(rules.minAgeMs)}`;
  if (rules.force) return undefined;
  if (image.visibility === 'public' || image.visibility === 'community') return `it is ${image.visibility}`;
  return sharedWith > 0
    ? `shared with ${sharedWith} ${sharedWith === 1 ? 'project' : 'projects'}`
    : undefined;
}

const reasonToGo = (image: Image, rules: PruneRules): string =>
  image.status === 'failed' ? 'it failed' : `not one of the newest ${rules.keep}`;

const days = (ms: number): string => `${Math.round((ms / DAY_MS) * 10) / 10} days`;

/** How to prune. */
export interface PruneOptions extends CallOptions {
  clock?: Clock | undefined;
}

/**
 * Looks at the project's images and plans. Asks for the shares of those only that would go otherwise.
 * @throws InvalidInputError for rules that make no sense; others of the port
 */
export async function findPrunable(
  cloud: ImageCloud,
  rules: PruneRules,
  options: PruneOptions = {},
): Promise<PruneVerdict[]> {
  checkPruneRules(rules);
  const call = { signal: options.signal };
  const nowMs = (options.clock ?? systemClock).now();
  const images: Image[] = [];
  for await (const image of cloud.listImages({ scope: 'own' }, call))
    if (isCandidate(image, rules)) images.push(image);
  const shares = new Map<string, number>();
  if (cloud.capabilities.share === true && !rules.force) {
    for (const { image, action } of planPrune(images, rules, nowMs))
      if (action === 'delete') shares.set(image.id, await countShares(cloud, image, call));
  }
  return planPrune(images, rules, nowMs, shares);
}

async function countShares(cloud: ImageCloud, image: Image, call: CallOptions): Promise<number> {
  let count = 0;
  for await (const share of cloud.listShares(image.id, call)) if (share.status !== 'rejected') count++;
  return count;
}

/** What became of an image that was to go. */
export interface PruneOutcome {
  image: Image;
  /** `kept`: something spoke for it since the plan was made. */
  outcome: 'deleted' | 'gone' | 'kept' | 'failed';
  reason?: string | undefined;
  error?: ImageBridgeError | undefined;
}

/**
 * Removes what a plan says, one after the other. Each image is read again first: what was promoted, protected or shared
 * meanwhile stays. A failure of one does not keep the others.
 * @throws CancelledError when the signal aborts
 */
export async function* executePrune(
  cloud: ImageCloud,
  plan: readonly PruneVerdict[],
  rules: PruneRules,
  options: PruneOptions = {},
): AsyncGenerator<PruneOutcome> {
  const call = { signal: options.signal };
  const nowMs = (options.clock ?? systemClock).now();
  for (const verdict of plan) {
    if (verdict.action !== 'delete') continue;
    const { image } = verdict;
    try {
      const fresh = await cloud.getImage(image.id, call);
      if (fresh === undefined || fresh.status === 'deleted') {
        yield { image, outcome: 'gone' };
        continue;
      }
      const sharedWith =
        cloud.capabilities.share === true && !rules.force ? await countShares(cloud, fresh, call) : 0;
      // Alone, it cannot be one of the newest: that was decided among all of them.
      const [now] = planPrune([fresh], { ...rules, keep: 0 }, nowMs, new Map([[fresh.id, sharedWith]]));
      if (now?.action !== 'delete') {
        yield { image, outcome: 'kept', reason: now?.reason ?? 'the rules do not look at it any more' };
        continue;
      }
      await cloud.deleteImage(image.id, call);
      yield { image, outcome: 'deleted' };
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      yield { image, outcome: 'failed', error };
    }
  }
}
