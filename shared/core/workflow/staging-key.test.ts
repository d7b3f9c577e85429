import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileFingerprint, stagingKey } from './staging-key.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'staging-key-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function fingerprint(name: string, bytes: Buffer): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, bytes);
  return fileFingerprint(file);
}

it('is the same for the same content under another name, and another for another content or size', async () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  const first = await fingerprint('a.raw', bytes);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await fingerprint('b.img', bytes)).toBe(first);
  expect(await fingerprint('c.raw', bytes.subarray(1))).not.toBe(first);
  const lastByte = Buffer.from(bytes);
  lastByte[2_999_999] = 8;
  expect(await fingerprint('d.raw', lastByte)).not.toBe(first);
});

it('reads files smaller than a sample', async () => {
  expect(await fingerprint('small.raw', Buffer.from('x'))).toMatch(/^[0-9a-f]{64}$/);
});

it('makes keys without spaces', () => expect(stagingKey('qcow2', 'm')).toBe('imagebridge/m.qcow2'));
