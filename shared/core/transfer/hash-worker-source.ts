// The code of the hash threads, as text: it runs unchanged from TypeScript source and from a single bundled file,
// where no separate worker file exists. Plain CommonJS JavaScript for Node 20; it may use nothing from outside.

/**
 * Body of a worker started with `eval: true`. Its messages, all about ranges of the file with descriptor `fd`:
 * - `{ id, job, algorithm, fd, position, length, last }` reads a range into the hash of `job`; answered by `{ id, digests? }`
 *   with one digest in hex when it was the last range;
 * - `{ job, drop: true }` forgets a job, unanswered;
 * - `{ id, fd, first, lanes: [{ position, length, total, last }] }` reads the next range of each of up to four MD5s that are
 *   made side by side; `first` begins them, `last` ends one that has `total` bytes in all; answered by `{ id, digests }`,
 *   with an empty text for those that go on.
 *
 * Either is answered by `{ id, shortAt }` when the file ends early, or `{ id, failed }` with the system's code.
 * `workerData` has what `hash-md5-kernel.ts` makes, or nothing when there are no such MD5s.
 */
export const hashWorkerSource = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { readSync } = require('node:fs');
const hashes = new Map();
let buffer;
let md5;

class Short {
  constructor(at) {
    this.at = at;
  }
}

function readFully(fd, into, offset, length, position) {
  for (let done = 0; done < length; ) {
    const got = readSync(fd, into, offset + done, length - done, position + done);
    if (got === 0) throw new Short(position + done);
    done += got;
  }
}

function one(m) {
  buffer ??= Buffer.allocUnsafeSlow(512 * 1024);
  let hash = hashes.get(m.job);
  if (!hash) hashes.set(m.job, (hash = createHash(m.algorithm)));
  const end = m.position + m.length;
  for (let at = m.position; at < end; ) {
    const length = Math.min(buffer.length, end - at);
    readFully(m.fd, buffer, 0, length, at);
    hash.update(length === buffer.length ? buffer : buffer.subarray(0, length));
    at += length;
  }
  if (!m.last) return undefined;
  hashes.delete(m.job);
  return [hash.digest('hex')];
}

function startMd5() {
  const { kernel, constants, memoryPages, layout } = workerData;
  const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
  const words = new Uint32Array(memory.buffer);
  words.set(constants, layout.constants / 4);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernel), { host: { memory } });
  return { hash: instance.exports.hash, bytes: Buffer.from(memory.buffer), words, layout };
}

const seeds = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

function sideBySide(m) {
  md5 ??= startMd5();
  const { hash, bytes, words } = md5;
  const { state, data, chunk, stride } = md5.layout;
  const count = 4;
  const at32 = state / 4;
  if (m.first) seeds.forEach((seed, i) => words.fill(seed, at32 + i * count, at32 + (i + 1) * count));
  const padded = m.lanes.map((lane) => !lane.last);
  for (let at = 0; m.lanes.some((lane, i) => at < lane.length || !padded[i]); at += chunk) {
    const blocks = m.lanes.map((lane, i) => {
      const offset = data + i * stride;
      const length = Math.max(0, Math.min(chunk, lane.length - at));
      readFully(m.fd, bytes, offset, length, lane.position + at);
      if (padded[i] || at + length < lane.length) return length / 64;
      // RFC 1321 3.1 and 3.2: a one bit, zeros, and the number of bits in all. There is room behind the chunk.
      padded[i] = true;
      const end = Math.ceil((length + 9) / 64) * 64;
      bytes.fill(0, offset + length, offset + end);
      bytes[offset + length] = 0x80;
      bytes.writeBigUInt64LE(BigInt(lane.total) * 8n, offset + end - 8);
      return end / 64;
    });
    for (let from = 0; ; ) {
      const more = blocks.filter((n) => n > from);
      if (more.length === 0) break;
      const to = Math.min(...more);
      const before = words.slice(at32, at32 + 4 * count);
      hash(data + from * 64, stride, to - from);
      // Those that have no bytes here were hashed along all the same: that is undone.
      for (let lane = 0; lane < count; lane++) {
        if ((blocks[lane] ?? 0) >= to) continue;
        for (let i = 0; i < 4; i++) words[at32 + i * count + lane] = before[i * count + lane];
      }
      from = to;
    }
  }
  return m.lanes.map((lane, i) => {
    if (!lane.last) return '';
    const digest = Buffer.alloc(16);
    for (let word = 0; word < 4; word++) digest.writeUInt32LE(words[at32 + word * count + i], word * 4);
    return digest.toString('hex');
  });
}

parentPort.on('message', (m) => {
  if (m.drop) {
    hashes.delete(m.job);
    return;
  }
  try {
    const digests = m.lanes ? sideBySide(m) : one(m);
    parentPort.postMessage(digests ? { id: m.id, digests } : { id: m.id });
  } catch (error) {
    hashes.delete(m.job);
    if (error instanceof Short) parentPort.postMessage({ id: m.id, shortAt: error.at });
    else parentPort.postMessage({ id: m.id, failed: String((error && error.code) || error) });
  }
});
`;
