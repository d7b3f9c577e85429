// Hashes of bytes that are in memory, off the main thread: of parts, and of a stream.
import { z } from 'zod';
import type { HashName } from '../model/index.ts';
import { ReplyThread } from './reply-thread.ts';

const partCode = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
let whole;
parentPort.on('message', (m) => {
  const reply = { id: m.id };
  if (m.md5) reply.md5 = createHash('md5').update(m.bytes).digest('hex');
  if (m.whole) {
    if (m.first) whole = createHash('sha256');
    whole.update(m.bytes);
    if (m.last) reply.sha256 = whole.digest('hex');
  }
  parentPort.postMessage(reply);
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

const partReply = z.object({ md5: z.string().optional(), sha256: z.string().optional() });
const streamReply = z.object({ digest: z.string().optional() });

/** What to make of some bytes. */
export interface PartHashRequest {
  /** Over shared memory, so that nothing is copied. */
  bytes: Uint8Array;
  /** The MD5 of these bytes is wanted. */
  md5: boolean;
  /** They are the next ones of the SHA-256. */
  whole: boolean;
  /** They are the first ones of it: what was in it before is forgotten. */
  first: boolean;
  /** They are the last ones of it: its digest is in the reply. */
  last: boolean;
}

/** The MD5 of parts, and the SHA-256 of all that it is given in order. */
export class PartHash {
  readonly #thread = new ReplyThread(partCode, partReply);

  /** @throws CancelledError after `close`, LocalFileError when the thread dies */
  hash(request: PartHashRequest): Promise<z.infer<typeof partReply>> {
    return this.#thread.ask({ ...request });
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
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
