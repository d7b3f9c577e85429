// What a run does, drawn from its seed: which family, how large a file, when and how the apply is struck. Pure.
import { type Random, random } from '../faults/random.ts';

/** What an apply is at when it is struck. */
export const PHASES = ['hash', 'upload', 'import', 'copy', 'share'] as const;
/** See {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/**
 * How it is struck.
 * - `kill-all`: SIGKILL for terraform and the provider
 * - `kill-terraform`: SIGKILL for terraform; the provider is left alone in the world
 * - `kill-provider`: SIGKILL for the provider; terraform lives on
 * - `ctrl-c`: SIGINT for both, as a terminal sends it
 * - `ctrl-c-twice`: a second one after a moment: terraform does not wait any longer
 * - `network-cut`: every connection is cut at once, for a while
 * - `network-lost`: the same, and a Ctrl-C while it lasts
 * - `lost-replies`: for a while the cloud does what it is asked, and its answers do not arrive
 */
export const BLOWS = [
  'kill-all',
  'kill-terraform',
  'kill-provider',
  'ctrl-c',
  'ctrl-c-twice',
  'network-cut',
  'network-lost',
  'lost-replies',
] as const;
/** See {@link BLOWS}. */
export type Blow = (typeof BLOWS)[number];

/** What is gone before the next apply. `unsaved-state`: also what terraform recorded since the apply began. */
export type Loss = 'nothing' | 'state-dir' | 'state-dir and unsaved-state';

/** One blow. */
export interface Strike {
  readonly phase: Phase;
  /** So many matching requests of the phase are let through before. */
  readonly after: number;
  /** Time between the beginning of the phase and the blow. */
  readonly delayMs: number;
  readonly blow: Blow;
  /** How long a trouble of the network lasts. */
  readonly troubleMs: number;
  readonly loss: Loss;
}

/** The names of the families. */
export const FAMILY_NAMES = ['huaweicloud', 'openstack', 'ucloudstack'] as const;
/** See {@link FAMILY_NAMES}. */
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** One run. */
export interface Scenario {
  readonly seed: number;
  readonly family: FamilyName;
  readonly sizeMiB: number;
  readonly jobDurationMs: number;
  readonly strikes: readonly Strike[];
}

/** The phases of a family, and how many more requests of their kind follow the first. */
export type PhasesOf = readonly [readonly [Phase, more: number], ...(readonly [Phase, more: number])[]];

/** Draws a run. The same seed and the same families give the same run. */
export function planOf(
  seed: number,
  families: readonly [FamilyName, ...FamilyName[]],
  phasesOf: (family: FamilyName) => PhasesOf,
): Scenario {
  const draw = random(seed);
  // One after the other, so that few runs see them all.
  const family = families[seed % families.length] ?? families[0];
  return {
    seed,
    family,
    sizeMiB: draw.int(24, 48),
    jobDurationMs: draw.int(200, 900),
    strikes: Array.from({ length: draw.chance(0.4) ? 2 : 1 }, () => strikeOf(draw, phasesOf(family))),
  };
}

function strikeOf(draw: Random, phases: PhasesOf): Strike {
  const [phase, more] = draw.pick(phases);
  const blow = draw.pick(BLOWS);
  return {
    phase,
    after: draw.int(0, more),
    delayMs: draw.int(0, phase === 'hash' ? 900 : 500),
    blow,
    troubleMs: draw.int(300, 2500),
    loss: draw.weighted<Loss>([
      [5, 'nothing'],
      [3, 'state-dir'],
      // Whoever is asked to stop, or outlives the provider, saves its state.
      [blow === 'kill-all' || blow === 'kill-terraform' ? 4 : 0, 'state-dir and unsaved-state'],
    ]),
  };
}

/** A strike in words. */
export function told({ phase, after, delayMs, blow, loss }: Strike): string {
  const when = after === 0 ? '' : ` (${after} let through)`;
  return `${blow} at ${phase}${when} +${delayMs} ms${loss === 'nothing' ? '' : `, loses ${loss}`}`;
}
