// Reads the file of profiles and the environment, and chooses one. Reads one file, writes nothing.
import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { InvalidInputError, LocalFileError, type Profile } from '../model/index.ts';
import { ENV_PROFILE, profileFieldsFromEnvironment } from './environment.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { nearest } from './nearest.ts';
import { parseProfile } from './parse-profile.ts';
import { profilesPath } from './paths.ts';
import { fieldAt, secretFieldsOf, secretKind } from './secret-fields.ts';

/** The profiles of this user. */
export interface Profiles {
  /** Path of the file, also when it does not exist. */
  readonly path: string;
  /** False when there is no file. */
  readonly found: boolean;
  /** Names, in the order of the file; `env` last. */
  readonly names: readonly string[];
  /** What the user should know, as sentences. */
  readonly warnings: readonly string[];
  /**
   * One profile. Only this one is checked: a mistake in another does not stand in the way.
   * @throws InvalidInputError when there is none of this name, or a field is wrong
   */
  get(name: string): Profile;
  /**
   * The profile to use: the given name, else IMAGEBRIDGE_CLOUD, else `default:` of the file, else the only one.
   * @throws InvalidInputError when nothing decides, or the profile is wrong
   */
  choose(name?: string): Profile;
}

/** Where profiles are read from. */
export interface LoadProfilesOptions {
  /** Path that the user gave (`--config`); it must exist. */
  path?: string | undefined;
  env: Environment;
}

/**
 * Reads the profiles: `path`, else IMAGEBRIDGE_CONFIG, else the platform's place; and the environment's own. Without a
 * given path a missing file is no error.
 * @throws LocalFileError when the file cannot be read; InvalidInputError when it is no file of profiles
 */
export function loadProfiles(options: LoadProfilesOptions): Profiles {
  const { env } = options;
  const path = options.path ?? profilesPath(env);
  const required = options.path !== undefined || Boolean(env.IMAGEBRIDGE_CONFIG);
  const text = readText(path, required);
  const file = text === undefined ? { clouds: {}, default: undefined } : parseFile(path, text);
  const entries = new Map<string, { fields: unknown; source: string }>(
    Object.entries(file.clouds).map(([name, fields]) => [name, { fields, source: path }]),
  );
  const fromEnv = profileFieldsFromEnvironment(env);
  if (fromEnv && !entries.has(ENV_PROFILE)) {
    entries.set(ENV_PROFILE, { fields: fromEnv, source: 'the environment' });
  }
  const names = [...entries.keys()];

  const get = (name: string): Profile => {
    const entry = entries.get(name);
    if (!entry) throw unknownProfile(name, names, path);
    const { fields, source } = entry;
    // What comes from the environment is not text of a file: a $ in a password means itself.
    const values = source === path ? interpolate(fields, env, `cloud "${name}" of ${source}`) : fields;
    return parseProfile(name, values, source);
  };
  const choose = (given?: string): Profile => {
    const name = given || env.IMAGEBRIDGE_CLOUD || file.default;
    if (name) return get(name);
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return get(only);
    throw new InvalidInputError({
      operation: 'choose a cloud',
      reason:
        names.length === 0
          ? `there is no profile (${path} ${text === undefined ? 'does not exist' : 'names no cloud'})`
          : `there are several: ${names.join(', ')}`,
      hint:
        names.length === 0
          ? 'Write a profile into this file, or set HW_REGION_NAME with HW_ACCESS_KEY and HW_SECRET_KEY or HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME.'
          : 'Name one with --cloud or IMAGEBRIDGE_CLOUD, or set default: in the file.',
    });
  };
  return {
    path,
    found: text !== undefined,
    names,
    warnings: text === undefined ? [] : permissionWarnings(path, file.clouds),
    get,
    choose,
  };
}

function unknownProfile(name: string, names: readonly string[], path: string): InvalidInputError {
  const meant = nearest(name, names);
  return new InvalidInputError({
    operation: `find cloud "${name}"`,
    reason: names.length === 0 ? `there is no profile in ${path}` : `${path} has no cloud of this name`,
    hint: `${meant ? `Did you mean ${meant}? ` : ''}${names.length === 0 ? 'Write a profile first.' : `Clouds: ${names.join(', ')}.`}`,
  });
}

function readText(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' && !required) return undefined;
    throw new LocalFileError({
      operation: `read the profiles in ${path}`,
      reason:
        code === 'ENOENT'
          ? 'the file does not exist'
          : code === 'EACCES'
            ? 'the file may not be read'
            : code || 'the file cannot be read',
      hint: 'Check --config and IMAGEBRIDGE_CONFIG.',
      cause,
    });
  }
}

const FILE_FIELDS = ['default', 'clouds'];

function parseFile(
  path: string,
  text: string,
): { clouds: Record<string, unknown>; default: string | undefined } {
  const fail = (reason: string, hint?: string) =>
    new InvalidInputError({ operation: `read the profiles in ${path}`, reason, hint });
  const document = parseDocument(text, { prettyErrors: false });
  const problem = document.errors[0];
  if (problem) {
    const line = text.slice(0, problem.pos[0]).split('\n').length;
    // The parser's message may quote the line, which may hold a secret: only its code is told.
    throw fail(`line ${line} is no correct YAML (${problem.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw fail('it has wrong or too many YAML aliases');
  }
  if (root === null || root === undefined) return { clouds: {}, default: undefined };
  if (typeof root !== 'object' || Array.isArray(root)) throw fail('it must have the field clouds');
  const fields = root as Record<string, unknown>;
  const unknown = Object.keys(fields).find((name) => !FILE_FIELDS.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, FILE_FIELDS);
    throw fail(
      `the field ${unknown} is unknown`,
      meant ? `Did you mean ${meant}?` : 'Clouds belong below the field clouds.',
    );
  }
  const clouds = fields.clouds ?? {};
  if (typeof clouds !== 'object' || Array.isArray(clouds)) {
    throw fail('the field clouds must hold clouds by their names');
  }
  if (fields.default !== undefined && fields.default !== null && typeof fields.default !== 'string') {
    throw fail('the field default must be the name of a cloud');
  }
  return { clouds: clouds as Record<string, unknown>, default: fields.default ?? undefined };
}

function permissionWarnings(path: string, clouds: Record<string, unknown>): string[] {
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
