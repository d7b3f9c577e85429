// Hashes of bytes that are in memory, off the main thread: of parts, and of a stream.
import { z } from 'zod';
import type { HashName } from '../model/index.ts';
import { ReplyThread } from './reply-thread.ts';

// SHA-256 as FIPS 180-4 has it, because the state of a system's hash cannot be stored: with it, a source that must be
// fetched need not be fetched again after a restart. The constants are the fractions of roots of the first primes.
const partCode = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const start = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const W = new Int32Array(64);

function compress(H, view, from, to) {
  for (let at = from; at < to; at += 64) {
    for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15];
      const y = W[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
    }
    let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
  }
}

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function wordsOf(H) {
  const out = Buffer.alloc(32);
  H.forEach((word, i) => out.writeInt32BE(word, i * 4));
  return out;
}

// before: the state, as 32 bytes and the bytes since the last whole block; '' at the beginning.
function sha256(before, totalBefore, bytes, last) {
  const state = Buffer.from(before, 'hex');
  const H = Int32Array.from(start);
  if (state.length > 0) for (let i = 0; i < 8; i++) H[i] = state.readInt32BE(i * 4);
  let tail = state.subarray(32);
  let from = 0;
  if (tail.length > 0) {
    from = Math.min(64 - tail.length, bytes.length);
    tail = Buffer.concat([tail, bytes.subarray(0, from)]);
    if (tail.length === 64) {
      compress(H, viewOf(tail), 0, 64);
      tail = Buffer.alloc(0);
    }
  }
  const to = from + Math.floor((bytes.length - from) / 64) * 64;
  compress(H, viewOf(bytes), from, to);
  if (to < bytes.length) tail = Buffer.concat([tail, bytes.subarray(to)]);
  if (!last) return { state: Buffer.concat([wordsOf(H), tail]).toString('hex') };
  const end = Buffer.alloc(tail.length < 56 ? 64 : 128);
  tail.copy(end);
  end[tail.length] = 128;
  end.writeBigUInt64BE(BigInt(totalBefore + bytes.length) * 8n, end.length - 8);
  compress(H, viewOf(end), 0, end.length);
  return { sha256: wordsOf(H).toString('hex') };
}

parentPort.on('message', ({ id, bytes, md5, whole }) => {
  const reply = whole ? sha256(whole.before, whole.totalBefore, bytes, whole.last) : {};
  if (md5) reply.md5 = createHash('md5').update(bytes).digest('hex');
  parentPort.postMessage({ id, ...reply });
});
`;

const streamCode = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
let hash;
parentPort.on('message', (m) => {
  if (m.first) hash = createHash(m.name);
  hash.update(m.bytes);
  parentPort.postMessage(m.last ? { id: m.id, digest: hash.digest('hex') } : { id: m.id });
});
`;

const partReply = z.object({
  md5: z.string().optional(),
  sha256: z.string().optional(),
  state: z.string().optional(),
});
const streamReply = z.object({ digest: z.string().optional() });

/** What to make of some bytes. */
export interface PartHashRequest {
  /** Over shared memory, so that nothing is copied. */
  bytes: Uint8Array;
  /** The MD5 of these bytes is wanted. */
  md5: boolean;
  /** They belong into the SHA-256 of the whole. */
  whole?:
    | {
        /** State before them in hex, as the reply for the bytes before had it; empty at the beginning. */
        before: string;
        totalBefore: number;
        /** They are the last ones: the reply has the digest. Else it has the state after them. */
        last: boolean;
      }
    | undefined;
}

/** The MD5 of parts, and, step by step, the SHA-256 of the whole. Remembers nothing. */
export class PartHash {
  // Side by side: either alone would be slower than a good link.
  readonly #md5 = new ReplyThread(partCode, partReply);
  readonly #whole = new ReplyThread(partCode, partReply);

  /**
   * Hashes some bytes; they must stay as they are until this resolves.
   * @throws CancelledError after `close`, LocalFileError when a thread dies
   */
  async hash({ bytes, md5, whole }: PartHashRequest): Promise<z.infer<typeof partReply>> {
    const [a, b] = await Promise.all([
      md5 ? this.#md5.ask({ bytes, md5 }) : undefined,
      whole === undefined ? undefined : this.#whole.ask({ bytes, whole }),
    ]);
    return { ...a, ...b };
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all([this.#md5.close(), this.#whole.close()]);
  }
}

/** Several hashes of one stream of bytes, each in a thread of its own. */
export class StreamHash {
  readonly #threads: readonly { name: HashName; thread: ReplyThread<z.infer<typeof streamReply>> }[];
  #begun = false;

  constructor(names: readonly HashName[]) {
    this.#threads = names.map((name) => ({ name, thread: new ReplyThread(streamCode, streamReply) }));
  }

  /**
   * Feeds the next bytes; `last` says that they are the last ones.
   * @param bytes over shared memory; must stay as they are until this resolves
   * @returns the digests in hex by name, after the last bytes
   * @throws CancelledError after `close`, LocalFileError when a thread dies
   */
  async update(bytes: Uint8Array, last: boolean): Promise<Partial<Record<HashName, string>>> {
    const first = !this.#begun;
    this.#begun = true;
    const digests: Partial<Record<HashName, string>> = {};
    await Promise.all(
      this.#threads.map(async ({ name, thread }) => {
        const { digest } = await thread.ask({ name, bytes, first, last });
        if (digest !== undefined) digests[name] = digest;
      }),
    );
    return digests;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ thread }) => thread.close()));
  }
}
