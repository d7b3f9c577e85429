// Changes real headers of every format by chance and inspects them, for a set time: no crash, no hang, no read over the limit.
// `npm run test:fuzz [-- --seconds 60] [-- --seed 1] [-- --input FILE]`; a failure leaves the bytes that led to it.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Checked, check, MAX_MS } from './check.ts';
import { corpus, WRAPPINGS } from './corpus.ts';
import { Chance, mutate } from './mutate.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    /** Inspects this one file instead: the bytes of an earlier failure. */
    input: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** The wrappings are made for disks of this size. */
const DISK_BYTES = 1024 * 1024;

/** What all runs together did. */
interface Tally {
  runs: number;
  formats: Map<string, number>;
  findings: Map<string, number>;
  slowestMs: number;
  mostBytes: number;
  mostReads: number;
}

if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
  print('--seconds takes a number above 0, --seed a whole number');
  process.exitCode = 2;
} else if (values.input === undefined) await fuzz();
else {
  const checked = await check(await readFile(values.input));
  print(JSON.stringify(checked, null, 2));
  if (checked.failure !== undefined) process.exitCode = 1;
}

async function fuzz(): Promise<void> {
  const samples = corpus();
  const chance = new Chance(seed);
  const sample = () => samples[chance.below(samples.length)] ?? { name: 'none', bytes: Buffer.alloc(0) };
  const tally: Tally = {
    runs: 0,
    formats: new Map(),
    findings: new Map(),
    slowestMs: 0,
    mostBytes: 0,
    mostReads: 0,
  };
  print(`seed ${seed}, ${samples.length} images to begin with, ${seconds} s`);
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    const { name, bytes } = sample();
    let changed = mutate(bytes, chance, sample().bytes);
    const wrap = name.startsWith('raw-') ? WRAPPINGS[chance.below(2 * WRAPPINGS.length)] : undefined;
    if (wrap) changed = wrap(Buffer.concat([changed], DISK_BYTES));
    const checked = await check(changed);
    count(tally, checked);
    // Another process may have had the processor for a while: what is slow is tried once more.
    const failure = checked.durationMs > MAX_MS ? (await check(changed)).failure : checked.failure;
    if (failure !== undefined) {
      await report(changed, `run ${tally.runs} with seed ${seed}, from ${name}: ${failure}`);
      return;
    }
  }
  summarise(tally, (performance.now() - start) / 1000);
}

function count(tally: Tally, { facts, bytesRead, reads, durationMs }: Checked): void {
  tally.runs += 1;
  tally.slowestMs = Math.max(tally.slowestMs, durationMs);
  tally.mostBytes = Math.max(tally.mostBytes, bytesRead);
  tally.mostReads = Math.max(tally.mostReads, reads);
  if (facts === undefined) return;
  add(tally.formats, facts.format);
  if (facts.findings.length === 0) add(tally.findings, '(nothing)');
  for (const { code } of facts.findings) add(tally.findings, code);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Keeps the bytes, so that the failure can be looked at again. */
async function report(bytes: Buffer, text: string): Promise<void> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'imagebridge-fuzz-')), 'input.bin');
  await writeFile(file, bytes);
  print(`FAILED ${text}`);
  print(`The bytes are in ${file}; try them again: npm run test:fuzz -- --input ${file}`);
  process.exitCode = 1;
}

function summarise(tally: Tally, took: number): void {
  const histogram = (title: string, counts: Map<string, number>) => {
    print(title);
    for (const [key, times] of [...counts].sort((a, b) => b[1] - a[1]))
      print(`  ${String(times).padStart(8)} ${key}`);
  };
  histogram('formats', tally.formats);
  histogram('findings', tally.findings);
  print(
    `${tally.runs} runs in ${took.toFixed(1)} s, ${Math.round(tally.runs / took)} a second; at most ${tally.mostBytes} bytes, ${tally.mostReads} reads and ${tally.slowestMs.toFixed(0)} ms for one; no failure`,
  );
}
