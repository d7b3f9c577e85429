// Uploads across processes: killed in the middle, watched and commanded from another one, left to end by themselves.
// The child is the real engine, bundled into one file as it is shipped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BusyError, UnavailableError } from '../model/index.ts';
import { sendCommand } from './control-client.ts';
import {
  attachUpload,
  controlUpload,
  listUploads,
  partState,
  readUpload,
  setFact,
  startUpload,
} from './index.ts';
import { endpointAddress } from './lock.ts';
import { HttpTarget, serveTarget } from './testing/http-target.ts';
import { hanging, MemoryTarget } from './testing/memory-target.ts';
import { makeSetting, type Setting, until } from './testing/setting.ts';

const KiB = 1024;
let shared: Setting;
let script: string;
beforeAll(async () => {
  shared = await makeSetting();
  script = join(shared.folder, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./testing/child.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // CommonJS dependencies ask for `require` of built-in modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});
afterAll(() => shared.remove());

let setting: Setting;
let memory: MemoryTarget;
let server: Awaited<ReturnType<typeof serveTarget>>;
let target: HttpTarget;
const children: ChildProcess[] = [];
beforeEach(async () => {
  setting = await makeSetting();
  memory = new MemoryTarget();
  server = await serveTarget(memory);
  target = new HttpTarget(server.port);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await target.close();
  await server.close();
  await removeSockets();
  await setting.remove();
});

/** A killed process leaves its socket behind, for the next one that takes its upload over. */
async function removeSockets(): Promise<void> {
  if (process.platform === 'win32') return;
  const { stateDir } = setting.options;
  for (const { uploadId } of await listUploads(setting.options))
    await rm(await endpointAddress(stateDir, uploadId, 'socket-file'), { force: true });
}

interface Line {
  type: string;
  state?: string;
  partsDone?: number;
  uploadId?: string;
  kind?: string;
  sha256?: string;
}

function launch(path: string, lockKind = '') {
  const args = [script, String(server.port), path, setting.options.stateDir, String(KiB), lockKind];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => lines.push(JSON.parse(text)));
  const exited = once(child, 'exit');
  return { child, lines, exited, pid: child.pid ?? -1 };
}

const parts = () => [...memory.uploads.values()][0]?.parts.size ?? 0;

for (const lockKind of process.platform === 'win32'
  ? (['pipe'] as const)
  : (['abstract', 'socket-file'] as const)) {
  const skipped = lockKind === 'abstract' && process.platform !== 'linux';
  describe.skipIf(skipped)(`with a lock of kind ${lockKind}`, () => {
    const options = () => ({ ...setting.options, lockKind });

    test('a killed upload is gone on with at once, and confirmed parts are not sent again', async () => {
      const file = await setting.file('镜像 1.img', 40 * KiB);
      const held = hanging(memory, 11);
      const { child, exited } = launch(file.path, lockKind);
      await until('ten parts are on the server', () => parts() === 10);
      await until('they are in the journal', async () => (await listUploads(options()))[0]?.partsDone === 10);
      child.kill('SIGKILL');
      await exited;
      expect(await listUploads(options())).toMatchObject([
        { active: false, state: 'uploading', partsDone: 10 },
      ]);
      held.open();
      const upload = await startUpload({ path: file.path, target }, options());
      const result = await upload.done;
      expect(result).toMatchObject({ partsSkipped: 10, sentBytes: 30 * KiB, sha256: file.sha256 });
      expect(memory.object?.bytes.equals(file.bytes)).toBe(true);
      expect(memory.count('initiate')).toBe(1);
    });

    test('a second process is told who works on it, and can watch, pause, resume and abort', async () => {
      const file = await setting.file('disk.img', 8 * KiB);
      hanging(memory, 3);
      const { lines, pid, exited } = launch(file.path, lockKind);
      await until('two parts are on the server', () => parts() === 2);
      const refused = startUpload({ path: file.path, target }, options());
      await expect(refused).rejects.toBeInstanceOf(BusyError);
      await expect(refused).rejects.toThrow(
        new RegExp(`process ${pid} on .+ has been working on this upload since 20`),
      );
      const id = (await listUploads(options()))[0]?.uploadId ?? '';
      await expect(setFact(id, 'a', 'b', options())).rejects.toBeInstanceOf(BusyError);
      expect(await controlUpload(id, 'status', options())).toMatchObject({
        state: 'uploading',
        uploadId: id,
      });
      expect(await controlUpload(id, 'pause', options())).toMatchObject({ state: 'paused' });
      expect((await readUpload(id, options()))?.state).toBe('paused');
      await until('nothing is under way', () => memory.underWay === 0);
      expect(await controlUpload(id, 'resume', options())).toMatchObject({ state: 'uploading' });
      await until('parts are under way', () => memory.underWay > 0);
      expect(await controlUpload(id, 'abort', options())).toMatchObject({ state: 'aborted' });
      expect(memory.uploads.size).toBe(0);
      await exited;
      expect(lines.at(-1)).toMatchObject({ type: 'error', kind: 'cancelled' });
      expect(await controlUpload(id, 'status', options())).toBeUndefined();
    });

    test('a second process attaches, sees the same events, and the end; a death is told from an end', async () => {
      const file = await setting.file('disk.img', 8 * KiB);
      const held = hanging(memory, 3);
      const { exited } = launch(file.path, lockKind);
      await until('two parts are on the server', () => parts() === 2);
      const id = (await listUploads(options()))[0]?.uploadId ?? '';
      await until('they are confirmed', async () => (await readUpload(id, options()))?.partsDone === 2);
      const watched = await attachUpload(id, options());
      expect(watched?.snapshot()).toMatchObject({ state: 'uploading', route: 'bucket', resumable: true });
      expect(watched?.timeline()).toMatchObject([{ kind: 'state', text: 'uploading' }]);
      // On the disk a little earlier than in that process's books.
      await until('the owner has confirmed them', async () => {
        const states = (await watched?.partStates()) ?? new Uint8Array();
        return states.filter((state) => state === partState.confirmed).length === 2;
      });
      const seen: string[] = [];
      const reading = (async () => {
        for await (const e of watched?.events ?? []) if (e.type === 'state') seen.push(e.snapshot.state);
      })();
      await watched?.pause();
      await watched?.setLimit(1e9);
      await watched?.resume();
      held.open();
      expect(await watched?.ended).toBe('over');
      await reading;
      expect(seen).toEqual(['paused', 'uploading', 'verifying', 'completing', 'uploaded']);
      expect(watched?.snapshot()).toMatchObject({ state: 'uploaded', partsDone: 8, sha256: file.sha256 });
      await exited;

      hanging(memory);
      memory.object = undefined;
      const second = launch((await setting.file('other.img', 8 * KiB)).path, lockKind);
      await until('a part is under way', () => memory.underWay > 0);
      const other = (await listUploads(options())).find((u) => u.active)?.uploadId ?? '';
      const watchedToo = await attachUpload(other, options());
      second.child.kill('SIGKILL');
      expect(await watchedToo?.ended).toBe('lost');
    });

    test('a wrong token is refused', async () => {
      const file = await setting.file('disk.img', 4 * KiB);
      hanging(memory);
      launch(file.path, lockKind);
      await until('a part is under way', () => memory.underWay > 0);
      const id = (await listUploads(options()))[0]?.uploadId ?? '';
      const card = join(options().stateDir, 'uploads', id, 'owner.json');
      if (process.platform !== 'win32') expect((await stat(card)).mode & 0o777).toBe(0o600);
      const address = await endpointAddress(options().stateDir, id, lockKind);
      await expect(sendCommand(address, 'wrong', { command: 'abort' })).rejects.toThrow(
        /not understood or not allowed/,
      );
      await expect(sendCommand(address, 'wrong', { command: 'abort' })).rejects.toBeInstanceOf(
        UnavailableError,
      );
      expect(memory.uploads.size).toBe(1);
      expect(await controlUpload(id, 'status', options())).toMatchObject({ state: 'uploading' });
    });
  });
}

test('a process ends by itself when its upload is done, and its bundle hashes rightly', async () => {
  const file = await setting.file('disk.img', 300 * KiB);
  const { lines, exited } = launch(file.path);
  expect(await exited).toEqual([0, null]);
  expect(lines.at(-1)).toMatchObject({ type: 'done', sha256: file.sha256 });
  expect(memory.object?.bytes.equals(file.bytes)).toBe(true);
});

test('killed again and again, at any moment, it ends with the right object', async () => {
  const file = await setting.file('disk.img', 60 * KiB);
  memory.partGate = () => new Promise((resolve) => setTimeout(resolve, 8));
  for (let kill = 0; kill < 4; kill++) {
    const before = parts();
    const { child, exited, lines } = launch(file.path);
    await until('it has made some progress, or is done', () => {
      return parts() > before + 3 + kill || lines.at(-1)?.type === 'done';
    });
    child.kill('SIGKILL');
    await exited;
  }
  const { lines, exited } = launch(file.path);
  await exited;
  expect(lines.at(-1)).toMatchObject({ type: 'done', sha256: file.sha256 });
  expect(memory.object?.bytes.equals(file.bytes)).toBe(true);
}, 30_000);

test('a card that another host renewed lately is believed; an old one is not', async () => {
  const file = await setting.file('disk.img', 4 * KiB);
  hanging(memory);
  const upload = await startUpload({ path: file.path, target: memory, partSizeBytes: KiB }, setting.options);
  const card = join(setting.options.stateDir, 'uploads', upload.id, 'owner.json');
  const text = await readFile(card, 'utf8');
  await upload.detach();
  await writeFile(card, JSON.stringify({ ...JSON.parse(text), host: 'another-host', pid: 77 }));
  const refused = startUpload({ path: file.path, target: memory }, setting.options);
  await expect(refused).rejects.toThrow(/process 77 on another-host/);
  await expect(controlUpload(upload.id, 'pause', setting.options)).rejects.toThrow(
    /cannot be reached from here/,
  );
  const old = new Date(Date.now() - 120_000);
  await utimes(card, old, old);
  const again = await startUpload({ path: file.path, target: memory }, setting.options);
  expect(again.id).toBe(upload.id);
  await again.detach();
});
