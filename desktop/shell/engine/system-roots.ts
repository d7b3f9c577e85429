// Makes the engine trust what the system trusts: a company's own authority that its computers have, for example. Changes the
// TLS defaults of its process.
import * as tls from 'node:tls';

/** What of `node:tls` is used, where this Node has it (22.19, 24.5 and later; Electron's is newer than that). */
export interface TrustStore {
  getCACertificates?(kind: 'default' | 'system'): string[];
  setDefaultCACertificates?(certificates: readonly string[]): void;
}

/**
 * Adds the system's authorities to those that Node brings along. The switch `--use-system-ca` would do the same, but Electron
 * takes it neither from NODE_OPTIONS (a fuse is off) nor for its utility processes. It must run before the first connection.
 * @returns how many authorities came from the system; undefined where it cannot be done
 */
export function trustSystemRoots(store: TrustStore = tls): number | undefined {
  if (store.getCACertificates === undefined || store.setDefaultCACertificates === undefined) return undefined;
  try {
    const usual = store.getCACertificates('default');
    const known = new Set(usual);
    const added = store.getCACertificates('system').filter((one) => !known.has(one));
    if (added.length > 0) store.setDefaultCACertificates([...usual, ...added]);
    return added.length;
  } catch {
    // A broken store of the system: Node's own authorities stay in force.
    return undefined;
  }
}
