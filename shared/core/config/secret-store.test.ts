// The store of secrets: with a keychain, without one, and with one that fails.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalFileError, Secret } from '../model/index.ts';
import { openKeychain } from './keychain.ts';
import { openSecretStore, secretPlace } from './secret-store.ts';
import { testFolder, write } from './test-files.ts';

/** A binding as the native one is, over a map. */
function fakeBinding(failure?: () => Error | undefined) {
  const kept = new Map<string, string>();
  class AsyncEntry {
    readonly #key: string;
    constructor(service: string, account: string, options?: { linux?: { store?: string } }) {
      this.#key = [service, account, options?.linux?.store].join('|');
    }
    async getPassword() {
      this.#fail();
      return kept.get(this.#key) ?? null;
    }
    async setPassword(text: string) {
      this.#fail();
      kept.set(this.#key, text);
    }
    async deletePassword() {
      this.#fail();
      return kept.delete(this.#key);
    }
    #fail() {
      const error = failure?.();
      if (error) throw error;
    }
  }
  return { kept, load: async (): Promise<unknown> => ({ AsyncEntry }) };
}

const missing = async () => {
  throw new Error('Cannot find native binding');
};

function store(loadBinding: () => Promise<unknown>, env = {}, scope = '/etc/p.yaml') {
  const file = join(testFolder(), 'deep', 'secrets.json');
  return { file, store: openSecretStore({ env, scope, file, loadBinding }) };
}

describe('with a keychain', () => {
  it('keeps secrets in it, by file, profile and field, and not in memory of the kernel', async () => {
    const { kept, load } = fakeBinding();
    const { file, store: secrets } = store(load);
    expect(await secrets.set('pro/d', 'password', new Secret('s-1'))).toBe(
      'The secret password is kept in the keychain of this system.',
    );
    expect([...kept.entries()]).toEqual([
      ['imagebridge|pro%2Fd/password of /etc/p.yaml|secret-service', 's-1'],
    ]);
    const got = await secrets.get('pro/d', 'password');
    expect(got?.secret.reveal()).toBe('s-1');
    expect(got?.place).toBe('the keychain of this system');
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(await secrets.get('other', 'password')).toBeUndefined();
    const elsewhere = openSecretStore({ env: {}, scope: '/other.yaml', file, loadBinding: load });
    expect(await elsewhere.get('pro/d', 'password')).toBeUndefined();
    expect(await secrets.remove('pro/d', 'password')).toBe(true);
    expect(await secrets.remove('pro/d', 'password')).toBe(false);
    expect(kept.size).toBe(0);
  });

  it('falls back to a file when it fails, says so, and comes back', async () => {
    let broken = true;
    const { load } = fakeBinding(() => (broken ? new Error('no D-Bus\n  at rust') : undefined));
    const { file, store: secrets } = store(load);
    expect(await secrets.set('c', 'password', new Secret('s-1'))).toBe(
      `The secret password is kept unencrypted in the file ${file}, which only you may read (the keychain could not be used: no D-Bus).`,
    );
    expect((await secrets.get('c', 'password'))?.place).toBe(`the file ${file}`);
    await expect(secrets.get('c', 'other')).rejects.toThrow(
      'Could not read the secret other of cloud "c" in the keychain of this system: no D-Bus.',
    );
    await expect(secrets.get('c', 'other')).rejects.toBeInstanceOf(LocalFileError);
    // What the file had is gone for good; of anything else that cannot be said.
    await expect(secrets.remove('c', 'other')).rejects.toThrow(
      'Could not remove the secret other of cloud "c"',
    );
    broken = false;
    await secrets.set('c', 'password', new Secret('s-2'));
    expect((await secrets.get('c', 'password'))?.secret.reveal()).toBe('s-2');
    expect(readFileSync(file, 'utf8')).not.toContain('s-1');
  });

  it('is left alone when the environment says so', async () => {
    const { kept, load } = fakeBinding();
    const { store: secrets } = store(load, { IMAGEBRIDGE_SECRET_STORE: 'file' });
    expect(await secrets.set('c', 'password', new Secret('s'))).toContain('IMAGEBRIDGE_SECRET_STORE says so');
    expect(kept.size).toBe(0);
  });
});

describe('without a keychain', () => {
  it('keeps secrets in a file that only the owner can read', async () => {
    const { file, store: secrets } = store(missing);
    expect(await secrets.get('c', 'password')).toBeUndefined();
    expect(await secrets.set('c', 'password', new Secret('s-1'))).toContain('no keychain can be used here');
    await secrets.set('c', '__proto__', new Secret('s-2'));
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await secrets.get('c', 'password'))?.secret.reveal()).toBe('s-1');
    expect((await secrets.get('c', '__proto__'))?.secret.reveal()).toBe('s-2');
    expect(await secrets.remove('c', 'password')).toBe(true);
    expect(await secrets.get('c', 'password')).toBeUndefined();
  });

  it('says what is wrong with the file, and quotes nothing of it', async () => {
    const file = write(testFolder(), 'secrets.json', 'topsecret');
    const secrets = openSecretStore({ env: {}, scope: 's', file, loadBinding: missing });
    const error = await secrets.get('c', 'password').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LocalFileError);
    expect(String(error)).toContain(`Could not read the secrets in ${file}: it is no JSON`);
    expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain('topsecret');
    writeFileSync(file, '{"version":2,"secrets":{}}');
    await expect(secrets.set('c', 'password', new Secret('s'))).rejects.toThrow('of this version');
    expect(readFileSync(file, 'utf8')).toBe('{"version":2,"secrets":{}}');
  });
});

describe('where secrets would be kept', () => {
  it('is found out without storing anything', async () => {
    const { kept, load } = fakeBinding();
    const file = join(testFolder(), 'secrets.json');
    const ask = (loadBinding: () => Promise<unknown>, env = {}) =>
      secretPlace({ env, scope: 's', file, loadBinding });
    expect(await ask(load)).toEqual({ kind: 'keychain', place: 'the keychain of this system' });
    expect(kept.size).toBe(0);
    expect(await ask(missing)).toEqual({ kind: 'file', place: file, reason: 'no keychain can be used here' });
    const broken = fakeBinding(() => new Error('no D-Bus\n at rust'));
    expect(await ask(broken.load)).toMatchObject({
      kind: 'file',
      reason: 'the keychain could not be used: no D-Bus',
    });
    expect(await ask(load, { IMAGEBRIDGE_SECRET_STORE: 'file' })).toMatchObject({
      kind: 'file',
      reason: 'IMAGEBRIDGE_SECRET_STORE says so',
    });
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('is never a file where that is not allowed', async () => {
    const file = join(testFolder(), 'secrets.json');
    const strict = openSecretStore({ env: {}, scope: 's', file, loadBinding: missing, allowFile: false });
    await expect(strict.set('c', 'password', new Secret('topsecret'))).rejects.toThrow(
      `no keychain can be used here. Agree to the file ${file}`,
    );
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('the binding', () => {
  it('may be missing or be another module', async () => {
    expect(await openKeychain(missing)).toBeUndefined();
    expect(await openKeychain(async () => ({ Entry: class {} }))).toBeUndefined();
  });

  // The real one, as it is installed, on a machine whose keychain cannot be reached.
  it.skipIf(process.platform !== 'linux')('fails with a reason where there is no session bus', async () => {
    const before = process.env.DBUS_SESSION_BUS_ADDRESS;
    process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent/bus';
    try {
      const keychain = await openKeychain();
      const outcome = keychain
        ? await keychain.get('test').catch((error: unknown) => error)
        : 'not installed';
      expect(outcome === 'not installed' || outcome instanceof Error).toBe(true);
    } finally {
      if (before === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS;
      else process.env.DBUS_SESSION_BUS_ADDRESS = before;
    }
  });
});
