// Conversions with the real qemu-img where it is installed, and with one that misbehaves.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BusyError,
  CancelledError,
  FileChangedError,
  IntegrityError,
  InvalidInputError,
  LocalFileError,
  RefusedError,
  UnsupportedError,
} from '../model/index.ts';
import { cleanSpool, convertToSpool, discardSpool, findQemuImg } from './index.ts';
import { requireStandsAlone } from './stands-alone.ts';
import { sample } from './testing/fixtures.ts';
import type { QemuImg, SpoolRequest } from './types.ts';

const MIB = 1024 * 1024;
const qemuImg = await findQemuImg();
const real = it.skipIf(qemuImg === undefined);
let folder = '';
let spoolDir = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  spoolDir = join(folder, 'spool');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const run = (...args: string[]) => execFileSync(qemuImg?.path ?? '', args);

/** A disk of 8 MiB with some content and holes. */
async function rawDisk(): Promise<string> {
  const path = join(folder, 'disk.raw');
  await writeFile(path, sample(3 * MIB));
  await truncate(path, 8 * MIB);
  return path;
}

const request = (path: string, more: Partial<SpoolRequest> = {}): SpoolRequest => ({
  path,
  recipe: { from: 'raw', to: 'qcow2', compress: false },
  spoolDir,
  virtualSizeBytes: 8 * MIB,
  ...more,
});

/** A program that is called instead of qemu-img: `body` is the script of its `convert`. */
async function fake(body: string): Promise<QemuImg> {
  const path = join(folder, 'qemu-img');
  const script = `#!/bin/sh
case "$1" in
--version) echo "qemu-img version 9.9.9 (fake)";;
measure) echo '{"required": 1000}';;
info) echo '{"virtual-size": 8388608}';;
convert) for last; do :; done; ${body};;
esac
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return { path, version: '9.9.9' };
}
const posix = it.skipIf(process.platform === 'win32');

describe('findQemuImg', () => {
  posix('takes what IMAGEBRIDGE_QEMU_IMG names before what is on PATH', async () => {
    const { path } = await fake('true');
    const found = await findQemuImg({ env: { PATH: '', IMAGEBRIDGE_QEMU_IMG: path } });
    expect(found).toEqual({ path, version: '9.9.9' });
    expect(await findQemuImg({ env: { PATH: `/nonexistent:${folder}` } })).toEqual({
      path,
      version: '9.9.9',
    });
  });

  posix('finds none where there is none, and never one in the working directory', async () => {
    await fake('true');
    expect(await findQemuImg({ env: { PATH: '' } })).toBeUndefined();
    expect(await findQemuImg({ env: {} })).toBeUndefined();
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(await findQemuImg({ env: { PATH: '.::' } })).toBeUndefined();
    } finally {
      process.chdir(before);
    }
    const wrong = findQemuImg({ env: { IMAGEBRIDGE_QEMU_IMG: '/bin/sh' } });
    expect(await errorOf(wrong)).toBeInstanceOf(InvalidInputError);
  });
});

describe('with the real qemu-img', () => {
  if (qemuImg === undefined) it.skip('qemu-img is not installed', () => {});

  real.each([
    ['qcow2', false],
    ['qcow2', true],
    ['vmdk', false],
    ['vmdk', true],
    ['vhd', false],
    ['vhdx', false],
    ['vdi', false],
  ] as const)(
    'raw → %s (compressed: %s) → raw gives the same bytes',
    async (to, compress) => {
      const source = await rawDisk();
      const seen: number[] = [];
      const there = await convertToSpool(
        request(source, { recipe: { from: 'raw', to, compress }, onProgress: (f) => seen.push(f) }),
      );
      expect(there.reused).toBe(false);
      expect(there.sizeBytes).toBe((await stat(there.path)).size);
      expect(seen.at(-1)).toBe(1);
      const back = await convertToSpool(
        request(there.path, { recipe: { from: to, to: 'raw', compress: false } }),
      );
      expect(await sha256(back.path)).toBe(await sha256(source));
    },
    30_000,
  );

  real('reads qed', async () => {
    const source = await rawDisk();
    const qed = join(folder, 'disk.qed');
    run('convert', '-f', 'raw', '-O', 'qed', source, qed);
    const back = await convertToSpool(request(qed, { recipe: { from: 'qed', to: 'raw', compress: false } }));
    expect(await sha256(back.path)).toBe(await sha256(source));
  });

  real('never believes a header that a guest wrote into a raw disk', async () => {
    const source = join(folder, 'disk.raw');
    run('create', '-q', '-f', 'qcow2', '-b', '/etc/hostname', '-F', 'raw', source, '8M');
    await truncate(source, 8 * MIB);
    const back = await convertToSpool(
      request(source, { recipe: { from: 'raw', to: 'raw', compress: false } }),
    );
    expect(await sha256(back.path)).toBe(await sha256(source));
  });

  real('uses a finished conversion again, until source or output change', async () => {
    const source = await rawDisk();
    const first = await convertToSpool(request(source));
    expect(await convertToSpool(request(source))).toEqual({ ...first, reused: true });
    // Even where no qemu-img is.
    const none = { path: '/nonexistent', version: '0' };
    expect((await convertToSpool(request(source, { qemuImg: none }))).reused).toBe(true);
    await writeFile(first.path, 'something else');
    const second = await convertToSpool(request(source));
    expect(second).toEqual(first);
    await utimes(source, new Date(), new Date(Date.now() - 5_000));
    const third = await convertToSpool(request(source));
    expect(third.reused).toBe(false);
    expect(third.path).not.toBe(first.path);
    await discardSpool(spoolDir, first.path);
    await discardSpool(spoolDir, third.path);
    await discardSpool(spoolDir, third.path);
    expect(await readdir(spoolDir)).toEqual([]);
  });

  real('refuses images that name other files, whatever was said of them', async () => {
    const base = await rawDisk();
    const backed = join(folder, 'backed.qcow2');
    run('create', '-q', '-f', 'qcow2', '-b', base, '-F', 'raw', backed);
    const data = join(folder, 'data.qcow2');
    run('create', '-q', '-f', 'qcow2', '-o', `data_file=${join(folder, 'outside.data')}`, data, '8M');
    const backedQed = join(folder, 'backed.qed');
    run('create', '-q', '-f', 'qed', '-b', base, '-F', 'raw', backedQed);
    const flat = join(folder, 'flat.vmdk');
    run('create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', flat, '8M');
    const sparse = join(folder, 'sparse.vmdk');
    run('create', '-q', '-f', 'vmdk', sparse, '8M');
    const backedVmdk = join(folder, 'backed.vmdk');
    run('create', '-q', '-f', 'vmdk', '-b', sparse, '-F', 'vmdk', backedVmdk);
    for (const [path, from] of [
      [backed, 'qcow2'],
      [data, 'qcow2'],
      [backedQed, 'qed'],
      [flat, 'vmdk'],
      [backedVmdk, 'vmdk'],
      [base, 'qcow2'],
    ] as const) {
      const error = await errorOf(
        convertToSpool(request(path, { recipe: { from, to: 'raw', compress: false } })),
      );
      expect(error, path).toBeInstanceOf(RefusedError);
    }
    await requireStandsAlone(sparse, 'vmdk');
  });

  real('quotes what qemu-img complains about', async () => {
    const path = join(folder, 'broken.vdi');
    await writeFile(path, sample(MIB));
    const error = await errorOf(
      convertToSpool(request(path, { recipe: { from: 'vdi', to: 'raw', compress: false } })),
    );
    expect(error).toBeInstanceOf(LocalFileError);
    expect(String(error)).toMatch(/qemu-img \d+\.\d+[\d.]* says: Could not open '.*broken\.vdi': /);
    expect(String(error)).not.toContain('\n');
  });

  real('says when the disk inside has another size than was expected', async () => {
    const error = await errorOf(convertToSpool(request(await rawDisk(), { virtualSizeBytes: 16 * MIB })));
    expect(error).toBeInstanceOf(IntegrityError);
  });

  real('refuses to begin where there is too little room', async () => {
    const path = join(folder, 'disk.raw');
    await truncate(await rawDisk(), 2 ** 50).catch(() => truncate(path, 2 ** 43));
    const { size } = await stat(path);
    const huge = await fake('true');
    await writeFile(
      huge.path,
      (await readFile(huge.path, 'utf8')).replace('"required": 1000', `"required": ${size}`),
    );
    const error = await errorOf(convertToSpool(request(path, { virtualSizeBytes: size, qemuImg: huge })));
    expect(error).toBeInstanceOf(LocalFileError);
    expect(String(error)).toMatch(/needs about \d+ MiB there, and \d+ MiB are free/);
  });
});

describe('with a qemu-img that misbehaves', () => {
  posix('ends it when it is cancelled, and leaves nothing', async () => {
    const stubborn = await fake(
      `trap '' TERM; echo $$ > ${folder}/pid; echo x > "$last"; while :; do sleep 0.05; done`,
    );
    const stop = new AbortController();
    const error = errorOf(
      convertToSpool(request(await rawDisk(), { qemuImg: stubborn, signal: stop.signal })),
    );
    while (!(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''))) await delay(20);
    stop.abort();
    expect(await error).toBeInstanceOf(CancelledError);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow();
    const [name] = await readdir(spoolDir);
    expect(await readdir(join(spoolDir, name ?? ''))).toEqual([]);
  });

  posix('reports progress that never goes back, and takes no half file for a whole one', async () => {
    const failing = await fake(
      `printf '    (10.00/100%%)\\r'; sleep 0.1; printf '    (5.00/100%%)\\r    (50.'; sleep 0.1; printf '00/100%%)\\r'; echo half > "$last"; echo "qemu-img: error while writing: No space left
on device" >&2; exit 1`,
    );
    const seen: number[] = [];
    const error = await errorOf(
      convertToSpool(request(await rawDisk(), { qemuImg: failing, onProgress: (f) => seen.push(f) })),
    );
    expect(String(error)).toContain('says: error while writing: No space left on device');
    expect(String(error)).toContain('Free some space');
    expect(seen).toEqual([0.1, 0.5]);
    const [name] = await readdir(spoolDir);
    expect(await readdir(join(spoolDir, name ?? ''))).toEqual([]);
  });

  posix('says when the source changes meanwhile', async () => {
    const source = await rawDisk();
    const slow = await fake(`echo x > "$last"; echo more >> ${source}`);
    expect(await errorOf(convertToSpool(request(source, { qemuImg: slow })))).toBeInstanceOf(
      FileChangedError,
    );
  });

  posix('lets one make a conversion at a time, and goes on after one that died', async () => {
    const slow = await fake(`sleep 0.5; echo x > "$last"`);
    const source = await rawDisk();
    const first = convertToSpool(request(source, { qemuImg: slow }));
    await delay(200);
    const second = await errorOf(convertToSpool(request(source, { qemuImg: slow })));
    expect(second).toBeInstanceOf(BusyError);
    expect(String(second)).toContain(`process ${process.pid}`);
    const { path } = await first;
    // A process that died left its lock, and half a file.
    const dead = spawn('true');
    await new Promise((resolve) => dead.on('close', resolve));
    const place = join(path, '..');
    await rm(join(place, 'receipt.json'));
    await writeFile(join(place, 'unfinished-1'), 'half');
    const card = { pid: dead.pid, host: hostname() };
    await writeFile(join(place, 'lock'), JSON.stringify(card));
    expect((await convertToSpool(request(source, { qemuImg: slow }))).reused).toBe(false);
    expect((await readdir(place)).sort()).toEqual(['disk.qcow2', 'receipt.json']);
  });

  posix('cleans up what nobody came back for, and nothing else', async () => {
    const qemu = await fake(`echo x > "$last"`);
    const source = await rawDisk();
    const make = (to: string) =>
      convertToSpool(request(source, { qemuImg: qemu, recipe: { from: 'raw', to, compress: false } }));
    const [kept, old, locked] = [await make('qcow2'), await make('vdi'), await make('vhdx')];
    await writeFile(join(locked.path, '..', 'lock'), JSON.stringify({ pid: process.pid, host: hostname() }));
    await writeFile(join(old.path, '..', 'unfinished-1'), 'half');
    await writeFile(join(spoolDir, 'a file of the user'), '');
    expect((await cleanSpool(spoolDir, new Date(Date.now() - 60_000))).removed).toEqual([]);
    const { removed, freedBytes } = await cleanSpool(spoolDir, new Date(Date.now() + 60_000), [kept.path]);
    expect(removed).toEqual([join(old.path, '..')]);
    expect(freedBytes).toBeGreaterThan(0);
    expect((await readdir(spoolDir)).length).toBe(3);
    expect((await make('qcow2')).reused).toBe(true);
    expect(await cleanSpool(join(folder, 'none'), new Date())).toEqual({ removed: [], freedBytes: 0 });
  });

  it('says what to type when there is no qemu-img', async () => {
    const source = await rawDisk();
    const before = process.env.PATH;
    process.env.PATH = '';
    try {
      const error = await errorOf(convertToSpool(request(source)));
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(String(error)).toContain(`qemu-img convert -p -f raw -O qcow2 ${source}`);
    } finally {
      process.env.PATH = before;
    }
  });

  it('refuses what is no conversion', async () => {
    const source = await rawDisk();
    const recipe = { from: 'iso', to: 'qcow2', compress: false };
    expect(await errorOf(convertToSpool(request(source, { recipe })))).toBeInstanceOf(InvalidInputError);
    expect(await errorOf(convertToSpool(request(folder)))).toBeInstanceOf(LocalFileError);
    expect(await errorOf(discardSpool(spoolDir, source))).toBeInstanceOf(InvalidInputError);
    expect(await errorOf(discardSpool(folder, join(spoolDir, 'disk.qcow2')))).toBeInstanceOf(
      InvalidInputError,
    );
  });
});
