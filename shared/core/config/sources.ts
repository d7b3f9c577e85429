// Gathers the profiles of all sources: our file, the environment, clouds.yaml. Reads files, checks no profile.
import { readFileSync } from 'node:fs';
import { type CloudFamily, InvalidInputError, LocalFileError } from '../model/index.ts';
import { loadCloudsYaml } from './clouds-yaml.ts';
import { ENV_PROFILE, ENV_SOURCE, type EnvironmentProfile, profilesFromEnvironment } from './environment.ts';
import type { Environment } from './interpolate.ts';
import { nearest } from './nearest.ts';
import { fieldsOfOpenstackCloud } from './openstack-cloud.ts';
import { readYaml } from './read-yaml.ts';
import { type Fields, isFields } from './secret-fields.ts';

/** Where a profile comes from. */
export type SourceKind = 'file' | 'environment' | 'clouds.yaml';

/** A profile before it is checked. */
export interface Entry {
  name: string;
  kind: SourceKind;
  /** The source for messages: a path, `the environment`. */
  source: string;
  /** As they stand there. */
  fields: unknown;
  /** What the user of this profile should know, as sentences. */
  warnings: readonly string[];
}

/** Prefix of the names of profiles that clouds.yaml holds. */
export const CLOUDS_YAML_PREFIX = 'clouds.yaml:';

/** What our file holds. */
export interface ProfileFile {
  /** Undefined when there is no file. */
  text: string | undefined;
  clouds: Fields;
  default: string | undefined;
}

/**
 * Reads our file.
 * @param required a missing file is an error
 * @throws LocalFileError when it cannot be read; InvalidInputError when it is no file of profiles
 */
export function readProfileFile(path: string, required: boolean): ProfileFile {
  const text = readText(path, required);
  return { text, ...(text === undefined ? { clouds: {}, default: undefined } : parseFile(path, text)) };
}

/** Entries of our file, in its order. */
export const fileEntries = (path: string, file: ProfileFile): Entry[] =>
  Object.entries(file.clouds).map(([name, fields]) => ({
    name,
    kind: 'file',
    source: path,
    fields,
    warnings: [],
  }));

/** Entries of the environment: `env`, or one per family when there are several. @throws InvalidInputError */
export function environmentEntries(env: Environment): Entry[] {
  const found = profilesFromEnvironment(env);
  const entry = (profile: EnvironmentProfile, name: string): Entry => ({
    name,
    kind: 'environment',
    source: ENV_SOURCE,
    fields: profile.fields,
    warnings: profile.warnings,
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return [entry(only, ENV_PROFILE)];
  return found.map((profile) => entry(profile, envName(profile.family)));
}

/** Name of a profile of the environment when there are several. */
export const envName = (family: CloudFamily): string => `${ENV_PROFILE}-${family}`;

/** Entries of clouds.yaml and secure.yaml, and what is wrong with these files. */
export function cloudsYamlEntries(
  env: Environment,
  cwd: string,
): { entries: Entry[]; problems: readonly string[] } {
  const { path, clouds, problems } = loadCloudsYaml(env, { cwd });
  const source = path ?? 'clouds.yaml';
  const entries = Object.entries(clouds).map(([name, cloud]): Entry => {
    const { fields, warnings } = fieldsOfOpenstackCloud(cloud, `cloud "${name}" of ${source}`);
    return { name: `${CLOUDS_YAML_PREFIX}${name}`, kind: 'clouds.yaml', source, fields, warnings };
  });
  return { entries, problems };
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

/** The parts of our file's text. @throws InvalidInputError when it is no file of profiles */
export function parseFile(path: string, text: string): { clouds: Fields; default: string | undefined } {
  const fail = (reason: string, hint?: string) =>
    new InvalidInputError({ operation: `read the profiles in ${path}`, reason, hint });
  const content = readYaml(text);
  if ('problem' in content) throw fail(content.problem);
  const root = content.value;
  if (root === null || root === undefined) return { clouds: {}, default: undefined };
  if (!isFields(root)) throw fail('it must have the field clouds');
  const unknown = Object.keys(root).find((name) => !FILE_FIELDS.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, FILE_FIELDS);
    throw fail(
      `the field ${unknown} is unknown`,
      meant ? `Did you mean ${meant}?` : 'Clouds belong below the field clouds.',
    );
  }
  const clouds = root.clouds ?? {};
  if (!isFields(clouds)) throw fail('the field clouds must hold clouds by their names');
  if (root.default !== undefined && root.default !== null && typeof root.default !== 'string') {
    throw fail('the field default must be the name of a cloud');
  }
  return { clouds, default: root.default ?? undefined };
}
