// The code of the hash threads, as text: it runs unchanged from TypeScript source and from a single bundled file,
// where no separate worker file exists. Plain CommonJS JavaScript for Node 20; it may use nothing from outside.

/**
 * Body of a worker started with `eval: true`. Its messages:
 * in `{ id, job, algorithm, fd, position, length, last }` (read that range into the hash of `job`) or `{ job, drop: true }`,
 * out `{ id, digest? }`, `{ id, shortAt }` when the file ended early, or `{ id, failed }` with the system's code.
 */
export const hashWorkerSource = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { readSync } = require('node:fs');
const buffer = Buffer.allocUnsafeSlow(2 * 1024 * 1024);
const hashes = new Map();
parentPort.on('message', (m) => {
  if (m.drop) {
    hashes.delete(m.job);
    return;
  }
  try {
    let hash = hashes.get(m.job);
    if (!hash) hashes.set(m.job, (hash = createHash(m.algorithm)));
    const end = m.position + m.length;
    for (let at = m.position; at < end; ) {
      const got = readSync(m.fd, buffer, 0, Math.min(buffer.length, end - at), at);
      if (got === 0) {
        hashes.delete(m.job);
        parentPort.postMessage({ id: m.id, shortAt: at });
        return;
      }
      hash.update(got === buffer.length ? buffer : buffer.subarray(0, got));
      at += got;
    }
    if (m.last) hashes.delete(m.job);
    parentPort.postMessage(m.last ? { id: m.id, digest: hash.digest('hex') } : { id: m.id });
  } catch (error) {
    hashes.delete(m.job);
    parentPort.postMessage({ id: m.id, failed: String((error && error.code) || error) });
  }
});
`;
