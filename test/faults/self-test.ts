// The oracle itself is tested: every broken client of `sabotage.ts` has to be caught, and a sound one has to pass.
import { makePlace } from './place.ts';
import { planOf } from './plan.ts';
import { play } from './run.ts';
import { SABOTAGES } from './sabotage.ts';

/** A sound client needs a second. */
const clientLimitMs = 12_000;

/** Runs them all. @returns whether the oracle was right each time */
export async function selfTest(say: (text: string) => void): Promise<boolean> {
  const place = await makePlace();
  let isRight = true;
  const base = {
    ...planOf(1, ['bucket']),
    sizeBytes: 1_100_000,
    partSizeBytes: 102_400,
    partsTotal: 11,
    parallelParts: 2,
  };
  try {
    const sound = await play(place, { ...base, seed: 1, rounds: [] });
    isRight = sound.problems.length === 0;
    say(
      `${isRight ? 'ok    ' : 'WRONG '} a sound client passes: ${sound.problems.join('; ') || 'no problem'}`,
    );
    for (const [index, [name, { what, faults, verdict }]] of Object.entries(SABOTAGES).entries()) {
      const rounds = faults.length > 0 ? [{ faults }] : [];
      const { problems } = await play(
        place,
        { ...base, seed: 2 + index, rounds },
        { sabotage: name, clientLimitMs },
      );
      const isCaught = problems.some((problem) => verdict.test(problem));
      isRight &&= isCaught;
      say(
        `${isCaught ? 'caught' : 'MISSED'} ${name} (${what}): ${problems.join('; ').slice(0, 160) || 'no problem'}`,
      );
    }
  } finally {
    await place.close();
  }
  return isRight;
}
