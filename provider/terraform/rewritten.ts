// What clouds make of declared values: a value that the cloud spells another way has drifted only when it tells a third one.
// Imports the plugin framework only.
import type { PrivateState } from '@imagebridge/terraform-plugin';

/** Key of the private state under which lies what the cloud made of values that it rewrote. */
const REWRITTEN = 'rewritten';

type Values = Readonly<Record<string, unknown>>;

/** Nothing, zero and an empty text mean the same. */
const same = (left: unknown, right: unknown): boolean => (left || null) === (right || null);

/**
 * Notes what the cloud rewrote of what is recorded. Of an import nothing is: `noteRewritten(privateState, {}, {})`.
 * @param actual the values as the cloud tells them, by their attributes
 */
export function noteRewritten(privateState: PrivateState, recorded: Values, actual: Values): void {
  const differing = Object.entries(actual).filter(([name, value]) => !same(recorded[name], value));
  privateState.set(REWRITTEN, Object.fromEntries(differing));
}

/**
 * The value to record of an attribute now: what was recorded, where the cloud tells the same, or what it had made of it.
 * @param prone names of what clouds do rewrite: such a value stays as recorded where an older version noted nothing; all of
 *   them, where it is not given
 * @returns a function of the attribute's name, the recorded value and the cloud's
 */
export function readRewritten(
  privateState: PrivateState,
  prone?: ReadonlySet<string>,
): <V>(name: string, recorded: V | null, actual: V | null) => V | null {
  const rewritten = privateState.get(REWRITTEN, (json): Values => {
    if (typeof json === 'object' && json !== null) return { ...json };
    throw new Error('the private state is damaged');
  });
  return (name, recorded, actual) => {
    if (rewritten === undefined && prone?.has(name) !== false) return recorded ?? actual;
    const unchanged =
      rewritten !== undefined && Object.hasOwn(rewritten, name) && same(rewritten[name], actual);
    return unchanged || same(recorded, actual) ? recorded : actual;
  };
}
