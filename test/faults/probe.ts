// Which paths this build can walk: each is tried once, undisturbed. What cannot be walked is named, never passed over.
import { makePlace } from './place.ts';
import type { PathName } from './plan.ts';
import { planOf } from './plan.ts';
import { play } from './run.ts';

/** What there is. */
export interface Probed {
  present: PathName[];
  /** Paths that are refused, with what the client says. */
  absent: string[];
  hasDisk: boolean;
}

/**
 * Tries each path.
 * @throws Error when a path fails in another way than by saying that it is not offered
 */
export async function probePaths(paths: readonly PathName[]): Promise<Probed> {
  const place = await makePlace();
  try {
    const present: PathName[] = [];
    const absent: string[] = [];
    for (const path of paths) {
      const scenario = { ...planOf(1, [path]), path, seed: 0, rounds: [] };
      const report = await play(place, scenario);
      const [problem] = report.problems;
      if (problem === undefined) present.push(path);
      else if (/: (unsupported|invalid-input): /.test(problem)) absent.push(`${path}: ${problem}`);
      else throw new Error(`the path ${path} fails undisturbed: ${report.problems.join('; ')}`);
    }
    return { present, absent, hasDisk: place.disk !== undefined };
  } finally {
    await place.close();
  }
}
