// A journal that was cut or damaged at any of its bytes: the upload goes on, ends with the file's very bytes, and sends no
// part again that the server has. Each case is an upload of its own, resumed from the same moment.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUpload } from '../../shared/core/transfer/index.ts';
import { pseudoRandom } from '../fixtures/qcow2.ts';
import { readJournals } from './journal-file.ts';
import { copyOf, type MemoryState, memoryTarget } from './memory-target.ts';

const PARTS = 7;
const PART_BYTES = 1_000;
const SENT_BEFORE = 4;

let dir = '';
let file = '';
/** State directory of an upload that was paused in the middle, and what the server had then. */
let paused = '';
let onServer: MemoryState;
let journal: Buffer;
let bytes: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imagebridge-journal-'));
  file = join(dir, 'disk.img');
  bytes = pseudoRandom('journal', 0, PARTS * PART_BYTES - 10);
  writeFileSync(file, bytes);
  paused = join(dir, 'paused');
  mkdirSync(paused);
  const target = memoryTarget();
  const upload = await startUpload(
    {
      path: file,
      target,
      partSizeBytes: PART_BYTES,
      parallelParts: 1,
      onEvent: ({ snapshot }) => {
        if (snapshot.partsDone === SENT_BEFORE) void upload.detach();
      },
    },
    { stateDir: paused },
  );
  await expect(upload.done).rejects.toMatchObject({ kind: 'cancelled' });
  onServer = target.state;
  journal = readFileSync(journalOf(paused));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const journalOf = (stateDir: string) => readJournals(stateDir)[0]?.path ?? '';

/** Goes on with the paused upload after its journal was changed. */
async function resumeWith(changed: Buffer | undefined): Promise<void> {
  const stateDir = await mkdtemp(join(dir, 'case-'));
  cpSync(paused, stateDir, { recursive: true });
  if (changed === undefined) rmSync(journalOf(stateDir));
  else writeFileSync(journalOf(stateDir), changed);
  const target = memoryTarget(copyOf(onServer));
  const there = new Set([...onServer.uploads.values()].flatMap((parts) => [...parts.keys()]));
  const upload = await startUpload({ path: file, target, partSizeBytes: PART_BYTES }, { stateDir });
  await upload.done;
  expect(target.state.object?.bytes.equals(bytes), 'the object is the file').toBe(true);
  expect(
    target.sent.filter((n) => there.has(n)),
    'sent again',
  ).toEqual([]);
  expect(target.state.uploads.size, 'unfinished uploads').toBe(0);
  rmSync(stateDir, { recursive: true, force: true });
}

/** Where the last records begin. */
function startOfLast(records: number): number {
  let at = journal.length - 1;
  for (let n = 0; n < records; n++) at = journal.lastIndexOf(0x0a, at - 1);
  return at + 1;
}

/** Every byte of the last record, every third of the one before, and some of the beginning and the middle. */
function offsets(): number[] {
  const steps = [0, startOfLast(2), startOfLast(1), journal.length] as const;
  const every = (from: number, to: number, step: number) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
  return [...every(steps[0], steps[1], 41), ...every(steps[1], steps[2], 3), ...every(steps[2], steps[3], 1)];
}

/** Resumes after each of these changes, some at once: most of the time goes into waiting for the disk. */
async function resumeEach(changes: readonly (Buffer | undefined)[]): Promise<void> {
  const rest = [...changes];
  const lane = async () => {
    while (rest.length > 0) await resumeWith(rest.pop());
  };
  await Promise.all(Array.from({ length: 6 }, lane));
}

describe('a journal', { timeout: 110_000 }, () => {
  it('cut at any byte', () => resumeEach(offsets().map((at) => journal.subarray(0, at))));

  it('with a flipped bit in any byte', () =>
    resumeEach(
      offsets().map((at) => {
        const changed = Buffer.from(journal);
        changed[at] = (changed[at] ?? 0) ^ 0x04;
        return changed;
      }),
    ));

  it('whose end is zeros, as after a power loss', () =>
    resumeEach(
      Array.from({ length: 40 }, (_, i) => {
        const kept = Math.floor((journal.length * i) / 40);
        return Buffer.from(journal).fill(0, kept);
      }),
    ));

  it('with garbage behind it, twice itself, without any byte, or gone', () =>
    resumeEach([
      Buffer.concat([journal, Buffer.from('garbage\n')]),
      Buffer.concat([journal, journal]),
      Buffer.alloc(0),
      Buffer.alloc(100_000, 0x0a),
      undefined,
    ]));
});
