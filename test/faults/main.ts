// `npm run test:faults -- --runs 500 --seed 1`: uploads under faults, many times over, each judged by an oracle of its own.
// Prints a summary; exit code 0 only when every run ended well.
import { parseArgs } from 'node:util';
import { makePlace, type Place } from './place.ts';
import { PATHS, planOf, type Scenario } from './plan.ts';
import { probePaths } from './probe.ts';
import { play, type RunReport } from './run.ts';
import { selfTest } from './self-test.ts';
import { summaryOf, told } from './summary.ts';

const HELP = `npm run test:faults -- [options]
  --runs N       how many runs (default 100)
  --seed S       seed of the first run; the others follow (default 1)
  --only SEED    just this run, told in full
  --path NAME    only this path: ${PATHS.join(', ')}
  --parallel N   runs at once (default 3)
  --verbose      every run in full
  --self-test    deliberately broken clients, each of which the oracle must catch
`;

/** After so many runs a place is made anew, so that its data folder stays small. */
const runsPerPlace = 60;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    path: { type: 'string' },
    parallel: { type: 'string', default: '3' },
    verbose: { type: 'boolean', default: false },
    'self-test': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
/** A run depends on the paths that it may choose from. */
const options = values.path === undefined ? '' : ` --path ${values.path}`;
const say = (text: string) => process.stdout.write(`${text}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (values.help) say(HELP);
else if (values['self-test']) process.exitCode = (await selfTest(say)) ? 0 : 1;
else process.exitCode = (await faults()) ? 0 : 1;

async function faults(): Promise<boolean> {
  const startedMs = performance.now();
  const chosen = PATHS.filter((path) => values.path === undefined || values.path === path);
  if (chosen.length === 0) throw new Error(`there is no path ${values.path}\n${HELP}`);
  const { present, absent, hasDisk } = await probePaths(chosen);
  if (present.length === 0) {
    say(`nothing can be run: ${absent.join('; ')}`);
    return false;
  }
  const seeds =
    values.only === undefined ? range(whole(values.seed), whole(values.runs)) : [whole(values.only)];
  const scenarios = seeds.map((seed) => planOf(seed, present));
  const defects: string[] = [];
  const reports = await playAll(scenarios, defects);
  say(
    summaryOf(reports, {
      wallMs: performance.now() - startedMs,
      absent,
      skipped: hasDisk ? [] : ['full-disk: this user may not mount a small disk'],
      defects,
      options,
    }),
  );
  return reports.length === scenarios.length && reports.every(({ problems }) => problems.length === 0);
}

async function playAll(scenarios: readonly Scenario[], defects: string[]): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  let next = 0;
  const lane = async () => {
    while (next < scenarios.length) {
      const place = await makePlace();
      try {
        for (let n = 0; n < runsPerPlace; n++) {
          const scenario = scenarios[next++];
          if (scenario === undefined) return;
          reports.push(await playOne(place, scenario));
        }
      } finally {
        defects.push(...place.cloud.defects);
        await place.close();
      }
    }
  };
  const lanes = Math.min(whole(values.parallel), scenarios.length);
  await Promise.all(Array.from({ length: lanes }, lane));
  return reports.sort((a, b) => a.scenario.seed - b.scenario.seed);
}

async function playOne(place: Place, scenario: Scenario): Promise<RunReport> {
  const report = await play(place, scenario);
  if (report.problems.length > 0 || values.verbose || values.only !== undefined)
    say(told(report, options).join('\n'));
  return report;
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number\n${HELP}`);
  return Number(text);
}
