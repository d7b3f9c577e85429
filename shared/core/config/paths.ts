// Where files of the program are on this platform. Reads nothing.
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { Environment } from './interpolate.ts';

const platform = envPaths('imagebridge', { suffix: '' });

/** Path of the profile file: IMAGEBRIDGE_CONFIG, else the platform's place. */
export function profilesPath(env: Environment): string {
  return env.IMAGEBRIDGE_CONFIG || join(platform.config, 'profiles.yaml');
}

/** Folder of journals and other state: IMAGEBRIDGE_STATE_DIR, else the platform's place for data. */
export function stateDir(env: Environment): string {
  return env.IMAGEBRIDGE_STATE_DIR || platform.data;
}

/** Path of the file with secrets, for machines without a keychain: IMAGEBRIDGE_SECRETS_FILE, else the platform's place. */
export function secretsPath(env: Environment): string {
  return env.IMAGEBRIDGE_SECRETS_FILE || join(platform.config, 'secrets.json');
}
