// Plays one scenario: client after client, each with its faults, and judges after each.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeEnd, judgeLeftovers, judgeState } from './check.ts';
import { type Client, type ClientEnd, type ClientSpec, startClient } from './client-process.ts';
import { damageJournals, readJournals } from './journal-file.ts';
import { PATH, stagedObjects, type Task } from './paths.ts';
import type { Place } from './place.ts';
import { describeFault, type FaultKind, type Round, type Scenario } from './plan.ts';
import { Sent } from './sent.ts';
import { setSprings } from './springs.ts';

/** A client that takes longer hangs. No planned fault holds one so long. */
const usualLimitMs = 45_000;

/** How a run went. */
export interface RunReport {
  scenario: Scenario;
  /** Empty: all is well. */
  problems: string[];
  /** What really happened, of what was planned. */
  met: FaultKind[];
  /** In a few words: `done at once`, `killed, resumed`, … */
  outcome: string;
  /** The rounds, for people who look into a failure. */
  story: string[];
  bytesSent: number;
  bytesNeeded: number;
  /** Bytes of parts that were sent although the server had them intact. */
  bytesAgain: number;
  /** Unfinished uploads that stay on the server; a listing shows them. */
  left: { empty: number; withParts: number };
  clients: number;
  wallMs: number;
}

/** What is not as usual. */
export interface SpecialRun {
  sabotage?: string | undefined;
  clientLimitMs?: number | undefined;
}

/** Plays a scenario to its end. Never throws for what a client does. */
export async function play(place: Place, scenario: Scenario, special: SpecialRun = {}): Promise<RunReport> {
  const startedMs = performance.now();
  const dir = await mkdtemp(join(place.dir, 'run-'));
  const needsDisk = scenario.rounds.some(({ faults }) => faults.some(({ kind }) => kind === 'full-disk'));
  const stateDir = await mkdtemp(join(needsDisk && place.disk ? place.disk.dir : dir, 'state-'));
  mkdirSync(join(stateDir, 'uploads'));
  const task: Task = {
    scenario,
    place,
    name: `run-${scenario.seed}`,
    file: join(dir, 'disk.img'),
    stateDir,
    sabotage: special.sabotage,
    stagedBefore: new Set(await stagedObjects(place)),
  };
  const run = new Run(task, special);
  try {
    return { ...(await run.play()), wallMs: Math.round(performance.now() - startedMs) };
  } finally {
    place.disk?.free();
    await rm(stateDir, { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
  }
}

interface Ended {
  /** Of the client under test. */
  end: ClientEnd;
  second: ClientEnd | undefined;
  abort: ClientEnd | undefined;
  isHanging: boolean;
}

class Run {
  readonly #task: Task;
  readonly #clientLimitMs: number;
  readonly #sent: Sent;
  readonly #met = new Set<FaultKind>();
  readonly #problems: string[] = [];
  readonly #story: string[] = [];
  readonly #words: string[] = [];
  #clients = 0;
  #others = 0;
  #content: Buffer = Buffer.alloc(0);
  #writtenAt = new Date();

  constructor(task: Task, { clientLimitMs }: SpecialRun) {
    this.#task = task;
    this.#clientLimitMs = clientLimitMs ?? usualLimitMs;
    this.#sent = new Sent(task.place.store);
  }

  async play(): Promise<Omit<RunReport, 'wallMs'>> {
    const { scenario, place, file } = this.#task;
    await PATH[scenario.path].makeFile(file, scenario);
    // Whole seconds, so that a restored file can have the very same time.
    this.#writtenAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
    utimesSync(file, this.#writtenAt, this.#writtenAt);
    this.#content = readFileSync(file);
    const before = await place.cloud.unfinished();
    place.proxy.events = this.#sent;
    let isDone = false;
    for (const round of [...scenario.rounds, { faults: [] }]) {
      isDone = await this.#playRound(round, round.faults.length === 0);
      if (isDone || this.#problems.length > 0) break;
    }
    await place.proxy.settled();
    const left = await judgeLeftovers(this.#task, before, this.#met, this.#problems);
    if (this.#sent.partsAgain.length > 0) {
      this.#problems.push(
        `sent again although the server had them: parts ${this.#sent.partsAgain.join(', ')}`,
      );
    }
    place.proxy.events = {};
    return {
      scenario,
      problems: this.#problems,
      met: [...this.#met],
      outcome: [...new Set(this.#words)].join(', ') || 'done at once',
      story: this.#story,
      bytesSent: this.#sent.bytes,
      bytesNeeded: this.#content.length,
      bytesAgain: this.#sent.bytesAgain,
      left,
      clients: this.#clients,
    };
  }

  /** @returns whether the upload is done */
  async #playRound(round: Round, isLast: boolean): Promise<boolean> {
    const { place, stateDir } = this.#task;
    if (round.damage !== undefined && damageJournals(stateDir, round.damage)) {
      this.#note(round.damage.kind);
    }
    const metHere = new Set<FaultKind>();
    const ended = await this.#runClients(round, metHere);
    for (const kind of metHere) this.#note(kind);
    await place.cloud.up();
    await place.proxy.settled();
    await place.cloud.clearFaults();
    place.disk?.free();
    const planned = [...(round.damage ? [round.damage] : []), ...round.faults].map(describeFault);
    this.#story.push(
      `${planned.join('; ') || 'no fault'} → met: ${[...metHere].join(', ') || 'nothing'}; ${told(ended)}`,
    );
    if (ended.isHanging) {
      this.#problems.push(`a client did not end within ${this.#clientLimitMs / 1000} s`);
      return false;
    }
    const sha256 = sha256Of(this.#content);
    const isDone = [ended.end, ended.second].some((end) => end?.code === 0);
    const context = {
      task: this.#task,
      round,
      met: metHere,
      metEver: this.#met,
      isLast,
      sha256,
      damaged: this.#damaged,
      isShared: this.#sent.isShared,
    };
    this.#problems.push(...judgeEnd(ended.end, context, false));
    if (ended.second !== undefined) this.#problems.push(...judgeEnd(ended.second, context, true));
    this.#problems.push(
      ...(await judgeState(context, { isDone, isAborted: ended.abort?.code === 0, ended: ended.end })),
    );
    if (!isDone) this.#words.push(word(ended.end));
    if (metHere.has('changed-file')) await this.#afterChange(round, isDone);
    return isDone;
  }

  get #damaged(): boolean {
    return [...this.#met].some((kind) => kind.startsWith('journal-'));
  }

  #note(kind: FaultKind): void {
    this.#met.add(kind);
  }

  async #runClients(round: Round, met: Set<FaultKind>): Promise<Ended> {
    const { place } = this.#task;
    const path = PATH[this.#task.scenario.path];
    const jump = round.faults.find((fault) => fault.kind === 'clock-jump');
    const isSilent = round.faults.some((fault) => fault.kind === 'stall-for-good');
    const special = {
      ...(jump === undefined ? {} : { jumpMs: jump.byMs }),
      ...(isSilent ? { isHasty: true } : {}),
    };
    let first: Client | undefined;
    let second: Client | undefined;
    let abort: Client | undefined;
    const springs = await setSprings(round.faults, {
      task: this.#task,
      client: () => first,
      met: (kind) => met.add(kind),
      killClient: async () => {
        await first?.kill();
      },
      startSecond: (machine) => {
        const task = machine === 'same' ? this.#task : this.#otherMachine();
        second = startClient({ ...path.push(task), ...special });
        this.#clients++;
      },
      startAbort: () => {
        const journal = readJournals(this.#task.stateDir).at(-1);
        if (journal !== undefined) abort = startClient(path.abort(this.#task, journal.uploadId));
      },
    });
    place.proxy.arm(springs.traps);
    this.#sent.newClient();
    first = startClient({ ...(this.#resumption(round) ?? path.push(this.#task)), ...special });
    this.#clients++;
    let isHanging = false;
    const limit = setTimeout(() => {
      isHanging = true;
      for (const client of [first, second, abort]) client?.child.kill('SIGKILL');
    }, this.#clientLimitMs);
    try {
      const end = await first.ended;
      return { end, second: await second?.ended, abort: await abort?.ended, isHanging };
    } finally {
      clearTimeout(limit);
      place.proxy.arm([]);
      await springs.end();
    }
  }

  /** The last client goes on by the id of the upload, where that was planned and there is one that says what it is for. */
  #resumption(round: Round): Omit<ClientSpec, 'jumpMs' | 'isHasty'> | undefined {
    const { scenario, stateDir } = this.#task;
    if (round.faults.length > 0 || !scenario.isResumedById) return undefined;
    const journal = readJournals(stateDir).at(-1);
    if (journal === undefined || journal.state === 'aborted' || !journal.isExplained) return undefined;
    this.#words.push('by its id');
    return PATH[scenario.path].resume?.(this.#task, journal.uploadId);
  }

  #otherMachine(): Task {
    this.#others++;
    const stateDir = join(this.#task.stateDir, '..', `other-${this.#others}`);
    mkdirSync(stateDir, { recursive: true });
    this.#sent.isShared = true;
    return { ...this.#task, stateDir };
  }

  /** Puts the old file back, or gives the upload up and takes the new file for the right one. */
  async #afterChange(round: Round, isDone: boolean): Promise<void> {
    const fault = round.faults.find((one) => one.kind === 'changed-file');
    const { file, scenario, stateDir } = this.#task;
    const canStay = scenario.path !== 'ucloudstack' && fault?.how !== 'remove';
    const journal = readJournals(stateDir).at(-1);
    if (fault?.remedy === 'discard' && canStay && !isDone && journal !== undefined) {
      const end = await startClient(PATH[scenario.path].abort(this.#task, journal.uploadId)).ended;
      if (end.code !== 0)
        this.#problems.push(`giving the upload up failed: ${end.error?.message ?? end.stderr}`);
      this.#content = readFileSync(file);
      utimesSync(file, this.#writtenAt, this.#writtenAt);
      this.#words.push('given up for the new file');
      return;
    }
    rmSync(file, { force: true });
    writeFileSync(file, this.#content);
    utimesSync(file, this.#writtenAt, this.#writtenAt);
  }
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function told({ end, second, abort }: Ended): string {
  const one = (e: ClientEnd) =>
    e.code === 0
      ? 'done'
      : (e.signal ?? `${e.error?.kind ?? 'no reason'}: ${e.error?.message ?? e.stderr.slice(-300)}`);
  return [one(end), second && `second: ${one(second)}`, abort && `abort: ${one(abort)}`]
    .filter(Boolean)
    .join(' | ');
}

function word(end: ClientEnd): string {
  if (end.signal === 'SIGKILL') return 'killed, resumed';
  if (end.signal === 'SIGINT') return 'interrupted at its start, resumed';
  return `stopped (${end.error?.kind ?? 'no reason'}), resumed`;
}
