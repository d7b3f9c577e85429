// The pure parts of imagebridge_image: planning by content, state, search, log lines.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Image } from '@imagebridge/core';
import { type Logger, UNKNOWN } from '@imagebridge/terraform-plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../config/connections.ts';
import { providerConfig } from '../config/testing.ts';
import { planContent } from './content.ts';
import { publishLog } from './publish-log.ts';
import { stateNow, userTags } from './state.ts';

const image: Image = {
  id: 'i-1',
  name: 'base',
  status: 'active',
  rawStatus: 'active',
  tags: { 'imagebridge-marker': 'm', team: 'web' },
  properties: { imagebridge_sha256: 'a'.repeat(64) },
  minRamMiB: 0,
  minDiskGiB: 40,
  createdAt: new Date('2026-01-02T03:04:05Z'),
};
const stub: Parameters<typeof stateNow>[0] = {
  id: 'i-1',
  name: null,
  source: null,
  os_version: null,
  description: null,
  min_disk_gib: null,
  min_ram_mib: null,
  disk_format: null,
  tags: null,
  staging_bucket: null,
  cloud: null,
  region: null,
  timeouts: null,
  status: null,
  size_bytes: null,
  stored_format: null,
  owner_id: null,
  visibility: null,
  os_type: null,
  created_at: null,
};

describe('planContent', () => {
  let dir: string;
  let file: string;
  let provider: Connections;
  const sha256 = createHash('sha256').update('content').digest('hex');
  const other = 'b'.repeat(64);
  const { signal } = new AbortController();
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'imagebridge-'));
    file = path.join(dir, 'x.raw');
    await writeFile(file, 'content');
    provider = new Connections(providerConfig({ state_dir: path.join(dir, 'state') }), {});
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const plan = (request: Partial<Parameters<typeof planContent>[0]>) =>
    planContent({ path: file, given: null, recorded: undefined, ...request }, provider, signal);

  it('hashes the file, and sees a change by the hash alone', async () => {
    expect(await plan({})).toEqual({ sha256, changed: false, present: true });
    expect(await plan({ recorded: sha256 })).toEqual({ sha256, changed: false, present: true });
    expect(await plan({ recorded: other })).toEqual({ sha256, changed: true, present: true });
  });

  it('takes the image to have the content where its hash was never known', async () => {
    expect(await plan({ recorded: null })).toEqual({ sha256, changed: false, present: true });
  });

  it('needs no file where the hash is recorded or given', async () => {
    const gone = path.join(dir, 'gone.raw');
    expect(await plan({ path: gone, recorded: other })).toEqual({
      sha256: other,
      changed: false,
      present: false,
    });
    expect(await plan({ path: gone, given: other })).toEqual({
      sha256: other,
      changed: false,
      present: false,
    });
    expect(await plan({ path: gone, given: other, recorded: sha256 })).toMatchObject({ changed: true });
    await expect(plan({ path: gone })).rejects.toThrow('The file is missing');
  });

  it('plans no replacement for what is not known yet', async () => {
    expect(await plan({ path: UNKNOWN, recorded: sha256 })).toMatchObject({
      sha256: UNKNOWN,
      changed: false,
    });
    expect(await plan({ given: UNKNOWN, recorded: sha256 })).toMatchObject({
      sha256: UNKNOWN,
      changed: false,
    });
    expect(await plan({ path: UNKNOWN, given: other, recorded: sha256 })).toMatchObject({
      sha256: other,
      changed: true,
    });
  });
});

describe('stateNow', () => {
  it('fills a stub after an import, without our own marker', () => {
    expect(stateNow(stub, image, 'r-1')).toMatchObject({
      region: 'r-1',
      name: 'base',
      source: { file: null, sha256: 'a'.repeat(64) },
      description: null,
      min_ram_mib: null,
      min_disk_gib: 40,
      tags: { team: 'web' },
      created_at: '2026-01-02T03:04:05.000Z',
    });
    expect(userTags({ tags: { 'imagebridge-marker': 'm' } })).toEqual({});
  });

  it('sees drift of what the user declares, and invents none', () => {
    const declared = {
      ...stub,
      region: 'r-1',
      name: 'base',
      description: '',
      min_ram_mib: 0,
      min_disk_gib: 10,
      tags: {},
    };
    const bare = { ...image, tags: { 'imagebridge-marker': 'm' } };
    expect(stateNow(declared, bare, 'r-2')).toMatchObject({
      region: 'r-1',
      description: '',
      min_ram_mib: 0,
      min_disk_gib: 10,
      tags: {},
    });
    const drifted = { ...image, name: 'renamed', description: 'new', minRamMiB: 2048 };
    expect(stateNow(declared, drifted, 'r-1')).toMatchObject({
      name: 'renamed',
      description: 'new',
      min_ram_mib: 2048,
      tags: { team: 'web' },
    });
    expect(stateNow({ ...declared, tags: null }, bare, 'r-1')).toMatchObject({ tags: null });
  });
});

describe('publishLog', () => {
  it('writes a progress line every ten seconds, and remembers what is needed after an interruption', () => {
    const lines: string[] = [];
    const add = (message: string) => lines.push(message);
    const log: Logger = { trace: add, debug: add, info: add, warn: add, error: add, with: () => log };
    let now = 0;
    const progress = publishLog(log, () => now);
    const snapshot = {
      uploadId: 'u',
      state: 'uploading',
      file: { path: 'x', sizeBytes: 100, mtimeMs: 0, inode: 0 },
      target: { cloud: 'c', region: 'r', bucket: 'b', key: 'k' },
      partSizeBytes: 10,
      partsTotal: 10,
      partsDone: 3,
      partsSkipped: 0,
      confirmedBytes: 30,
      sentBytes: 30,
      bytesPerSecond: 1,
      hashedBytes: 0,
    } as const;
    for (; now <= 20_000; now += 1000)
      progress.onEvent({ type: 'upload', event: { type: 'progress', at: now, snapshot } });
    expect(lines).toEqual(['uploading', 'uploading', 'uploading']);
    progress.onEvent({ type: 'image-id', imageId: 'i-1', adopted: false });
    expect(progress.known()).toMatchObject({ partsDone: 3, partsTotal: 10, imageId: 'i-1' });
  });
});
