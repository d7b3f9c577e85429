// The hashes of a download: SHA-256 for the user, and the strongest one that the service vouches for. Pure.
import { createHash, type Hash } from 'node:crypto';

/** Hashes that services tell, the strongest first. */
const ALGORITHMS = ['sha512', 'sha256', 'md5'] as const;

/** Hashes that run along with the bytes. */
export interface DownloadHashes {
  update(bytes: Uint8Array): void;
  /** Ends them. `verified` and `wrong`: the service's hash, in hex, and whether the bytes agree; neither where it tells none. */
  finish(): {
    sha256: string;
    verified?: { algorithm: string; value: string };
    wrong?: { algorithm: string; value: string; got: string };
  };
}

/** @param checksums hashes in hex by algorithm, as the service tells them */
export function downloadHashes(checksums: Readonly<Record<string, string>>): DownloadHashes {
  const algorithm = ALGORITHMS.find((name) => checksums[name] !== undefined);
  const running: Record<string, Hash> = { sha256: createHash('sha256') };
  if (algorithm) running[algorithm] ??= createHash(algorithm);
  return {
    update(bytes) {
      for (const hash of Object.values(running)) hash.update(bytes);
    },
    finish() {
      const got = Object.fromEntries(
        Object.entries(running).map(([name, hash]) => [name, hash.digest('hex')]),
      );
      const sha256 = got.sha256 ?? '';
      if (!algorithm) return { sha256 };
      const value = (checksums[algorithm] ?? '').toLowerCase();
      const digest = got[algorithm] ?? '';
      return digest === value
        ? { sha256, verified: { algorithm, value } }
        : { sha256, wrong: { algorithm, value, got: digest } };
    },
  };
}
