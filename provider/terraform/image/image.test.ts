// The pure parts of imagebridge_image: origins, planning by content, state, changes, log lines.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Image, ImageCloud } from '@imagebridge/core';
import { Diagnostics, type Logger, type PrivateState, UNKNOWN } from '@imagebridge/terraform-plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../config/connections.ts';
import { providerConfig } from '../config/testing.ts';
import { noteRewritten } from '../rewritten.ts';
import { planContent } from './content.ts';
import { changesBetween, type Fields, withoutUntold } from './fields.ts';
import { formatOfName, grantsAccess, originOf } from './origin.ts';
import { publishLog } from './publish-log.ts';
import { noteImage, type State, stateNow } from './state.ts';
import { fromVersion0 } from './upgrade.ts';
import { validateImage } from './validate.ts';

const image: Image = {
  id: 'i-1',
  name: 'base',
  status: 'active',
  rawStatus: 'active',
  tags: { 'imagebridge-marker': 'm', team: 'web' },
  properties: { imagebridge_sha256: 'a'.repeat(64), purpose: 'test', os_hash_x: '1' },
  minRamMiB: 0,
  minDiskGiB: 40,
  createdAt: new Date('2026-01-02T03:04:05Z'),
};
const noSource: State['source'] = {
  file: null,
  url: null,
  url_wo_version: null,
  object: null,
  server_id: null,
  disk_id: null,
  storage_set: null,
  volume_id: null,
  backup_id: null,
  whole_server_id: null,
  vault_id: null,
  image: null,
  data_disk: null,
  unpack: null,
  convert: null,
  sha256: null,
  sha512: null,
  md5: null,
};
const stub: Parameters<typeof stateNow>[0] = {
  id: 'i-1',
  name: null,
  source: null,
  description: null,
  tags: null,
  tags_all: null,
  properties: null,
  os_type: null,
  os_distribution: null,
  os_version: null,
  architecture: null,
  boot_mode: null,
  min_disk_gib: null,
  min_ram_mib: null,
  disk_format: null,
  visibility: null,
  protected: null,
  active: null,
  route: null,
  staging_bucket: null,
  on_destroy: null,
  cloud: null,
  region: null,
  timeouts: null,
  status: null,
  size_bytes: null,
  stored_format: null,
  stored_checksum: null,
  stored_checksum_algorithm: null,
  owner_id: null,
  created_at: null,
};
const capabilities: Partial<ImageCloud['capabilities']> = { updateVisibility: true };
const glance = { family: 'openstack', region: 'r-1', capabilities } as unknown as ImageCloud;

function privateState(): PrivateState {
  const kept = new Map<string, unknown>();
  return {
    get: (key, parse) => (kept.has(key) ? parse(kept.get(key)) : undefined),
    set: (key, value) => kept.set(key, value),
    getBytes: () => undefined,
    setBytes: () => {},
    delete: (key) => kept.delete(key),
  };
}

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
    expect(await plan({})).toEqual({ sha256, changed: false });
    expect(await plan({ recorded: sha256 })).toEqual({ sha256, changed: false });
    expect(await plan({ recorded: other })).toEqual({ sha256, changed: true });
  });

  it('takes the image to have the content where its hash was never known', async () => {
    expect(await plan({ recorded: null })).toEqual({ sha256, changed: false });
  });

  it('needs no file where the hash is recorded or given', async () => {
    const gone = path.join(dir, 'gone.raw');
    expect(await plan({ path: gone, recorded: other })).toEqual({
      sha256: other,
      changed: false,
    });
    expect(await plan({ path: gone, given: other })).toEqual({
      sha256: other,
      changed: false,
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
  const provider = new Connections(providerConfig({ default_tags: { owner: 'us' } }), {});

  it('fills a stub after an import, without what is ours or the service’s', () => {
    const memory = privateState();
    noteRewritten(memory, {}, {});
    expect(stateNow(stub, image, glance, provider, memory)).toMatchObject({
      region: 'r-1',
      name: 'base',
      source: { ...noSource, sha256: 'a'.repeat(64) },
      description: null,
      min_ram_mib: null,
      min_disk_gib: 40,
      tags: { team: 'web' },
      properties: { purpose: 'test' },
      protected: null,
      active: null,
      on_destroy: 'delete',
      created_at: '2026-01-02T03:04:05.000Z',
    });
  });

  const declared: State = {
    ...stateNow(stub, image, glance, provider, privateState()),
    description: '',
    min_ram_mib: 0,
    min_disk_gib: 10,
    os_type: 'Linux',
    tags: {},
    tags_all: { owner: 'us' },
    properties: { purpose: 'test' },
    protected: false,
    active: true,
  };
  const rewritten: Image = { ...image, osType: 'linux', tags: { owner: 'us', 'imagebridge-marker': 'm' } };
  const memory = privateState();
  noteImage(memory, declared, rewritten, glance);

  it('invents no drift of what the cloud rewrites', () => {
    expect(stateNow(declared, rewritten, glance, provider, memory)).toEqual({
      ...declared,
      tags_all: { owner: 'us' },
    });
  });

  it('sees drift of everything that is declared', () => {
    const drifted: Image = {
      ...rewritten,
      name: 'renamed',
      description: 'new',
      minRamMiB: 2048,
      minDiskGiB: 50,
      osType: 'windows',
      protected: true,
      status: 'deactivated',
      tags: { team: 'db' },
      properties: { purpose: 'other', foreign: 'x' },
    };
    expect(stateNow(declared, drifted, glance, provider, memory)).toMatchObject({
      name: 'renamed',
      description: 'new',
      min_ram_mib: 2048,
      min_disk_gib: 50,
      os_type: 'windows',
      protected: true,
      active: false,
      tags: { team: 'db' },
      properties: { purpose: 'other' },
    });
    expect(
      stateNow({ ...declared, min_disk_gib: 40 }, rewritten, glance, provider, privateState()),
    ).toMatchObject({
      min_disk_gib: 40,
    });
  });

  it('upgrades version 0', () => {
    const file = { path: '/i.raw', sha256: 'a'.repeat(64) };
    expect(fromVersion0({ id: 'i', name: 'n', file })).toEqual({
      id: 'i',
      name: 'n',
      source: { file: '/i.raw', sha256: file.sha256 },
    });
    expect(fromVersion0({ file: { path: '', sha256: null } })).toEqual({
      source: { file: null, sha256: null },
    });
  });
});

describe('origins', () => {
  it('differ by what they name, files by content only', () => {
    const key = (more: Partial<Parameters<typeof originOf>[0]>) => originOf({ ...noSource, ...more }).key;
    expect(key({ file: 'a' })).toBe(key({ file: 'b' }));
    expect(key({ server_id: 's' })).not.toBe(key({ server_id: 's', disk_id: 'd' }));
    expect(key({ url_wo: 'https://x', url_wo_version: null })).toBe(key({ url_wo_version: 1 }));
    expect(key({ url_wo_version: 2 })).not.toBe(key({ url_wo_version: 1 }));
    expect(key({ image: { id: UNKNOWN, cloud: null, region: null } })).toBe(UNKNOWN);
    expect(originOf(noSource).kind).toBe('unknown');
  });

  it.each([
    ['https://u:p@host/i.raw', true],
    ['https://host/i.raw?X-Amz-Signature=abc', true],
    ['https://host/i.raw?Signature=abc&Expires=1', true],
    ['https://host/i.raw?version=3', false],
    ['https://host/i.raw', false],
  ])('%s grants access: %s', (url, grants) => expect(grantsAccess(url)).toBe(grants));

  it('tell their format by the end of the name', () => {
    expect(formatOfName('https://host/a/i.QCOW2?x=1.raw')).toBe('qcow2');
    expect(formatOfName('images/i.img')).toBeUndefined();
  });

  it('are refused in pairs, and with what belongs to another one', () => {
    const problems = (source: Partial<Parameters<typeof originOf>[0]> & Record<string, unknown>) => {
      const diagnostics = new Diagnostics();
      const config = { ...stub, name: 'n', id: null, source: { ...noSource, url_wo: null, ...source } };
      validateImage(config as unknown as Parameters<typeof validateImage>[0], diagnostics);
      return diagnostics.all.map(({ detail }) => detail);
    };
    expect(problems({ file: 'a', url: 'b' })).toEqual([expect.stringContaining('names file and url')]);
    expect(problems({ file: 'a', disk_id: 'b' })).toEqual([
      expect.stringContaining('goes with server_id only'),
    ]);
    expect(problems({ url: 'https://u:p@h/x' })).toEqual([expect.stringContaining('source.url_wo')]);
    expect(problems({ file: 'a', unpack: true, sha512: 'x' })).toEqual([]);
  });
});

describe('changesBetween', () => {
  const before: Fields = {
    ...stub,
    name: 'n',
    tags_all: { a: '1', b: '2' },
    properties: { p: 'x' },
    protected: true,
  };

  it('clears what is declared no more, and leaves what the cloud decides', () => {
    const after: Fields = {
      ...before,
      tags_all: { a: '3' },
      properties: null,
      protected: null,
      os_type: UNKNOWN,
    };
    expect(changesBetween({ ...before, os_type: 'linux', description: 'd', min_ram_mib: 1 }, after)).toEqual({
      description: null,
      minRamMiB: 0,
      protected: false,
      tags: { a: '3', b: null },
      properties: { p: null },
    });
    expect(changesBetween(before, before)).toEqual({});
  });

  it('sends nothing of what the cloud neither tells nor changes', () => {
    const after: Fields = { ...before, architecture: 'x86', os_version: 'Ubuntu', description: 'd' };
    const known: Fields = { ...before, os_version: 'CentOS' };
    const isFixed = (field: string) => field !== 'description';
    expect(withoutUntold(changesBetween(known, after), known, isFixed)).toEqual({
      osVersion: 'Ubuntu',
      description: 'd',
    });
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
