// Pruning: which of a project's images should go, and how, and doing it. The plan is pure; nothing is done to an image that
// the plan, made again at that moment, would keep. Imports the model only.
import {
  type CallOptions,
  type Clock,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  InvalidInputError,
  systemClock,
} from '../model/index.ts';
import { channelMarks, checkChannelName, deprecatedAt, markIn } from './marks.ts';
import { requireRetiring, retireImage } from './retire.ts';

/**
 * What is done to images that should go. `deprecate`: they are marked, and stay usable; `hide`: hidden from listings as well
 * (openstack); `deactivate`: taken out of use as well.
 */
export type PruneAction = 'delete' | 'deactivate' | 'hide' | 'deprecate';

/** Which images are looked at, and which of them stay. At least one of `namePrefix`, `namePattern`, `channel`, `tags`. */
export interface PruneRules {
  namePrefix?: string | undefined;
  /** Matches somewhere in the name; without the flags `g` and `y`. */
  namePattern?: RegExp | undefined;
  /** Images that are or were in this channel. */
  channel?: string | undefined;
  /** Tags with their values; an image must have all of them. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** So many of the newest usable ones stay, those that stay for other reasons counted in. */
  keep: number;
  /** Younger ones stay, in ms. */
  minAgeMs: number;
  /** Ids of images that stay in any case. */
  spare?: readonly string[] | undefined;
  /** Remove also what is shared with others. */
  force?: boolean | undefined;
  /** Default `delete`. */
  action?: PruneAction | undefined;
  /** Noted on images that are not deleted: why they should not be used any more. */
  reason?: string | undefined;
}

/** What becomes of an image, and why. */
export interface PruneVerdict {
  image: Image;
  action: PruneAction | 'keep';
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
  const tagged = Object.keys(rules.tags ?? {}).length > 0;
  if (!rules.namePrefix && !rules.namePattern && rules.channel === undefined && !tagged)
    throw refuse('nothing says which images are meant', 'Give a name prefix or pattern, a channel or a tag.');
  if (!Number.isInteger(rules.keep) || rules.keep < 0)
    throw refuse('keep must be a whole number', 'Say how many of the newest images stay, e.g. 3.');
  if (!(rules.minAgeMs >= 0))
    throw refuse('the least age must not be negative', 'Say from which age on images may go.');
}

/** True when the rules look at an image at all. */
export function isCandidate(image: Image, rules: PruneRules): boolean {
  if (image.status === 'deleted') return false;
  if (rules.namePrefix && !image.name.startsWith(rules.namePrefix)) return false;
  if (rules.namePattern && !rules.namePattern.test(image.name)) return false;
  if (rules.channel !== undefined && !markIn(image, rules.channel)) return false;
  return Object.entries(rules.tags ?? {}).every(([key, value]) => image.tags[key] === value);
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
      ? { image, action: rules.action ?? 'delete', reason: reasonToGo(image, rules), ...age }
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
  if (rules.spare?.includes(image.id)) return 'it is named as one that stays';
  const places = channelMarks(image).filter((mark) => mark.state !== 'former');
  if (places.length > 0) return places.map((mark) => `${mark.state} in channel ${mark.channel}`).join(', ');
  if (image.protected) return 'protected';
  const done = reasonItIsDone(image, rules.action);
  if (done !== undefined) return done;
  if (rank >= 0) return `number ${rank + 1} of the newest ${rules.keep}`;
  const settled = ['active', 'deactivated', ...((rules.action ?? 'delete') === 'delete' ? ['failed'] : [])];
  if (!settled.includes(image.status)) return `its status is ${image.rawStatus}`;
  if (ageMs === undefined) return 'its age is not known';
  if (ageMs < rules.minAgeMs) return `younger than ${days(rules.minAgeMs)}`;
  if (rules.force) return undefined;
  if (image.visibility === 'public' || image.visibility === 'community') return `it is ${image.visibility}`;
  return sharedWith > 0
    ? `shared with ${sharedWith} ${sharedWith === 1 ? 'project' : 'projects'}`
    : undefined;
}

function reasonItIsDone(image: Image, action: PruneAction | undefined): string | undefined {
  if (action === 'deprecate' && deprecatedAt(image)) return 'deprecated already';
  if (action === 'deactivate' && image.status === 'deactivated') return 'deactivated already';
  return action === 'hide' && image.properties.os_hidden === 'true' ? 'hidden already' : undefined;
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
 * @throws InvalidInputError for rules that make no sense; UnsupportedError where the action is not offered; others of the
 *   port
 */
export async function findPrunable(
  cloud: ImageCloud,
  rules: PruneRules,
  options: PruneOptions = {},
): Promise<PruneVerdict[]> {
  checkPruneRules(rules);
  const { action = 'delete' } = rules;
  if (action !== 'delete')
    requireRetiring(cloud, 'retire old images', {
      hide: action === 'hide',
      deactivate: action === 'deactivate',
    });
  const call = { signal: options.signal };
  const nowMs = (options.clock ?? systemClock).now();
  const images = await candidatesOf(cloud, rules, call);
  const shares = new Map<string, number>();
  if (cloud.capabilities.share === true && !rules.force) {
    for (const verdict of planPrune(images, rules, nowMs))
      if (verdict.action !== 'keep')
        shares.set(verdict.image.id, await countShares(cloud, verdict.image, call));
  }
  return planPrune(images, rules, nowMs, shares);
}

async function candidatesOf(cloud: ImageCloud, rules: PruneRules, call: CallOptions): Promise<Image[]> {
  const images: Image[] = [];
  for await (const image of cloud.listImages({ scope: 'own' }, call))
    if (isCandidate(image, rules)) images.push(image);
  return images;
}

async function countShares(cloud: ImageCloud, image: Image, call: CallOptions): Promise<number> {
  let count = 0;
  for await (const share of cloud.listShares(image.id, call)) if (share.status !== 'rejected') count++;
  return count;
}

/** An image that a plan names. */
export type PrunedImage = Pick<Image, 'id' | 'name'>;

/** What became of an image that was to go. */
export interface PruneOutcome {
  image: PrunedImage;
  /** `retired`: as the action says, not deleted; `kept`: something spoke for it since the plan was made. */
  outcome: 'deleted' | 'retired' | 'gone' | 'kept' | 'failed';
  reason?: string | undefined;
  error?: ImageBridgeError | undefined;
}

/**
 * Does what a plan says, one after the other, or less: the images are looked at again, all of them first and each before
 * its turn. What was promoted, protected or shared meanwhile stays, and so does what is needed to keep as many as the rules
 * say. A failure of one does not keep the others.
 * @throws CancelledError when the signal aborts
 */
export async function* executePrune(
  cloud: ImageCloud,
  plan: readonly { image: PrunedImage; action: PruneVerdict['action'] }[],
  rules: PruneRules,
  options: PruneOptions = {},
): AsyncGenerator<PruneOutcome> {
  const due = plan.filter(({ action }) => action !== 'keep');
  if (due.length === 0) return;
  const call = { signal: options.signal };
  const nowMs = (options.clock ?? systemClock).now();
  const anew = planPrune(await candidatesOf(cloud, rules, call), rules, nowMs);
  for (const { image } of due) {
    const verdict = anew.find((one) => one.image.id === image.id);
    try {
      const fresh = await cloud.getImage(image.id, { ...call, fresh: true });
      if (fresh === undefined || fresh.status === 'deleted') {
        yield { image, outcome: 'gone' };
        continue;
      }
      const sharedWith =
        cloud.capabilities.share === true && !rules.force ? await countShares(cloud, fresh, call) : 0;
      // Alone, it cannot be one of the newest: that is decided among all of them.
      const [alone] = planPrune([fresh], { ...rules, keep: 0 }, nowMs, new Map([[fresh.id, sharedWith]]));
      const kept = [alone, verdict].find((one) => one?.action === 'keep');
      if (alone === undefined || kept !== undefined) {
        yield { image, outcome: 'kept', reason: kept?.reason ?? 'the rules do not look at it any more' };
        continue;
      }
      yield await retire(cloud, fresh, rules, call);
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      yield { image, outcome: 'failed', error };
    }
  }
}

async function retire(
  cloud: ImageCloud,
  image: Image,
  { action = 'delete', reason }: PruneRules,
  call: CallOptions,
): Promise<PruneOutcome> {
  if (action === 'delete') {
    await cloud.deleteImage(image.id, call);
    return { image, outcome: 'deleted' };
  }
  await retireImage(cloud, image, {
    ...call,
    reason,
    hide: action === 'hide',
    deactivate: action === 'deactivate',
  });
  return { image, outcome: 'retired' };
}
