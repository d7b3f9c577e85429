// The one store of secrets of all faces: the keychain of the system, else a file that only its owner can read.
import { LocalFileError, Secret, type SecretStore } from '../model/index.ts';
import type { Environment } from './interpolate.ts';
import { type Keychain, type LoadBinding, openKeychain } from './keychain.ts';
import { secretsPath } from './paths.ts';
import { SecretFile } from './secret-file.ts';

/** How the store is opened. */
export interface SecretStoreOptions {
  /** IMAGEBRIDGE_SECRET_STORE=file keeps away from the keychain. */
  env: Environment;
  /** What the names of profiles belong to: the path of the profile file. Two files may have profiles of one name. */
  scope: string;
  /** Path of the file. Default: IMAGEBRIDGE_SECRETS_FILE, else secrets.json in the configuration folder. */
  file?: string | undefined;
  /** Gives the keychain's binding. Default: the installed one. */
  loadBinding?: LoadBinding | undefined;
  /** False: what the keychain does not take is refused instead of written into the file. Default true. */
  allowFile?: boolean | undefined;
}

/** Where a secret would be kept that is stored now. */
export interface SecretPlace {
  kind: 'keychain' | 'file';
  /** In words; of a file, its path. */
  place: string;
  /** Why it is not the keychain, as a phrase. */
  reason?: string | undefined;
}

const KEYCHAIN = 'the keychain of this system';

// Never stored: asking for it tells whether the keychain answers.
const PROBE = 'probe';
const NO_KEYCHAIN = 'no keychain can be used here';
const FILE_IS_WANTED = 'IMAGEBRIDGE_SECRET_STORE says so';

/** Finds out where secrets would be kept, by asking the keychain for an entry that is not there. Stores nothing. */
export async function secretPlace(options: SecretStoreOptions): Promise<SecretPlace> {
  const file = (reason: string): SecretPlace => ({
    kind: 'file',
    place: options.file ?? secretsPath(options.env),
    reason,
  });
  if (options.env.IMAGEBRIDGE_SECRET_STORE === 'file') return file(FILE_IS_WANTED);
  const chain = await openKeychain(options.loadBinding);
  if (!chain) return file(NO_KEYCHAIN);
  try {
    await chain.get(PROBE);
    return { kind: 'keychain', place: KEYCHAIN };
  } catch (error) {
    return file(`the keychain could not be used: ${reasonOf(error)}`);
  }
}

/** Opens the store. Touches nothing until it is used. */
export function openSecretStore(options: SecretStoreOptions): SecretStore {
  const file = new SecretFile(options.file ?? secretsPath(options.env));
  const account = (profile: string, field: string) =>
    `${encodeURIComponent(profile)}/${field} of ${options.scope}`;
  let opening: Promise<Keychain | undefined> | undefined;
  const keychain = () => {
    opening ??=
      options.env.IMAGEBRIDGE_SECRET_STORE === 'file'
        ? Promise.resolve(undefined)
        : openKeychain(options.loadBinding);
    return opening;
  };

  return {
    async get(profile, field) {
      const name = account(profile, field);
      const kept = file.get(name);
      if (kept !== undefined)
        return { secret: new Secret(kept), place: `the file ${file.path}`, path: file.path };
      const chain = await keychain();
      if (!chain) return undefined;
      try {
        const text = await chain.get(name);
        return text === undefined ? undefined : { secret: new Secret(text), place: KEYCHAIN };
      } catch (cause) {
        const hint = `Unlock the keychain, or store the secret again, which falls back to ${file.path}.`;
        throw keychainFailed('read', profile, field, hint, cause);
      }
    },

    async set(profile, field, secret) {
      const name = account(profile, field);
      const chain = await keychain();
      let why = NO_KEYCHAIN;
      if (chain) {
        try {
          await chain.set(name, secret.reveal());
          // The file is asked first: an older secret in it would win.
          file.remove(name);
          return `The secret ${field} is kept in ${KEYCHAIN}.`;
        } catch (error) {
          if (error instanceof LocalFileError) throw error;
          why = `the keychain could not be used: ${reasonOf(error)}`;
        }
      } else if (options.env.IMAGEBRIDGE_SECRET_STORE === 'file') {
        why = FILE_IS_WANTED;
      }
      if (options.allowFile === false) {
        throw new LocalFileError({
          operation: `keep the secret ${field} of cloud "${profile}" in ${KEYCHAIN}`,
          reason: why,
          hint: `Agree to the file ${file.path}, which is not encrypted, or make the keychain usable.`,
        });
      }
      file.set(name, secret.reveal());
      return `The secret ${field} is kept unencrypted in the file ${file.path}, which only you may read (${why}).`;
    },

    async remove(profile, field) {
      const name = account(profile, field);
      const fromFile = file.remove(name);
      const chain = await keychain();
      let fromChain = false;
      try {
        fromChain = (await chain?.remove(name)) ?? false;
      } catch (cause) {
        // Where the file had it, the keychain could not be used when it was stored either.
        if (!fromFile)
          throw keychainFailed('remove', profile, field, `Remove the entry "${name}" there.`, cause);
      }
      return fromFile || fromChain;
    },
  };
}

const keychainFailed = (verb: string, profile: string, field: string, hint: string, cause: unknown) =>
  new LocalFileError({
    operation:
      verb === 'read'
        ? `read the secret ${field} of cloud "${profile}" in ${KEYCHAIN}`
        : `remove the secret ${field} of cloud "${profile}" in ${KEYCHAIN}`,
    reason: reasonOf(cause),
    hint,
    cause,
  });

/** What the system said, without what may follow it on further lines. */
function reasonOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.slice(0, 200) || 'it did not say why';
}
