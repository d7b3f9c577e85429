// From a planned fault to what makes it happen: traps in the proxy, watches on the journal, timers.
import {
  appendFileSync,
  type FSWatcher,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client-process.ts';
import type { Passage, Trap } from './crossing.ts';
import type { Task } from './paths.ts';
import type { Fault, FaultKind, FileChange, Moment } from './plan.ts';

/** What faults work on while one client runs. */
export interface Stage {
  task: Task;
  /** The client under test; set as soon as it has been started. */
  client(): Client | undefined;
  /** Starts another client on the same file: with the same state directory, or as another machine would. */
  startSecond(machine: 'same' | 'other'): void;
  /** Gives the running upload up from another process. */
  startAbort(): void;
  /** Notes that a fault really happened. */
  met(kind: FaultKind): void;
  /** Every process of ours that works on the upload dies. */
  killClient(): Promise<void>;
}

type Verdict = 'cut' | undefined;

/** Sets everything up. @returns the traps, and what ends the watches and timers */
export async function setSprings(
  faults: readonly Fault[],
  stage: Stage,
): Promise<{ traps: Trap[]; end: () => Promise<void> }> {
  const traps: Trap[] = [];
  const ends: (() => void)[] = [];
  const running: Promise<unknown>[] = [];
  for (const fault of faults) {
    const happen = async (passage?: Passage): Promise<Verdict> => {
      stage.met(fault.kind);
      return await spring(fault, stage, passage);
    };
    if (fault.kind === 'lost-part' || fault.kind === 'expired-token' || fault.kind === 'failed-job') {
      traps.push(...(await onPanel(fault, stage)));
      continue;
    }
    const { when } = fault;
    if (when.at === 'start') {
      const ended = new AbortController();
      const wait = delay(when.afterMs, undefined, { signal: ended.signal });
      running.push(wait.then(() => happen()).catch(() => {}));
      ends.push(() => ended.abort());
      // A disk that is full from the start is full before the client is.
      if (when.afterMs === 0 && fault.kind === 'full-disk') await wait;
    } else if (when.at === 'journal') {
      ends.push(watchJournal(stage.task.stateDir, when, () => running.push(happen())));
    } else {
      const { what, nth, at } = when;
      traps.push({ what, nth, stage: at, ...(at === 'body' ? { share: when.share } : {}), spring: happen });
    }
  }
  return {
    traps,
    end: async () => {
      for (const end of ends) end();
      await Promise.allSettled(running);
    },
  };
}

/** Faults that the embedded cloud carries out itself; a trap only sees that they are met. */
async function onPanel(
  fault: Extract<Fault, { kind: 'lost-part' | 'expired-token' | 'failed-job' }>,
  { task, met }: Stage,
): Promise<Trap[]> {
  const { cloud } = task.place;
  const see = (what: Trap['what'], nth: number): Trap => ({
    what,
    nth,
    stage: 'request',
    spring: async () => {
      met(fault.kind);
      return undefined;
    },
  });
  switch (fault.kind) {
    case 'lost-part': {
      await cloud.fault({
        path: `partNumber=${fault.partNumber}&`,
        method: 'PUT',
        action: { kind: 'lose-part' },
      });
      return [see('part', 1)];
    }
    case 'expired-token': {
      // Requests with a token go to the image services only.
      const service = { huaweicloud: 'ims', openstack: 'glance', ucloudstack: 'ims', bucket: 'ims' } as const;
      await cloud.fault({
        service: service[task.scenario.path],
        after: fault.nth - 1,
        action: { kind: 'expire-token' },
      });
      return [see('token', 1)];
    }
    case 'failed-job': {
      await cloud.fault({
        service: 'ims',
        action: { kind: 'fail-job', code: 'IMG.0057', reason: 'as was planned' },
      });
      return [see('import', 1)];
    }
  }
}

async function spring(fault: Fault, stage: Stage, passage: Passage | undefined): Promise<Verdict> {
  const { task, client } = stage;
  const { cloud } = task.place;
  switch (fault.kind) {
    case 'kill-client':
      await stage.killClient();
      return 'cut';
    case 'kill-server':
      await cloud.killAndRestart(fault.downMs);
      return 'cut';
    case 'cut':
    case 'lost-reply':
      return 'cut';
    case 'stall':
      await Promise.race([delay(fault.ms), passage?.clientGone]);
      return undefined;
    case 'stall-for-good':
      await passage?.clientGone;
      return 'cut';
    case 'storm':
      await cloud.fault({
        count: fault.count,
        action: {
          kind: 'status',
          status: fault.status,
          ...(fault.retryAfterS === undefined
            ? {}
            : { headers: { 'retry-after': String(fault.retryAfterS) } }),
        },
      });
      return undefined;
    case 'duplicate':
      passage?.replay(fault.afterMs);
      return undefined;
    case 'late':
      passage?.replay(fault.afterMs);
      return 'cut';
    case 'vanished-upload':
      for (const upload of await task.place.store.unfinished()) {
        if (upload.uploadId === passage?.uploadId) await task.place.store.abort(upload);
      }
      return undefined;
    case 'full-disk':
      task.place.disk?.fill();
      return undefined;
    case 'changed-file':
      changeFile(task.file, fault.how);
      return undefined;
    case 'second-process':
      stage.startSecond(fault.machine);
      return undefined;
    case 'clock-jump':
      client()?.child.kill('SIGUSR2');
      // The signal is handled between two turns of the client's loop.
      await delay(5);
      return undefined;
    case 'interrupt':
      client()?.child.kill('SIGINT');
      return undefined;
    case 'abort':
      stage.startAbort();
      return undefined;
    default:
      throw new Error(`${fault.kind} is not sprung here`);
  }
}

/** Changes a file as a build, a user or a disk might. All at once, as far as a client can see. */
export function changeFile(path: string, how: FileChange): void {
  if (how === 'append') appendFileSync(path, Buffer.alloc(512, 1));
  else if (how === 'truncate') truncateSync(path, statSync(path).size - 512);
  else if (how === 'touch') utimesSync(path, new Date(), new Date());
  else if (how === 'remove') rmSync(path);
  else {
    const bytes = readFileSync(path);
    // Everything but the first sector: whatever is read after this moment is other bytes.
    for (let at = 512; at < bytes.length; at += 64) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const place = how === 'replace' ? `${path}.new` : path;
    writeFileSync(place, bytes);
    if (how === 'replace') renameSync(place, path);
  }
}

/** Calls back once, at the nth change of any journal of a state directory. @returns what ends the watch */
function watchJournal(
  stateDir: string,
  { nth, afterMs }: Extract<Moment, { at: 'journal' }>,
  then: () => void,
): () => void {
  const watchers: FSWatcher[] = [];
  let seen = 0;
  const changed = () => {
    seen++;
    if (seen !== nth) return;
    if (afterMs === 0) then();
    else setTimeout(then, afterMs);
  };
  const look = (folder: string, onName: (name: string) => void) => {
    try {
      watchers.push(
        watch(folder, (_, name) => {
          if (name !== null) onName(name);
        }),
      );
    } catch {
      // It has gone already.
    }
  };
  const uploads = join(stateDir, 'uploads');
  const known = new Set<string>();
  look(uploads, (name) => {
    if (known.has(name)) return;
    known.add(name);
    look(join(uploads, name), (file) => {
      if (file.startsWith('journal.jsonl')) changed();
    });
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
