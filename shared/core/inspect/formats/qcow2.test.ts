import { describe, expect, it } from 'vitest';
import { memoryReader } from '../byte-reader.ts';
import { inspectSource } from '../inspect.ts';
import { qcow2Of, qcowOf } from '../testing/containers.ts';
import { gptDisk, mbrDisk } from '../testing/disks.ts';
import { zstOf } from '../testing/media.ts';
import { canUnpackZstd } from '../zstd.ts';

const inspect = (bytes: Uint8Array) => inspectSource(memoryReader(bytes));
const disk = gptDisk();

describe('qcow2', () => {
  it('has nothing against a sound image', async () => {
    const found = await inspect(qcow2Of(disk));
    expect(found).toMatchObject({ format: 'qcow2', variant: 'v3', encrypted: false, findings: [] });
  });

  it.each<[string, string, (h: Buffer) => void]>([
    ['qcow2-backing-file', 'error', (h) => h.writeBigUInt64BE(200n, 8)],
    ['qcow2-encrypted', 'error', (h) => h.writeUInt32BE(2, 32)],
    ['qcow2-encrypted', 'error', (h) => h.writeUInt32BE(1, 32)],
    ['qcow2-dirty', 'warning', (h) => h.writeUInt32BE(1, 76)],
    ['qcow2-corrupt', 'error', (h) => h.writeUInt32BE(2, 76)],
    ['qcow2-data-file', 'error', (h) => h.writeUInt32BE(4, 76)],
    ['qcow2-unknown-features', 'error', (h) => h.writeUInt32BE(32, 76)],
    ['qcow2-unknown-features', 'error', (h) => h.writeUInt32BE(0x8000_0000, 72)],
    ['qcow2-truncated', 'error', (h) => h.writeBigUInt64BE(0x4000_0000n, 40)],
    ['qcow2-truncated', 'error', (h) => h.writeBigUInt64BE(0x4000_0000n, 48)],
    ['qcow2-bad-header', 'error', (h) => h.writeUInt32BE(40, 20)],
    ['qcow2-bad-header', 'error', (h) => h.writeUInt32BE(9, 96)],
    ['qcow2-bad-header', 'error', (h) => h.writeUInt32BE(99, 100)],
    ['qcow2-bad-header', 'error', (h) => h.writeUInt32BE(0x7fff_ffff, 36)],
    ['qcow2-bad-header', 'error', (h) => h.writeBigUInt64BE(0x30001n, 40)],
    ['qcow2-bad-header', 'error', (h) => h.writeBigUInt64BE(1n << 62n, 24)],
    ['qcow2-unknown-version', 'error', (h) => h.writeUInt32BE(4, 4)],
    ['zero-size', 'error', (h) => h.writeBigUInt64BE(0n, 24)],
    ['qcow2-snapshots', 'info', (h) => h.writeUInt32BE(3, 60)],
  ])('finds %s', async (code, severity, change) => {
    const { findings } = await inspect(qcow2Of(disk, { change }));
    expect(findings.map((f) => [f.code, f.severity])).toEqual([[code, severity]]);
  });

  it('calls a header that is cut short truncated', async () => {
    const { findings } = await inspect(qcow2Of(disk).subarray(0, 80));
    expect(findings.map(({ code }) => code)).toEqual(['qcow2-truncated']);
  });

  it('tells the names of other files, made fit to be shown, and does not look at them', async () => {
    const found = await inspect(
      qcow2Of(disk, {
        change: (h) => {
          h.writeUInt32BE(4, 76);
          h.writeUInt32BE(0x44415441, 104);
          h.writeUInt32BE(9, 108);
          h.write('data\x1b.raw', 112, 'latin1');
          h.writeBigUInt64BE(512n, 8);
          h.writeUInt32BE(11, 16);
          h.write('/etc/passwd', 512, 'latin1');
        },
      }),
    );
    expect(found.refersTo).toEqual(['/etc/passwd', 'data .raw']);
    expect(found.boot).toBe('unknown');
  });

  it('ends its search for extensions, however they are nested', async () => {
    const found = await inspect(qcow2Of(disk, { change: (h) => h.fill(1, 104, 4096) }));
    expect(found.findings).toEqual([]);
  });

  it('unpacks clusters of zstd where Node can, and does not unpack what is none', async () => {
    const cluster = Buffer.concat([mbrDisk()], 64 * 1024);
    for (const [packed, boot] of [
      [zstOf(cluster), canUnpackZstd ? 'bios' : 'unknown'],
      [Buffer.alloc(66_000, 1), 'unknown'],
    ] as const) {
      const file = qcow2Of(cluster, {
        compressed: true,
        change: (h) => {
          h.writeUInt32BE(8, 76);
          h.writeUInt32BE(112, 100);
          h[104] = 1;
        },
      });
      const start = 5 * 64 * 1024;
      const whole = Buffer.concat([file.subarray(0, start), packed, Buffer.alloc(512, 0xa5)]);
      whole.writeBigUInt64BE(
        (1n << 62n) | (BigInt(Math.floor(packed.length / 512)) << 54n) | BigInt(start),
        4 * 65536,
      );
      expect(await inspect(whole)).toMatchObject({ boot, features: ['zstd'] });
    }
  });

  it('reads a packed cluster that is a bomb as what it is: unreadable', async () => {
    const file = qcow2Of(Buffer.concat([mbrDisk()], 64 * 1024), { compressed: true });
    // Smaller clusters make the packed one too large.
    const { deflateRawSync } = await import('node:zlib');
    const bomb = deflateRawSync(Buffer.alloc(16 * 1024 * 1024, 1));
    const whole = Buffer.concat([file.subarray(0, 5 * 65536), bomb]);
    whole.writeBigUInt64BE((1n << 62n) | (BigInt(bomb.length >> 9) << 54n) | BigInt(5 * 65536), 4 * 65536);
    expect((await inspect(whole)).boot).toBe('unknown');
  });
});

describe('qcow', () => {
  it.each<[string, (h: Buffer) => void]>([
    ['qcow-backing-file', (h) => h.writeBigUInt64BE(48n, 8)],
    ['qcow-encrypted', (h) => h.writeUInt32BE(1, 36)],
    ['qcow-bad-header', (h) => h.writeUInt8(60, 32)],
    ['qcow-truncated', (h) => h.writeBigUInt64BE(1n << 40n, 40)],
  ])('finds %s', async (code, change) => {
    const bytes = qcowOf(disk);
    change(bytes);
    const { findings } = await inspect(bytes);
    expect(findings.map((f) => [f.code, f.severity])).toEqual([[code, 'error']]);
  });
});
