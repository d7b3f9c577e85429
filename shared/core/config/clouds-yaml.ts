// clouds.yaml and secure.yaml of the OpenStack tools, found and merged as openstacksdk does. Reads two files at most.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './interpolate.ts';
import { readYaml } from './read-yaml.ts';
import { type Fields, isFields, mergeFields } from './secret-fields.ts';

/** What the files hold. */
export interface CloudsYaml {
  /** The file with the clouds, or the one with secrets when there is no other; undefined when there is none. */
  path: string | undefined;
  /** Clouds by name, as they stand in the files, merged. */
  clouds: Readonly<Record<string, Fields>>;
  /** Why a file that is there could not be used. */
  problems: readonly string[];
}

/** Where to look, beside what the environment says. */
export interface CloudsYamlPlaces {
  cwd: string;
  /** Default: HOME, else this user's. */
  home?: string | undefined;
  /** Default: this system's. */
  platform?: NodeJS.Platform | undefined;
}

/** Folders that are searched, in this order; the first file found wins. */
export function cloudsYamlFolders(
  env: Environment,
  { cwd, home = env.HOME || homedir(), platform = process.platform }: CloudsYamlPlaces,
): string[] {
  const own =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support', 'openstack')
      : platform === 'win32'
        ? join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'OpenStack', 'openstack')
        : join(env.XDG_CONFIG_HOME || join(home, '.config'), 'openstack');
  const system =
    platform === 'darwin'
      ? ['/Library/Application Support/openstack']
      : platform === 'win32'
        ? [join(env.ProgramData || 'C:\\ProgramData', 'OpenStack', 'openstack')]
        : (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').map((folder) => join(folder, 'openstack'));
  const unix = join(env.SNAP_REAL_HOME || home, '.config', 'openstack');
  return [...new Set([cwd, own, unix, ...system, '/etc/openstack'])];
}

const SUFFIXES = ['.yaml', '.yml', '.json'];

/** Reads the files. A broken one is a problem to tell, not an error: other profiles go on working. */
export function loadCloudsYaml(env: Environment, places: CloudsYamlPlaces): CloudsYaml {
  const folders = cloudsYamlFolders(env, places);
  const problems: string[] = [];
  const candidates = (stem: string, override: string | undefined) => [
    ...(override ? [override] : []),
    ...folders.flatMap((folder) => SUFFIXES.map((suffix) => join(folder, stem + suffix))),
  ];
  const open = readFirst(candidates('clouds', env.OS_CLIENT_CONFIG_FILE), problems);
  const secure = readFirst(candidates('secure', env.OS_CLIENT_SECURE_FILE), problems);
  const names = [...new Set([...Object.keys(open?.clouds ?? {}), ...Object.keys(secure?.clouds ?? {})])];
  return {
    path: open?.path ?? secure?.path,
    clouds: Object.fromEntries(
      names.map((name) => [name, mergeFields(open?.clouds[name] ?? {}, secure?.clouds[name] ?? {})]),
    ),
    problems,
  };
}

function readFirst(
  paths: readonly string[],
  problems: string[],
): { path: string; clouds: Record<string, Fields> } | undefined {
  for (const path of paths) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') continue;
      problems.push(`The file ${path} could not be read (${String(code)}).`);
      return undefined;
    }
    const content = readYaml(text);
    if ('problem' in content) {
      problems.push(`The file ${path} could not be read: ${content.problem}.`);
      return undefined;
    }
    const clouds = isFields(content.value) ? (content.value.clouds ?? {}) : (content.value ?? {});
    if (!isFields(clouds)) {
      problems.push(`The file ${path} could not be read: clouds must hold clouds by their names.`);
      return undefined;
    }
    return {
      path,
      clouds: Object.fromEntries(
        Object.entries(clouds).flatMap(([name, fields]) => (isFields(fields) ? [[name, fields]] : [])),
      ),
    };
  }
  return undefined;
}
