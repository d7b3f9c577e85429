// The keychain of the operating system, through a native binding that may be missing. Loads it when it is first used.

/** A keychain, by the name of an entry. Every method may throw what the system says. */
export interface Keychain {
  get(account: string): Promise<string | undefined>;
  set(account: string, text: string): Promise<void>;
  /** False when there was no such entry. */
  remove(account: string): Promise<boolean>;
}

/** Gives the binding's module; throws when it is not installed. */
export type LoadBinding = () => Promise<unknown>;

/** What is used of the binding `@napi-rs/keyring`. */
interface Binding {
  AsyncEntry: new (
    service: string,
    account: string,
    options?: { linux?: { store?: 'secret-service' } },
  ) => {
    getPassword(): Promise<string | null | undefined>;
    setPassword(text: string): Promise<void>;
    deletePassword(): Promise<boolean>;
  };
}

const SERVICE = 'imagebridge';

// Long enough for a person to unlock the keychain; a broken one must not hold a command for ever.
const ANSWER_MS = 60_000;

// The name is not written in the call, so that bundlers leave the native file where it is.
const BINDING = '@napi-rs/keyring';
const loadInstalled: LoadBinding = () => import(BINDING);

/** The keychain; undefined when its binding is not installed for this system. */
export async function openKeychain(load: LoadBinding = loadInstalled): Promise<Keychain | undefined> {
  let binding: unknown;
  try {
    binding = await load();
  } catch {
    return undefined;
  }
  if (!isBinding(binding)) return undefined;
  const { AsyncEntry } = binding;
  // On Linux the binding would fall back to the kernel's keyring, which forgets everything at a restart.
  const entry = (account: string) => new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
  return {
    get: async (account) => (await answered(entry(account).getPassword())) ?? undefined,
    set: (account, text) => answered(entry(account).setPassword(text)),
    remove: (account) => answered(entry(account).deletePassword()),
  };
}

function isBinding(value: unknown): value is Binding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'AsyncEntry' in value &&
    typeof value.AsyncEntry === 'function'
  );
}

async function answered<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the keychain did not answer')), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
