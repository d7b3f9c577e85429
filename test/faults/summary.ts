// What is printed at the end, and for a failure how to repeat just that run. Pure.
import type { FaultKind } from './plan.ts';
import { describeFault } from './plan.ts';
import type { RunReport } from './run.ts';

const MIB = 1024 ** 2;

/** What is told besides the runs. */
export interface SummaryFacts {
  wallMs: number;
  /** Paths that could not be walked, with the reason. */
  absent: readonly string[];
  /** Kinds that could not be made on this machine, with the reason. */
  skipped: readonly string[];
  /** Replies of status 500 of the embedded cloud itself. */
  defects: readonly string[];
  /** What to add to a command that repeats a run. */
  options: string;
}

/** The summary of all runs. */
export function summaryOf(reports: readonly RunReport[], facts: SummaryFacts): string {
  const failed = reports.filter(({ problems }) => problems.length > 0);
  const sum = (of: (report: RunReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const sent = sum((report) => report.bytesSent);
  const needed = sum((report) => report.bytesNeeded);
  const slowest = reports.toSorted((a, b) => b.wallMs - a.wallMs)[0];
  const lines = [
    `runs: ${reports.length}, failed: ${failed.length}, clients: ${sum((report) => report.clients)}, time: ${seconds(facts.wallMs)}`,
    '',
    ...table('by path', count(reports.map(({ scenario }) => scenario.path))),
    ...facts.absent.map((text) => `  not yet: ${text}`),
    '',
    ...faultTable(reports),
    ...facts.skipped.map((text) => `  skipped: ${text}`),
    '',
    ...table(
      'by outcome',
      count(reports.map(({ problems, outcome }) => (problems.length > 0 ? 'FAILED' : outcome))),
    ),
    '',
    `bytes sent: ${mib(sent)} for ${mib(needed)} needed (${(sent / Math.max(1, needed)).toFixed(3)})`,
    `sent again although the server had it: ${mib(sum((report) => report.bytesAgain))}`,
    `unfinished uploads left on the server, shown by its listing: ${sum((r) => r.left.empty)} empty, ${sum((r) => r.left.withParts)} with parts`,
    `slowest run: seed ${slowest?.scenario.seed} with ${seconds(slowest?.wallMs ?? 0)}`,
    ...(facts.defects.length > 0
      ? [
          '',
          `errors inside the embedded cloud: ${facts.defects.length}`,
          ...[...new Set(facts.defects)].slice(0, 5).map((text) => `  ${text}`),
        ]
      : []),
  ];
  for (const report of failed) lines.push('', ...told(report, facts.options));
  return lines.join('\n');
}

/** A run in full: what was wrong, what had happened, how to repeat it. @param options to add to that command */
export function told({ scenario, problems, story, left }: RunReport, options = ''): string[] {
  const { seed, path, partsTotal, partSizeBytes, parallelParts } = scenario;
  const marks = [
    ...(left.empty + left.withParts > 0
      ? [`left unfinished: ${left.empty} empty, ${left.withParts} with parts`]
      : []),
  ];
  return [
    `${problems.length > 0 ? 'FAILED' : 'ok'}: seed ${seed} (${path}, ${partsTotal} parts of ${partSizeBytes} bytes, ${parallelParts} at once)`,
    ...problems.map((problem) => `  ${problem}`),
    ...marks.map((mark) => `  ${mark}`),
    ...story.map((round, index) => `    round ${index + 1}: ${round}`),
    `  planned: ${scenario.rounds.map(({ damage, faults }) => [...(damage ? [damage] : []), ...faults].map(describeFault).join('; ')).join(' | ')}`,
    `  repeat: npm run test:faults -- --only ${seed}${options}`,
  ];
}

function faultTable(reports: readonly RunReport[]): string[] {
  const planned = count(
    reports.flatMap(({ scenario }) =>
      scenario.rounds.flatMap(({ damage, faults }) => [
        ...(damage ? [damage.kind] : []),
        ...faults.map(({ kind }) => kind),
      ]),
    ),
  );
  const met = count(reports.flatMap((report): FaultKind[] => report.met));
  return [
    'faults by kind: runs that met it (planned)',
    ...[...planned]
      .sort()
      .map(([kind, times]) => `  ${kind.padEnd(26)} ${String(met.get(kind) ?? 0).padStart(5)} (${times})`),
  ];
}

function count<T extends string>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function table(title: string, counts: ReadonlyMap<string, number>): string[] {
  return [
    `${title}:`,
    ...[...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `  ${name.padEnd(58)} ${String(times).padStart(5)}`),
  ];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
