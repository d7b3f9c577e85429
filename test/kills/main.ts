// `npm run test:kills -- --runs 50 --seed 1`: applies of the real terraform, struck at random moments, many times over; each
// must end with exactly what is declared, and nothing else. Prints a line per run; exit code 0 only when every run ended well.
import { parseArgs } from 'node:util';
import { skipReason } from '../fixtures/terraform.ts';
import { FAMILY } from './families.ts';
import { BLOWS, FAMILY_NAMES, type FamilyName, PHASES, type PhasesOf, planOf, told } from './plan.ts';
import { play, type RunReport } from './run.ts';

const HELP = `npm run test:kills -- [options]
  --runs N       how many runs (default 50)
  --seed S       seed of the first run; the others follow (default 1)
  --only SEED    just this run, told in full
  --family NAME  only this family: ${FAMILY_NAMES.join(', ')}
  --parallel N   runs at once (default 2)
  --limit-s N    no new run begins after so many seconds (default 1500)
  --verbose      every run in full
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    family: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    'limit-s': { type: 'string', default: '1500' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (values.help) say(HELP);
else if (skipReason !== undefined) say(`skipped: ${skipReason}`);
else process.exitCode = (await kills()) ? 0 : 1;

async function kills(): Promise<boolean> {
  const startedMs = performance.now();
  const [first, ...others] = FAMILY_NAMES.filter(
    (name) => values.family === undefined || values.family === name,
  );
  if (first === undefined) throw new Error(`there is no family ${values.family}\n${HELP}`);
  const from = whole(values.only ?? values.seed);
  const scenarios = Array.from({ length: values.only === undefined ? whole(values.runs) : 1 }, (_, i) =>
    planOf(from + i, [first, ...others], phasesOf),
  );
  const waiting = [...scenarios];
  const reports: RunReport[] = [];
  const lane = async () => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      if (performance.now() - startedMs > whole(values['limit-s']) * 1000) return;
      const report = await play(scenario);
      reports.push(report);
      say(line(report));
    }
  };
  await Promise.all(Array.from({ length: whole(values.parallel) }, lane));
  say(summary(reports, scenarios.length, performance.now() - startedMs));
  return reports.length === scenarios.length && reports.every(({ problems }) => problems.length === 0);
}

/** Those phases that a family has. */
function phasesOf(family: FamilyName): PhasesOf {
  const { phases } = FAMILY[family];
  const known = PHASES.filter((phase) => phases[phase] !== undefined);
  return [['hash', 0], ...known.map((phase) => [phase, phases[phase]?.more ?? 0] as const)];
}

function line({ scenario, problems, story, met, applies, wallMs }: RunReport): string {
  const { seed, family, strikes } = scenario;
  const how = strikes.map((strike) => `${told(strike)}${met.includes(strike) ? '' : ' (missed)'}`).join('; ');
  const end = problems.length === 0 ? `ok after ${applies}` : 'FAILED';
  const full = problems.length > 0 || values.verbose || values.only !== undefined;
  return [
    `${String(seed).padStart(4)}  ${family.padEnd(11)}  ${end.padEnd(10)}  ${seconds(wallMs)}  ${how}`,
    ...(full ? story.map((text) => `        ${text}`) : []),
    ...problems.map((text) => `      ! ${text}`),
    ...(problems.length > 0 ? [`        again: npm run test:kills -- --only ${seed}${again()}`] : []),
  ].join('\n');
}

/** What a run depends on besides its seed. */
function again(): string {
  return values.family === undefined ? '' : ` --family ${values.family}`;
}

function summary(reports: readonly RunReport[], planned: number, wallMs: number): string {
  const failed = reports.filter(({ problems }) => problems.length > 0);
  const met = reports.flatMap((report) => report.met);
  const count = (names: readonly string[], of: (name: string) => number) =>
    names.map((name) => `${name} ${of(name)}`).join(', ');
  const lines = [
    '',
    `runs: ${reports.length} of ${planned}, failed: ${failed.length}, blows that met: ${met.length}, time: ${seconds(wallMs)}`,
    `families: ${count(FAMILY_NAMES, (name) => reports.filter(({ scenario }) => scenario.family === name).length)}`,
    `phases: ${count(PHASES, (name) => met.filter(({ phase }) => phase === name).length)}`,
    `blows: ${count(BLOWS, (name) => met.filter(({ blow }) => blow === name).length)}`,
    `losses: ${count(['nothing', 'state-dir', 'state-dir and unsaved-state'], (name) => met.filter(({ loss }) => loss === name).length)}`,
    ...failed.map(({ scenario }) => `FAILED: seed ${scenario.seed} (${scenario.family})`),
  ];
  return lines.join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number\n${HELP}`);
  return Number(text);
}
