// The profiles of this user: from the profile file, the environment and clouds.yaml. Chooses one, and changes the file.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidInputError, type Profile, type SecretStore } from '../model/index.ts';
import { describeEntry, type ProfileDescription, type ProfileSummary, summarize } from './describe.ts';
import { ENV_PROFILE } from './environment.ts';
import type { Environment } from './interpolate.ts';
import {
  addProfile,
  type ManageContext,
  type NewProfile,
  previewProfile,
  type RemovedSecrets,
  recordSettings,
  removeProfile,
} from './manage.ts';
import { nearest } from './nearest.ts';
import { profilesPath } from './paths.ts';
import { openEntry, resolveEntry } from './resolve.ts';
import { type Fields, fieldAt, secretFieldsOf, secretKind } from './secret-fields.ts';
import { openSecretStore } from './secret-store.ts';
import {
  CLOUDS_YAML_PREFIX,
  cloudsYamlEntries,
  type Entry,
  environmentEntries,
  envName,
  fileEntries,
  readProfileFile,
} from './sources.ts';

/** The profiles of this user. */
export interface Profiles {
  /** Path of the file, also when it does not exist. */
  readonly path: string;
  /** False when there is no file. */
  readonly found: boolean;
  /** Names, in the order of the file; then those of the environment, then `clouds.yaml:NAME`. */
  readonly names: readonly string[];
  /** What the user should know, as sentences: of the files, and of each profile that has been taken so far. */
  readonly warnings: readonly string[];
  /** All profiles, unchecked, without secrets. Does not read the secret store. */
  list(): ProfileSummary[];
  /**
   * One profile. Only this one is checked: a mistake in another does not stand in the way. `NAME` finds
   * `clouds.yaml:NAME` too, where no other profile has this name.
   * @throws InvalidInputError when there is none of this name, a field is wrong, or a secret is in the secret store
   */
  get(name: string): Profile;
  /**
   * The profile to use: the given name, else IMAGEBRIDGE_CLOUD, OS_CLOUD (of clouds.yaml), `default:` of the file, the
   * only one.
   * @throws InvalidInputError when nothing decides, the profile is wrong, or a secret is in the secret store
   */
  choose(name?: string): Profile;
  /**
   * As `choose`, and reads the secrets that the secret store has (`password: { stored: true }` in the file).
   * @throws InvalidInputError when nothing decides or the profile is wrong; LocalFileError when the store fails
   */
  open(name?: string): Promise<Profile>;
  /** One profile in full, without secrets, with the place of each. @throws InvalidInputError when there is none */
  describe(name?: string): Promise<ProfileDescription>;
  /**
   * Writes a profile into the file. What was loaded stays as it was: load again to see it.
   * @returns where its secrets are kept, as sentences
   * @throws InvalidInputError when it is there already or a field is wrong; LocalFileError
   */
  add(name: string, profile: NewProfile): Promise<string[]>;
  /**
   * The profile that `add` would write, with its secrets, to try it. Writes nothing.
   * @throws as `add`; InvalidInputError when a secret is not in the store
   */
  preview(name: string, profile: NewProfile): Promise<Profile>;
  /** Sets fields of a profile of the file; nested ones with a dot. @throws InvalidInputError, LocalFileError */
  record(name: string, settings: Fields): void;
  /**
   * Removes a profile of the file and its secrets from the secret store.
   * @throws InvalidInputError when it is none of the file; LocalFileError
   */
  remove(name: string): Promise<RemovedSecrets>;
}

/** Where profiles are read from. */
export interface LoadProfilesOptions {
  /** Path that the user gave (`--config`); it must exist. */
  path?: string | undefined;
  /** False: a given path need not exist, because it is about to be written. */
  mustExist?: boolean | undefined;
  env: Environment;
  /** Folder where clouds.yaml is looked for first. Default: the current one. */
  cwd?: string | undefined;
  /** Default: the keychain of the system, else a file in the configuration folder. */
  secretStore?: SecretStore | undefined;
}

/**
 * Reads the profiles: `path`, else IMAGEBRIDGE_CONFIG, else the platform's place; those of the environment; and those of
 * clouds.yaml. Without a given path a missing file is no error.
 * @throws LocalFileError when the file cannot be read; InvalidInputError when it is no file of profiles
 */
export function loadProfiles(options: LoadProfilesOptions): Profiles {
  const { env } = options;
  const path = options.path ?? profilesPath(env);
  const given = options.path !== undefined || Boolean(env.IMAGEBRIDGE_CONFIG);
  const file = readProfileFile(path, given && options.mustExist !== false);
  const entries = new Map(fileEntries(path, file).map((entry) => [entry.name, entry]));
  const addAll = (more: readonly Entry[]) => {
    for (const entry of more) if (!entries.has(entry.name)) entries.set(entry.name, entry);
  };
  addAll(environmentEntries(env));
  const foreign = cloudsYamlEntries(env, options.cwd ?? process.cwd());
  addAll(foreign.entries);
  const names = [...entries.keys()];
  const warnings = new Set([...permissionWarnings(path, file.clouds), ...foreign.problems]);

  const find = (name: string): Entry => {
    // `envvars` is openstacksdk's name for what the OS_ variables say.
    const also = [name, `${CLOUDS_YAML_PREFIX}${name}`, ...(name === 'envvars' ? envNames() : [])];
    for (const candidate of also) {
      const entry = entries.get(candidate);
      if (entry) return entry;
    }
    const several = names.filter((other) => other.startsWith(`${ENV_PROFILE}-`));
    if (name === ENV_PROFILE && several.length > 0) throw ambiguousEnvironment(several);
    throw unknownProfile(name, names, path, foreign.problems);
  };
  const envNames = () => [envName('openstack'), ENV_PROFILE];
  /** The name to use when none is given; undefined when nothing decides. */
  const defaultName = (): string | undefined => {
    if (env.IMAGEBRIDGE_CLOUD) return env.IMAGEBRIDGE_CLOUD;
    if (env.OS_CLOUD) {
      const foreignName = `${CLOUDS_YAML_PREFIX}${env.OS_CLOUD}`;
      return entries.has(foreignName) ? foreignName : env.OS_CLOUD;
    }
    if (file.default) return file.default;
    // clouds.yaml is for other programs too: its clouds count only where there are no others.
    const own = names.filter((name) => entries.get(name)?.kind !== 'clouds.yaml');
    const candidates = own.length > 0 ? own : names;
    return candidates.length === 1 ? candidates[0] : undefined;
  };
  const choice = (name?: string): Entry => {
    const chosen = name || defaultName();
    if (chosen !== undefined) return find(chosen);
    throw noChoice(names, path, file.text !== undefined);
  };
  const warned = (entry: Entry, profile: Profile): Profile => {
    for (const warning of entry.warnings) warnings.add(warning);
    if (profile.insecure) warnings.add(insecureWarning(entry));
    return profile;
  };
  const isDefault = (entry: Entry): boolean => {
    const name = defaultName();
    return name !== undefined && (entry.name === name || entry.name === `${CLOUDS_YAML_PREFIX}${name}`);
  };
  const store = options.secretStore ?? openSecretStore({ env, scope: resolve(path) });
  const context: ManageContext = { path, env, store, clouds: file.clouds };
  const inFile = (name: string) => {
    const entry = find(name);
    if (entry.kind !== 'file') throw notInFile(entry, path);
  };

  return {
    path,
    found: file.text !== undefined,
    names,
    get warnings() {
      return [...warnings];
    },
    list: () => [...entries.values()].map((entry) => summarize(entry, isDefault(entry))),
    get: (name) => {
      const entry = find(name);
      return warned(entry, resolveEntry(entry, env));
    },
    choose: (name) => {
      const entry = choice(name);
      return warned(entry, resolveEntry(entry, env));
    },
    open: async (name) => {
      const entry = choice(name);
      return warned(entry, await openEntry(entry, env, store));
    },
    describe: async (name) => {
      const entry = choice(name);
      return describeEntry(entry, isDefault(entry), env, store);
    },
    add: (name, profile) => addProfile(context, name, profile),
    preview: (name, profile) => previewProfile(context, name, profile),
    record: (name, settings) => {
      inFile(name);
      recordSettings(context, name, settings);
    },
    remove: async (name) => {
      inFile(name);
      return removeProfile(context, name);
    },
  };
}

const insecureWarning = ({ name, source }: Entry): string =>
  `CERTIFICATES ARE NOT CHECKED for cloud "${name}" (insecure in ${source}): anybody on the way can read and change ` +
  'what is sent, credentials too. Name the authority of the cloud with ca_file instead.';

function ambiguousEnvironment(names: readonly string[]): InvalidInputError {
  return new InvalidInputError({
    operation: `find cloud "${ENV_PROFILE}"`,
    reason: `the environment has credentials of several families (${names.join(', ')})`,
    hint: 'Name one of these, or choose the family with IMAGEBRIDGE_FAMILY.',
  });
}

function noChoice(names: readonly string[], path: string, found: boolean): InvalidInputError {
  return new InvalidInputError({
    operation: 'choose a cloud',
    reason:
      names.length === 0
        ? `there is no profile (${path} ${found ? 'names no cloud' : 'does not exist'})`
        : `there are several: ${names.join(', ')}`,
    hint:
      names.length === 0
        ? 'Write a profile with imagebridge profile add, or set the variables of the cloud: HW_REGION_NAME with HW_ACCESS_KEY and HW_SECRET_KEY or HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME; OS_AUTH_URL and its companions; or UCLOUDSTACK_ENDPOINT, UCLOUDSTACK_REGION, UCLOUDSTACK_PUBLIC_KEY and UCLOUDSTACK_PRIVATE_KEY.'
        : 'Name one with --cloud or IMAGEBRIDGE_CLOUD, or set default: in the file.',
  });
}

function notInFile(entry: Entry, path: string): InvalidInputError {
  return new InvalidInputError({
    operation: `change cloud "${entry.name}"`,
    reason: `it comes from ${entry.source}, and only profiles of ${path} are changed here`,
    hint: 'Change it there, or add a profile of your own with imagebridge profile add.',
  });
}

function unknownProfile(
  name: string,
  names: readonly string[],
  path: string,
  problems: readonly string[],
): InvalidInputError {
  const meant = nearest(name, names) ?? nearest(`${CLOUDS_YAML_PREFIX}${name}`, names);
  return new InvalidInputError({
    operation: `find cloud "${name}"`,
    reason: [
      names.length === 0 ? `there is no profile in ${path}` : `${path} has no cloud of this name`,
      ...problems,
    ].join('; '),
    hint: `${meant ? `Did you mean ${meant}? ` : ''}${names.length === 0 ? 'Write a profile first.' : `Clouds: ${names.join(', ')}.`}`,
  });
}

function permissionWarnings(path: string, clouds: Fields): string[] {
  if (process.platform === 'win32') return [];
  const holdsSecret = Object.values(clouds).some((fields) =>
    secretFieldsOf(fields).some((name) => secretKind(fieldAt(fields, name)) === 'text'),
  );
  if (!holdsSecret) return [];
  try {
    if ((statSync(path).mode & 0o077) === 0) return [];
  } catch {
    return [];
  }
  return [`The file ${path} holds secrets and can be read by others: run chmod 600 on it.`];
}
