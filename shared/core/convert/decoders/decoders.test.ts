// The four decoders: what they unpack, and that nothing damaged passes for whole.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decode, Fault, nativeZstd } from '../testing/decode.ts';
import { fixture, large, sample, small } from '../testing/fixtures.ts';
import type { ArchiveFormat } from '../types.ts';
import { crc64, xxHash64 } from './checksums.ts';
import type { EntryPoint } from './decoder.ts';

const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));
const gzipped = Uint8Array.from(gzipSync(large));
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Every byte near the ends, where the structures are, and every 23rd between. */
const step = (at: number, length: number) => (at < 60 || at > length - 60 ? 1 : 23);

/** Per format: an archive of `large` that has checksums, and one of `small`. */
const archives: Record<string, { ofLarge: Uint8Array; ofSmall: Uint8Array }[]> = {
  gzip: [{ ofLarge: gzipped, ofSmall: Uint8Array.from(gzipSync(small, { level: 1 })) }],
  bzip2: [{ ofLarge: fixture('bzip2'), ofSmall: fixture('bzip2') }],
  xz: [
    { ofLarge: fixture('xzCrc64'), ofSmall: fixture('xzSha256') },
    { ofLarge: fixture('xzBlocks'), ofSmall: fixture('xzSha256') },
  ],
  zstd: [{ ofLarge: fixture('zstd'), ofSmall: fixture('zstdNoChecksum') }],
  ...(nativeZstd ? { zstdNative: [{ ofLarge: fixture('zstd'), ofSmall: fixture('zstdNoChecksum') }] } : {}),
};
type Unpacker = ArchiveFormat | 'zstdNative';
const cases = Object.entries(archives).flatMap(([format, list]) =>
  list.map((entry, i) => ({ name: `${format} ${i + 1}`, format: format as Unpacker, ...entry })),
);
const zstds = nativeZstd ? (['zstd', 'zstdNative'] as const) : (['zstd'] as const);
if (!nativeZstd) it.skip('the zstd of node:zlib is not in this Node', () => {});

/** The fault that unpacking ends with. */
async function faultOf(format: Unpacker, archive: Uint8Array): Promise<Fault> {
  const outcome = await decode(format, archive).then(
    (bytes) => new Error(`it unpacked to ${bytes.length} bytes`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof Fault)) throw outcome;
  return outcome;
}

describe.each(cases)('$name', ({ format, ofLarge, ofSmall }) => {
  it('gives the content', async () => {
    expect(same(await decode(format, ofLarge), large)).toBe(true);
  });

  it('reads members, streams or frames that follow each other', async () => {
    const content = format === 'bzip2' ? large : small;
    expect(same(await decode(format, join(ofLarge, ofSmall, ofLarge)), join(large, content, large))).toBe(
      true,
    );
  });

  it('says of every cut that it is one, and where', async () => {
    // The header's first bytes tell the format; without them it is something else.
    for (let length = 6; length < ofLarge.length; length += step(length, ofLarge.length)) {
      const fault = await faultOf(format, ofLarge.subarray(0, length));
      expect(`${length}: ${fault.fault}`).toBe(`${length}: truncated`);
      expect(fault.position).toBeLessThanOrEqual(length);
    }
  });

  it('says of every cut of a second part that it is one', async () => {
    for (let cut = 1; cut < ofSmall.length; cut += cut < 20 ? 1 : 17) {
      const fault = await faultOf(format, join(ofLarge, ofSmall.subarray(0, cut)));
      // One byte of a magic number is no beginning of anything yet.
      expect(['truncated', ...(cut < 4 ? ['garbage'] : [])]).toContain(fault.fault);
    }
  });

  it('never gives other bytes when any one bit is turned', async () => {
    let passed = 0;
    for (let at = 0; at < ofLarge.length; at += step(at, ofLarge.length)) {
      const damaged = Uint8Array.from(ofLarge);
      damaged[at] = (damaged[at] as number) ^ (1 << (at & 7));
      try {
        const bytes = await decode(format, damaged);
        passed++;
        if (!same(bytes, large)) throw new Error(`byte ${at}: other bytes came out, and no error`);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
    }
    // Only fields that mean nothing to the content, as gzip's time and system.
    expect(passed).toBeLessThan(ofLarge.length / 50);
  });

  it('goes on from every entry it tells of', async () => {
    const archive = join(ofLarge, ofSmall, ofLarge);
    const entries: EntryPoint[] = [];
    const all = await decode(format, archive, {
      entry: (position, state) => entries.push({ position, state }),
    });
    expect(entries.length).toBeGreaterThanOrEqual(3);
    for (const from of entries) {
      const rest = await decode(format, archive, { from });
      expect(same(rest, all.subarray(all.length - rest.length))).toBe(true);
      expect(rest.length).toBeGreaterThan(0);
      const cut = await decode(format, archive.subarray(0, archive.length - 3), { from }).catch(
        (error) => error,
      );
      expect(cut).toMatchObject({ fault: 'truncated' });
    }
  });

  it('refuses what follows the end', async () => {
    const garbage = join(ofLarge, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    const fault = await faultOf(format, garbage);
    expect(fault.fault).toBe('garbage');
    expect(fault.position).toBe(ofLarge.length);
  });
});

describe('what is special', () => {
  it('gzip: reads all optional fields of a header', async () => {
    const head = [0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3];
    const fields = [3, 0, 1, 2, 3, ...Buffer.from('name\0comment\0'), 0xaa, 0xbb];
    expect(
      same(await decode('gzip', join(Uint8Array.from([...head, ...fields]), gzipped.subarray(10))), large),
    ).toBe(true);
  });

  it('gzip: reads thousands of small members', async () => {
    const member = Uint8Array.from(gzipSync(small.subarray(0, 100)));
    const bytes = await decode('gzip', join(...new Array<Uint8Array>(3000).fill(member)));
    expect(bytes.length).toBe(300_000);
  });

  it('gzip: ends on damage long before the end', async () => {
    const archive = Uint8Array.from(gzipSync(randomBytes(2_000_000)));
    // A type of block that does not exist.
    archive.fill(0xff, 300_000, 400_000);
    expect((await faultOf('gzip', archive)).fault).toBe('damaged');
    archive.fill(0xff, 10, 20);
    expect((await faultOf('gzip', archive)).fault).toBe('damaged');
  });

  it('gzip and bzip2: take zero bytes at the end for padding', async () => {
    expect(same(await decode('gzip', join(gzipped, new Uint8Array(1000))), large)).toBe(true);
    expect(same(await decode('bzip2', join(fixture('bzip2'), new Uint8Array(1000))), large)).toBe(true);
    expect((await faultOf('gzip', join(gzipped, Uint8Array.of(0, 0, 7)))).fault).toBe('garbage');
  });

  it('xz: takes padding of four bytes between streams, and no other', async () => {
    const xz = fixture('xzCrc64');
    expect(same(await decode('xz', join(xz, new Uint8Array(8), xz)), join(large, large))).toBe(true);
    expect((await faultOf('xz', join(xz, new Uint8Array(6), xz))).fault).toBe('garbage');
  });

  it('xz: reads archives without checksums', async () => {
    expect(same(await decode('xz', fixture('xzNone')), small)).toBe(true);
  });

  it('xz: refuses a dictionary that is too large, and says how large', async () => {
    const fault = await decode('xz', fixture('xzCrc64'), { maxWindowBytes: 128 * 1024 }).catch(
      (error: unknown) => error,
    );
    expect(String(fault)).toContain('it needs a dictionary of 262144 bytes');
  });

  it.each(zstds)('%s: skips skippable frames', async (zstd) => {
    const skip = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
    expect(same(await decode(zstd, join(skip, fixture('zstd'), skip)), large)).toBe(true);
    const fault = await faultOf(zstd, join(fixture('zstd'), skip.subarray(0, 9)));
    expect(fault.fault).toBe('truncated');
  });

  it.each(zstds)('%s: refuses a window that is too large', async (zstd) => {
    // A frame header with a window of 2^41 bytes.
    const fault = await faultOf(zstd, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 31 << 3, 1, 0, 0, 0, 0));
    expect(fault.fault).toBe('unsupported');
    expect(fault.message).toContain('2199023255552');
  });

  it('ends soon on a block of zstd that wants to be endless', async () => {
    const archive = fixture('zstdNoChecksum');
    const start = performance.now();
    for (let at = 10; at < archive.length; at += 3) {
      const damaged = Uint8Array.from(archive);
      damaged.fill(0xff, at, at + 6);
      const outcome = await decode('zstd', damaged).catch((error: unknown) => error);
      if (outcome instanceof Error && !(outcome instanceof Fault)) throw outcome;
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('computes XXH64 and CRC-64 as their authors do', () => {
    const text = (s: string) => Uint8Array.from(Buffer.from(s));
    const xx = (s: string) => {
      const hash = xxHash64();
      for (const piece of s.match(/.{1,7}/gs) ?? []) hash.update(text(piece));
      return hash.lowHalf().toString(16);
    };
    // Lower halves of 0xef46db3751d8e999, 0x44bc2cf5ad770999 and 0xfbcea83c8a378bf1.
    expect(xx('')).toBe('51d8e999');
    expect(xx('abc')).toBe('ad770999');
    expect(xx('Nobody inspects the spammish repetition')).toBe('8a378bf1');
    const crc = crc64();
    crc.update(text('123456789'));
    expect(crc.halves().map((half) => half.toString(16))).toEqual(['df1939fa', '995dc9bb']);
  });
});

/** Whether a tool is there; tests without it are skipped by name. */
const has = (tool: string) => spawnSync(tool, ['--version'], { input: '' }).error === undefined;

describe('archives of the system’s own tools', () => {
  const content = sample(3_000_000, 99);
  const tools: [tool: string, format: Unpacker, args: string[]][] = [
    ['gzip', 'gzip', ['-1', '-c']],
    ['bzip2', 'bzip2', ['-1', '-c']],
    ['bzip2', 'bzip2', ['-9', '-c']],
    ['xz', 'xz', ['-0', '-c']],
    ['xz', 'xz', ['-6', '-T2', '--block-size=500000', '-c']],
    ['xz', 'xz', ['--lzma2=preset=6,lc=0,lp=4,pb=4', '-c']],
    ['zstd', 'zstd', ['-1', '-c']],
    ['zstd', 'zstd', ['-12', '--long=27', '-c']],
    ['zstd', 'zstd', ['-19', '-c']],
    ...(nativeZstd ? ([['zstd', 'zstdNative', ['-3', '-c']]] as [string, Unpacker, string[]][]) : []),
  ];
  it.each(tools)(
    '%s makes %s with %j',
    async (tool, format, args) => {
      const made = spawnSync(tool, args, { input: content, maxBuffer: 64 * 1024 * 1024 });
      expect(same(await decode(format, Uint8Array.from(made.stdout)), content)).toBe(true);
    },
    30_000,
  );
  for (const tool of ['gzip', 'bzip2', 'xz', 'zstd'])
    if (!has(tool)) it.skip(`${tool} is not installed`, () => {});
});
