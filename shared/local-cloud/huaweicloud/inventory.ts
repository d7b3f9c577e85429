// What a project has in a region besides images: servers, disks, backups, vaults and keys. It never changes, and its ids
// are the same in every run over one data directory, so that images can be made from something.
import { createHash } from 'node:crypto';

/** A disk of a server. */
export interface InventoryVolume {
  id: string;
  kind: 'system' | 'data';
  sizeGiB: number;
  /** `in-use` is good for an image; `attaching` and `error` are not. */
  state: 'in-use' | 'attaching' | 'error';
  /** Of dedicated storage, which no image can be made from. */
  dedicated: boolean;
}

/** A server (ECS). Only a stopped one without tasks can be made into a system image. */
export interface InventoryServer {
  id: string;
  name: string;
  status: 'ACTIVE' | 'SHUTOFF' | 'ERROR';
  /** What keeps it from being made into an image, whatever its status. */
  obstacle?: 'task' | 'backup' | 'reclaimed' | 'type' | undefined;
  /** `__os_version` of the public image that it was made from. */
  osVersion: string;
  /** The vault that it is in already. */
  vaultId?: string | undefined;
  volumes: readonly InventoryVolume[];
}

/** A backup of a whole server, or of a disk. */
export interface InventoryBackup {
  id: string;
  name: string;
  kind: 'server' | 'disk';
  status: 'available' | 'creating';
  osVersion: string | undefined;
  sizeGiB: number;
  /** Another tenant shared it: an image made from it cannot be shared on. */
  foreign: boolean;
}

/** A vault of the backup service. */
export interface InventoryVault {
  id: string;
  name: string;
  kind: 'server' | 'disk';
  status: 'available' | 'locked';
  /** No room for one more backup. */
  full: boolean;
  /** No room for one more server. */
  crowded: boolean;
  replication: boolean;
}

/** A key of the key management service. */
export interface InventoryKey {
  id: string;
  name: string;
  state: 'enabled' | 'disabled' | 'forbidden';
}

/** Everything that a project has in a region. */
export interface Inventory {
  servers: readonly InventoryServer[];
  backups: readonly InventoryBackup[];
  vaults: readonly InventoryVault[];
  keys: readonly InventoryKey[];
}

const centos = 'CentOS 7.6 64bit';

/** An id of 36 characters that follows from what it is the id of. */
export function fixedUuid(...what: string[]): string {
  const hex = createHash('sha256').update(what.join('\n')).digest('hex');
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join('-');
}

/**
 * The servers, backups, vaults and keys of a project in a region.
 * - servers: `web` (running), `build` (stopped, two data disks), `windows` and `ubuntu` (stopped), and one for each state
 *   that an image cannot be made in
 * - backups: `nightly` and `weekly` (usable), `shared` (of another tenant), and those that are not
 * - vaults: `main`, `second`, and those that take nothing more
 * - keys: `first`, `second`, `disabled`, `forbidden`
 */
export function inventoryOf(projectId: string, region: string): Inventory {
  const id = (...name: string[]) => fixedUuid(region, projectId, ...name);
  const server = (
    name: string,
    status: InventoryServer['status'],
    more: Partial<InventoryServer> = {},
    disks: Partial<InventoryVolume>[] = [{}],
  ): InventoryServer => ({
    id: id('server', name),
    name,
    status,
    osVersion: centos,
    ...more,
    volumes: disks.map((disk, index) => ({
      id: id('volume', name, String(index)),
      kind: index === 0 ? 'system' : 'data',
      sizeGiB: 40,
      state: 'in-use',
      dedicated: false,
      ...disk,
    })),
  });
  const backup = (name: string, more: Partial<InventoryBackup> = {}): InventoryBackup => ({
    ...{ id: id('backup', name), name, kind: 'server', status: 'available', osVersion: centos, sizeGiB: 40 },
    foreign: false,
    ...more,
  });
  const vault = (name: string, more: Partial<InventoryVault> = {}): InventoryVault => ({
    ...{ id: id('vault', name), name, kind: 'server', status: 'available' },
    ...{ full: false, crowded: false, replication: true },
    ...more,
  });
  const key = (name: string, state: InventoryKey['state'] = 'enabled') => ({
    id: id('key', name),
    name,
    state,
  });
  return {
    servers: [
      server('web', 'ACTIVE', { vaultId: id('vault', 'main') }, [{}, { sizeGiB: 20 }]),
      server('build', 'SHUTOFF', {}, [{}, { sizeGiB: 100 }, { sizeGiB: 20 }]),
      server('windows', 'SHUTOFF', { osVersion: 'Windows Server 2019 Datacenter 64bit' }),
      server('ubuntu', 'SHUTOFF', { osVersion: 'Ubuntu 18.04 server 64bit' }),
      server('busy', 'SHUTOFF', { obstacle: 'task' }),
      server('in-backup', 'SHUTOFF', { obstacle: 'backup' }),
      server('reclaimed', 'SHUTOFF', { obstacle: 'reclaimed' }),
      server('special', 'SHUTOFF', { obstacle: 'type' }),
      server('failed', 'ERROR'),
      server('without-disk', 'SHUTOFF', {}, []),
      server('dedicated', 'SHUTOFF', {}, [{ dedicated: true }]),
      server('attaching', 'SHUTOFF', {}, [{ state: 'attaching' }]),
      server('bad-disks', 'SHUTOFF', {}, [{ state: 'error' }, { state: 'error' }]),
      server('large-disk', 'SHUTOFF', {}, [{ sizeGiB: 2048 }]),
    ],
    backups: [
      backup('nightly'),
      backup('weekly'),
      backup('shared', { foreign: true }),
      backup('creating', { status: 'creating' }),
      backup('disk', { kind: 'disk' }),
      backup('without-system', { osVersion: undefined }),
    ],
    vaults: [
      vault('main'),
      vault('second'),
      vault('full', { full: true }),
      vault('crowded', { crowded: true }),
      vault('locked', { status: 'locked' }),
      vault('disks', { kind: 'disk' }),
      vault('local', { replication: false }),
    ],
    keys: [key('first'), key('second'), key('disabled', 'disabled'), key('forbidden', 'forbidden')],
  };
}
