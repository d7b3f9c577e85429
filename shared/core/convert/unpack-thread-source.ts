// The code of the unpacking thread, as text: it runs unchanged from TypeScript source and from a single bundled file,
// where no separate worker file exists. Its functions are written to be complete in themselves.
import type { MessagePort } from 'node:worker_threads';
import { bzip2 } from './decoders/bzip2.ts';
import { crc64, xxHash64 } from './decoders/checksums.ts';
import type { Decoder, DecoderTools, EntryPoint, UnpackFault } from './decoders/decoder.ts';
import { fileInput } from './decoders/file-input.ts';
import { gzip } from './decoders/gzip.ts';
import { lzma2 } from './decoders/lzma2.ts';
import { pump } from './decoders/pump.ts';
import { xz } from './decoders/xz.ts';
import { zstd } from './decoders/zstd.ts';
import { zstdEntropy } from './decoders/zstd-entropy.ts';
import { zstdBlock, zstdFrames } from './decoders/zstd-frames.ts';
import { zstdNative } from './decoders/zstd-native.ts';
import type { ArchiveFormat } from './types.ts';

/** What the thread is started with. */
export interface ThreadStart {
  /** Descriptor of the archive, open as long as the thread lives. */
  fd: number;
  format: ArchiveFormat;
  maxWindowBytes: number;
  /** Where to begin; undefined: at the beginning. */
  from: EntryPoint | undefined;
  /** Shared memory that pieces are put into. */
  memory: SharedArrayBuffer;
}

/** A place in the archive where unpacking can begin, and where in the content that is. */
export interface UnpackedEntry extends EntryPoint {
  unpackedBytes: number;
}

/** What the thread is asked for. It answers in order. */
export type ThreadRequest =
  /** The next bytes into the shared memory, from `offset` on; `last` when nothing may follow them. */
  | { kind: 'fill'; offset: number; length: number; last: boolean }
  /** Unpacks and drops bytes. */
  | { kind: 'skip'; length: number }
  /** Unpacks everything, counts and hashes. */
  | { kind: 'measure'; maxBytes: number; tailBytes: number };

/** What the thread answers. */
export type ThreadReply =
  /** `length` is less than was asked for when the content ended; `more` when bytes follow the last one asked for. */
  | { kind: 'done'; length: number; more: boolean }
  | { kind: 'progress'; readBytes: number; unpackedBytes: number }
  | { kind: 'measured'; sizeBytes: number; sha256: string; tail: Uint8Array; entries: UnpackedEntry[] }
  | { kind: 'over'; position: number }
  | { kind: 'fault'; fault: UnpackFault; position: number; reason: string }
  | { kind: 'failed'; code: string };

interface Parts {
  parentPort: MessagePort;
  start: ThreadStart;
  fs: Pick<typeof import('node:fs'), 'readSync'>;
  /** The types are those of the oldest Node that is supported. */
  zlib: typeof import('node:zlib') & Pick<DecoderTools, 'createZstdDecompress'>;
  crypto: typeof import('node:crypto');
  fileInput: typeof fileInput;
  decoders: Record<ArchiveFormat | 'zstdNative', Decoder>;
  helpers: Pick<
    DecoderTools,
    'xxHash64' | 'crc64' | 'lzma2' | 'pump' | 'zstdFrames' | 'zstdBlock' | 'zstdEntropy'
  >;
}

/** What runs in the thread. Self-contained. */
function runThread({ parentPort, start, fs, zlib, crypto, fileInput, decoders, helpers }: Parts): void {
  class Fault extends Error {
    readonly fault: UnpackFault;
    readonly position: number;
    constructor(fault: UnpackFault, position: number, reason: string) {
      super(reason);
      this.fault = fault;
      this.position = position;
    }
  }
  const reply = (message: ThreadReply) => parentPort.postMessage(message);
  const memory = new Uint8Array(start.memory);
  const fail: DecoderTools['fail'] = (fault, position, reason) => {
    throw new Fault(fault, position, reason);
  };
  const input = fileInput((into, position) => fs.readSync(start.fd, into, 0, into.length, position), fail);
  /** Bytes that came out, and places to begin at, at least `spacing` bytes of content apart. */
  let unpackedBytes = 0;
  let entries: UnpackedEntry[] = [];
  let spacing = 16 * 1024 * 1024;
  const { createZstdDecompress } = zlib;
  const decoder = start.format === 'zstd' && createZstdDecompress ? 'zstdNative' : start.format;
  const content = decoders[decoder](input, {
    ...helpers,
    fail,
    crc32: zlib.crc32,
    createHash: crypto.createHash,
    createInflateRaw: zlib.createInflateRaw,
    createZstdDecompress,
    maxWindowBytes: start.maxWindowBytes,
    from: start.from,
    entry(position, state) {
      const before = entries.at(-1)?.unpackedBytes ?? 0;
      if (unpackedBytes - before < spacing) return;
      entries.push({ position, state, unpackedBytes });
      if (entries.length < 4096) return;
      entries = entries.filter((_, i) => i % 2 === 1);
      spacing *= 2;
    },
  });

  let chunk: Uint8Array = new Uint8Array(0);
  let used = 0;
  /** Sees to it that there is an unused byte in `chunk`; false at the end. */
  const advance = async (): Promise<boolean> => {
    while (used === chunk.length) {
      const next = await content.next();
      if (next.done) return false;
      chunk = next.value;
      used = 0;
      unpackedBytes += chunk.length;
    }
    return true;
  };

  const pass = async (length: number, take: (piece: Uint8Array, at: number) => void): Promise<number> => {
    let done = 0;
    while (done < length && (await advance())) {
      const piece = chunk.subarray(used, used + length - done);
      take(piece, done);
      used += piece.length;
      done += piece.length;
    }
    return done;
  };

  const measure = async (maxBytes: number, tailBytes: number): Promise<ThreadReply> => {
    const hash = crypto.createHash('sha256');
    const tail = new Uint8Array(tailBytes);
    let told = Date.now();
    while (await advance()) {
      hash.update(chunk);
      used = chunk.length;
      if (unpackedBytes > maxBytes) return { kind: 'over', position: input.position() };
      const last = chunk.subarray(Math.max(0, chunk.length - tailBytes));
      tail.copyWithin(0, last.length);
      tail.set(last, tailBytes - last.length);
      const now = Date.now();
      if (now - told >= 200) {
        told = now;
        reply({ kind: 'progress', readBytes: input.position(), unpackedBytes });
      }
    }
    return {
      kind: 'measured',
      sizeBytes: unpackedBytes,
      sha256: hash.digest('hex'),
      tail: tail.slice(Math.max(0, tailBytes - unpackedBytes)),
      entries,
    };
  };

  const answer = async (request: ThreadRequest): Promise<ThreadReply> => {
    if (request.kind === 'measure') return await measure(request.maxBytes, request.tailBytes);
    if (request.kind === 'skip')
      return { kind: 'done', length: await pass(request.length, () => {}), more: false };
    const length = await pass(request.length, (piece, at) => memory.set(piece, request.offset + at));
    // Going on to the end also makes the last checksums be verified.
    return { kind: 'done', length, more: request.last && (await advance()) };
  };

  let earlier = Promise.resolve();
  parentPort.on('message', (request: ThreadRequest) => {
    earlier = earlier.then(async () => {
      try {
        reply(await answer(request));
      } catch (error) {
        if (error instanceof Fault)
          reply({ kind: 'fault', fault: error.fault, position: error.position, reason: error.message });
        else {
          const code = error instanceof Error && 'code' in error ? error.code : error;
          reply({ kind: 'failed', code: String(code) });
        }
      }
    });
  });
}

/** Body of a worker started with `eval: true` and a `ThreadStart` as its data. */
export const unpackThreadSource = `
'use strict';
// Some bundlers wrap functions to keep their names.
const __name = (value) => value;
const { parentPort, workerData } = require('node:worker_threads');
(${runThread})({
  parentPort,
  start: workerData,
  fs: require('node:fs'),
  zlib: require('node:zlib'),
  crypto: require('node:crypto'),
  fileInput: ${fileInput},
  decoders: { gzip: ${gzip}, bzip2: ${bzip2}, xz: ${xz}, zstd: ${zstd}, zstdNative: ${zstdNative} },
  helpers: { xxHash64: ${xxHash64}, crc64: ${crc64}, lzma2: ${lzma2}, pump: ${pump}, zstdFrames: ${zstdFrames}, zstdBlock: ${zstdBlock}, zstdEntropy: ${zstdEntropy} },
});
`;
