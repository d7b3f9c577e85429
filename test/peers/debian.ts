// Programs of Debian that the peers' tests drive: whether they can be had, and why not.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Why Debian's packages cannot be installed here; undefined when they can. */
export function whyNoDebian(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (!existsSync('/usr/bin/apt-get')) return 'needs apt-get';
  if (process.getuid?.() !== 0) return 'needs root, to install packages';
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return 'needs Debian';
  return undefined;
}

/**
 * Installs packages that are missing.
 * @returns undefined when the command is there, else why it is not
 */
export function install(command: string, ...packages: string[]): string | undefined {
  const has = () => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
  if (has()) return undefined;
  const reason = whyNoDebian();
  if (reason !== undefined) return `${command} is not installed (${reason})`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const get = (...args: string[]) => spawnSync('apt-get', args, { env, encoding: 'utf8' });
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  if (get(...args).status !== 0) {
    get('update');
    get(...args);
  }
  return has() ? undefined : `${packages.join(' ')} cannot be installed`;
}
