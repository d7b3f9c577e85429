import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalFileError } from '../model/index.ts';
import { memoryReader } from './byte-reader.ts';
import { inspectBytes, inspectFile } from './inspect.ts';

const GIB = 1024 ** 3;

/** A qcow2 header inside a file of 1 MiB. */
function qcow2(change: (header: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(1024 * 1024);
  bytes.write('QFI\xfb', 0, 'latin1');
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(BigInt(10 * GIB), 24);
  bytes.writeUInt32BE(20, 36);
  bytes.writeBigUInt64BE(0x30000n, 40);
  bytes.writeBigUInt64BE(0x10000n, 48);
  bytes.writeUInt32BE(104, 100);
  change(bytes);
  return bytes;
}

const at = (offset: number, text: string, size = 64 * 1024) => {
  const bytes = Buffer.alloc(size);
  bytes.write(text, offset, 'latin1');
  return bytes;
};

const inspect = (bytes: Uint8Array) => inspectBytes(memoryReader(bytes));

describe('qcow2', () => {
  it('tells the virtual size and has nothing against a sound header', async () => {
    expect(await inspect(qcow2())).toEqual({
      format: 'qcow2',
      virtualSizeBytes: 10 * GIB,
      boot: 'unknown',
      findings: [],
    });
  });

  it.each([
    ['qcow2-backing-file', 'error', (h: Buffer) => h.writeBigUInt64BE(200n, 8)],
    ['qcow2-encrypted', 'error', (h: Buffer) => h.writeUInt32BE(2, 32)],
    ['qcow2-dirty', 'warning', (h: Buffer) => h.writeBigUInt64BE(1n, 72)],
    ['qcow2-corrupt', 'error', (h: Buffer) => h.writeBigUInt64BE(2n, 72)],
    ['qcow2-data-file', 'error', (h: Buffer) => h.writeBigUInt64BE(4n, 72)],
    ['qcow2-truncated', 'error', (h: Buffer) => h.writeBigUInt64BE(0x4000_0000n, 40)],
    ['qcow2-bad-header', 'error', (h: Buffer) => h.writeUInt32BE(40, 20)],
  ])('finds %s', async (code, severity, change) => {
    const { findings } = await inspect(qcow2(change));
    expect(findings.map((f) => [f.code, f.severity])).toEqual([[code, severity]]);
  });

  it('calls a header that is cut short truncated', async () => {
    const found = await inspect(qcow2().subarray(0, 40));
    expect(found.findings.map((f) => f.code)).toEqual(['qcow2-truncated']);
  });
});

describe('other formats, by content', () => {
  it.each([
    ['vmdk', at(0, 'KDMV')],
    ['vmdk', at(0, '# Disk DescriptorFile')],
    ['vhdx', at(0, 'vhdxfile')],
    ['qed', at(0, 'QED\0')],
    ['vhd', at(64 * 1024 - 512, 'conectix')],
    ['iso', at(16 * 2048 + 1, 'CD001')],
  ])('%s', async (format, bytes) => expect((await inspect(bytes)).format).toBe(format));

  it('sees El Torito on an ISO', async () => {
    const bytes = at(16 * 2048 + 1, 'CD001');
    bytes[16 * 2048] = 1;
    bytes.write('CD001', 17 * 2048 + 1, 'latin1');
    bytes.write('EL TORITO SPECIFICATION', 17 * 2048 + 7, 'latin1');
    expect(await inspect(bytes)).toMatchObject({ format: 'iso', boot: 'el-torito' });
  });

  it('sees MBR and GPT on a raw disk, and warns when there is neither', async () => {
    const mbr = Buffer.alloc(4096);
    mbr.writeUInt16LE(0xaa55, 510);
    expect(await inspect(mbr)).toMatchObject({ format: 'raw', boot: 'mbr', findings: [] });
    expect(await inspect(at(512, 'EFI PART'))).toMatchObject({ format: 'raw', boot: 'gpt', findings: [] });
    const plain = await inspect(Buffer.alloc(4096));
    expect(plain.findings.map((f) => f.code)).toEqual(['raw-no-partition-table']);
  });

  it('warns of a compressed file', async () => {
    const { format, findings } = await inspect(Buffer.from('1f8b0800000000000003', 'hex'));
    expect([format, findings[0]?.code]).toEqual(['raw', 'compressed-file']);
  });

  it('never throws, whatever the bytes are', async () => {
    const magic = fc.constantFrom('QFI\xfb', 'KDMV', 'vhdxfile', 'QED\0', 'conectix', '');
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 600 }), async (start, rest) => {
        const found = await inspect(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        expect(found.format).toBeTypeOf('string');
        expect(Number.isFinite(found.virtualSizeBytes)).toBe(true);
      }),
    );
  });
});

describe('bad input', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'inspect-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('says what is wrong with a missing file, a directory and an empty file', async () => {
    await writeFile(path.join(dir, 'empty.iso'), '');
    await expect(inspectFile(path.join(dir, 'none.iso'))).rejects.toThrow(/there is no such file/);
    await expect(inspectFile(dir)).rejects.toThrow(/it is a directory/);
    const empty = inspectFile(path.join(dir, 'empty.iso'));
    await expect(empty).rejects.toThrow(/it is empty \(0 bytes\)/);
    await expect(empty).rejects.toBeInstanceOf(LocalFileError);
  });

  it('takes a file name in Chinese with spaces', async () => {
    const file = path.join(dir, '我的 镜像 1.qcow2');
    await writeFile(file, qcow2());
    expect(await inspectFile(file)).toMatchObject({
      path: file,
      format: 'qcow2',
      fileSizeBytes: 1024 * 1024,
    });
  });
});
