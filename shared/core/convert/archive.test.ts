// Archives as sources: measuring and remembering, reads in and out of order, changes, limits, cancelling.
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rename,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CancelledError,
  FileChangedError,
  ImageBridgeError,
  IntegrityError,
  InvalidInputError,
  LocalFileError,
  RefusedError,
  UnsupportedError,
} from '../model/index.ts';
import { archiveReader, openUnpacked, type UnpackedSource, unpackedHead } from './index.ts';
import { fixture, large, sample, small } from './testing/fixtures.ts';

const MIB = 1024 * 1024;
let folder = '';
const open: UnpackedSource[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convert-'));
});
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
  await rm(folder, { recursive: true });
});

/** Writes an archive that looks as if it had been there for a while. */
async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const earlier = new Date(Date.now() - 60_000);
  await utimes(path, earlier, earlier);
  return path;
}

async function opened(path: string, options: Partial<Parameters<typeof openUnpacked>[1]> = {}) {
  const source = await openUnpacked(path, { stateDir: join(folder, 'state'), ...options });
  open.push(source);
  return source;
}

/** How often unpacking began, in the implementation. */
const startsOf = (source: UnpackedSource) => ('starts' in source ? source.starts : undefined);
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const expectRange = (source: Uint8Array, bytes: Uint8Array, start: number) =>
  expect(Buffer.compare(bytes, source.subarray(start, start + bytes.length)), `from byte ${start}`).toBe(0);

describe('opening', () => {
  it.each([
    ['gzip', gzipSync(large), large],
    ['bzip2', fixture('bzip2'), large],
    ['xz', fixture('xzBlocks'), large],
    ['zstd', fixture('zstdNoChecksum'), small],
  ] as const)('measures %s and reads it in a thread', async (format, archive, content) => {
    const path = await write(`disk.${format}`, archive);
    const source = await opened(path);
    expect(source.archiveFormat).toBe(format);
    expect(source.identity).toMatchObject({ path: `unpacked:${path}`, sizeBytes: content.length });
    expect(source.identity.mtimeMs).toBeGreaterThan(0);
    expect(source.identity.inode).toBeGreaterThan(0);
    expect(source.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    const bytes = new Uint8Array(content.length);
    await source.read(0, bytes);
    expectRange(content, bytes, 0);
    await source.check();
  });

  it('remembers what it measured until the archive changes', async () => {
    const path = await write('disk.gz', gzipSync(large));
    let passes = 0;
    const first = await opened(path, { onMeasure: () => passes++ });
    const cache = join(folder, 'state', 'unpacked');
    const [name] = await readdir(cache);
    const entry = JSON.parse(await readFile(join(cache, name ?? ''), 'utf8'));
    // Proof that it is believed: it says something else now.
    entry.unpacked.sha256 = '0'.repeat(64);
    await writeFile(join(cache, name ?? ''), JSON.stringify(entry));
    expect((await opened(path)).sha256).toBe('0'.repeat(64));
    const later = new Date(Date.now() - 30_000);
    await utimes(path, later, later);
    expect((await opened(path)).sha256).toBe(first.sha256);
    await writeFile(join(cache, name ?? ''), '{ torn');
    expect((await opened(path)).sha256).toBe(first.sha256);
  });

  it('does not remember an archive that was written just now', async () => {
    const path = join(folder, 'disk.gz');
    await writeFile(path, gzipSync(large));
    await opened(path);
    expect(await readdir(join(folder, 'state')).catch(() => [])).toEqual([]);
  });

  it('says what is wrong with what cannot be opened', async () => {
    expect(await errorOf(opened(join(folder, 'none.gz')))).toBeInstanceOf(LocalFileError);
    expect(await errorOf(opened(folder))).toBeInstanceOf(LocalFileError);
    expect(await errorOf(opened(await write('plain.gz', large)))).toBeInstanceOf(UnsupportedError);
    expect(await errorOf(opened(await write('empty.gz', gzipSync(''))))).toBeInstanceOf(LocalFileError);
    const cut = await errorOf(opened(await write('cut.xz', fixture('xzCrc64').subarray(0, 900))));
    expect(cut).toBeInstanceOf(IntegrityError);
    expect(String(cut)).toContain('at byte 900 of the xz archive');
    expect(String(cut)).toContain('incomplete');
  });

  it('ends when more comes out than may', async () => {
    const path = await write('zeros.gz', gzipSync(new Uint8Array(8 * MIB)));
    const error = await errorOf(opened(path, { maxUnpackedBytes: MIB }));
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain('more than 1048576 bytes');
    await opened(path);
    expect(await errorOf(opened(path, { maxUnpackedBytes: MIB }))).toBeInstanceOf(RefusedError);
  });

  it('can be cancelled while it measures', async () => {
    const path = await write('zeros.gz', gzipSync(new Uint8Array(512 * MIB), { level: 1 }));
    const stop = new AbortController();
    const error = errorOf(opened(path, { signal: stop.signal, onMeasure: () => stop.abort() }));
    expect(await error).toBeInstanceOf(CancelledError);
    expect(await errorOf(opened(path, { signal: AbortSignal.abort() }))).toBeInstanceOf(CancelledError);
  });

  it('gives the head alone', async () => {
    // What follows the head is not looked at.
    const path = await write('cut.xz', fixture('xzBlocks').subarray(0, 1500));
    const head = await unpackedHead(path, 5000);
    expect(head).toMatchObject({ archiveFormat: 'xz', complete: false });
    expectRange(large, head.bytes, 0);
    const whole = await unpackedHead(await write('whole.xz', fixture('xzBlocks')), MIB);
    expect(whole.complete).toBe(true);
    expect(whole.bytes.length).toBe(large.length);
  });
});

describe('reading', () => {
  const content = Uint8Array.from(Buffer.concat([sample(20 * MIB, 3), randomBytes(20 * MIB)]));
  const archive = gzipSync(content, { level: 1 });
  const read = async (source: UnpackedSource, start: number, length: number) => {
    const bytes = new Uint8Array(length);
    await source.read(start, bytes);
    expectRange(content, bytes, start);
  };

  it('serves parts that are asked for at once in any order with one pass', async () => {
    const source = await opened(await write('disk.gz', archive));
    const part = 5 * MIB;
    await Promise.all([3, 0, 2, 1].map((n) => read(source, n * part, part)));
    await Promise.all([7, 5, 4, 6].map((n) => read(source, n * part, part)));
    expect(startsOf(source)).toBe(1);
  });

  it('serves lanes that read small pieces far apart with one pass', async () => {
    const source = await opened(await write('disk.gz', archive));
    const lane = async (from: number) => {
      for (let at = from; at < from + 10 * MIB; at += 100_000)
        await read(source, at, Math.min(100_000, from + 10 * MIB - at));
    };
    await Promise.all([0, 1, 2, 3].map((n) => lane(n * 10 * MIB)));
    expect(startsOf(source)).toBe(1);
  });

  it('serves what came by lately again, and starts again for what came by long ago', async () => {
    const source = await opened(await write('disk.gz', archive));
    await read(source, 0, 12 * MIB);
    await read(source, 6 * MIB, MIB);
    expect(startsOf(source)).toBe(1);
    await read(source, 30 * MIB, MIB);
    await read(source, 7, 1000);
    expect(startsOf(source)).toBe(2);
    await read(source, content.length - 1, 1);
    expect(startsOf(source)).toBe(2);
  });

  it('begins at the nearest member, frame or block instead of the beginning', async () => {
    const members = [0, 1, 2].map((n) => gzipSync(content.subarray(0, 20 * MIB + n), { level: 1 }));
    const path = await write('members.gz', Buffer.concat(members));
    const source = await opened(path);
    // Nothing can be unpacked from the beginning any more.
    const file = await openFile(path, 'r+');
    await file.write(new Uint8Array(1000), 0, 1000, 100);
    await file.close();
    const bytes = new Uint8Array(2 * MIB);
    await source.read(45 * MIB, bytes);
    expectRange(content, bytes, 5 * MIB - 1);
    await source.read(22 * MIB, bytes);
    expectRange(content, bytes, 2 * MIB);
    expect(startsOf(source)).toBe(2);
    expect(await errorOf(source.read(0, bytes))).toBeInstanceOf(FileChangedError);
  });

  it('goes on after reads that were cancelled', async () => {
    const source = await opened(await write('disk.gz', archive));
    const stop = new AbortController();
    const given = errorOf(source.read(25 * MIB, new Uint8Array(15 * MIB), { signal: stop.signal }));
    await delay(20);
    stop.abort();
    expect(await given).toBeInstanceOf(CancelledError);
    await read(source, 0, 1000);
    await read(source, 39 * MIB, 1000);
    const gone = errorOf(source.read(0, new Uint8Array(1), { signal: AbortSignal.abort() }));
    expect(await gone).toBeInstanceOf(CancelledError);
  });

  it('ends all reads when it is closed', async () => {
    const source = await openUnpacked(await write('disk.gz', archive), { stateDir: folder });
    const reads = [0, 20 * MIB, 5].map((at) => errorOf(source.read(at, new Uint8Array(10 * MIB))));
    await source.close();
    for (const error of await Promise.all(reads)) expect(error).toBeInstanceOf(CancelledError);
    expect(await errorOf(source.read(0, new Uint8Array(1)))).toBeInstanceOf(CancelledError);
  });

  it('refuses what is not in it', async () => {
    const source = await opened(await write('disk.gz', archive));
    for (const [start, length] of [
      [content.length, 1],
      [-1, 1],
      [0.5, 1],
    ] as const)
      expect(await errorOf(source.read(start, new Uint8Array(length)))).toBeInstanceOf(InvalidInputError);
    await source.read(content.length, new Uint8Array(0));
  });

  it('says when the archive was changed, replaced or removed', async () => {
    const path = await write('disk.gz', archive);
    const source = await opened(path);
    await source.check();
    await rename(path, `${path}.old`);
    expect(await errorOf(source.check())).toBeInstanceOf(FileChangedError);
    await write('disk.gz', archive);
    expect(String(await errorOf(source.check()))).toContain('changed since it was opened');
    // The old archive is still open, and gives what it had.
    await read(source, 0, 100);
  });

  it('says so when the archive is overwritten while it is read', async () => {
    const path = await write('disk.gz', archive);
    const source = await opened(path);
    await writeFile(path, archive.subarray(0, 1000));
    const error = await errorOf(source.read(30 * MIB, new Uint8Array(MIB)));
    expect(error).toBeInstanceOf(FileChangedError);
    expect(error).toBeInstanceOf(ImageBridgeError);
  });

  it('says so when it does not unpack to what was measured', async () => {
    const path = await write('disk.gz', gzipSync(large));
    await opened(path);
    const cache = join(folder, 'state', 'unpacked');
    const [name] = await readdir(cache);
    const entry = JSON.parse(await readFile(join(cache, name ?? ''), 'utf8'));
    for (const wrong of [large.length - 1, large.length + 1]) {
      entry.unpacked.sizeBytes = wrong;
      await writeFile(join(cache, name ?? ''), JSON.stringify(entry));
      const source = await opened(path);
      expect(source.identity.sizeBytes).toBe(wrong);
      const error = await errorOf(source.read(0, new Uint8Array(wrong)));
      expect(error).toBeInstanceOf(IntegrityError);
    }
  });

  it('lets an inspection see the head and the tail, and says what it cannot see', async () => {
    const source = await opened(await write('disk.gz', archive));
    const reader = archiveReader(source);
    expect(reader.sizeBytes).toBe(content.length);
    expectRange(content, await reader.read(32 * 1024, 2048), 32 * 1024);
    expectRange(content, await reader.read(content.length - 512, 4096), content.length - 512);
    expect((await reader.read(content.length - 512, 4096)).length).toBe(512);
    expect((await reader.read(content.length, 10)).length).toBe(0);
    expect((await reader.read(-5, 10)).length).toBe(0);
    expect(await errorOf(reader.read(20 * MIB, 512))).toBeInstanceOf(UnsupportedError);
    const tiny = archiveReader(await opened(await write('tiny.zst', fixture('zstd'))));
    expectRange(large, await tiny.read(0, 100_000), 0);
  });
});
