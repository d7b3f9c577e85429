// Deliberately broken clients, for the harness to catch: proof that its oracle sees. Used by the self-test only.
import { createHash } from 'node:crypto';
import { FileChangedError, type MultipartTarget, type RemotePart } from '@imagebridge/core';
import type { Fault } from './plan.ts';

type Part = Parameters<MultipartTarget['uploadPart']>[0];

const killInTheMiddle: Fault = { kind: 'kill-client', when: { at: 'reply', what: 'part', nth: 4 } };

/** What is broken, what else goes wrong in that run, and what the oracle has to say to it. */
export const SABOTAGES: Readonly<Record<string, { what: string; faults: Fault[]; verdict: RegExp }>> = {
  'skips-a-part': {
    what: 'the second part is not sent, and success is reported',
    faults: [],
    verdict: /the stored bytes are not the file's/,
  },
  'damages-a-part': {
    what: 'a byte of the first part changes on its way, together with its checksum',
    faults: [],
    verdict: /the stored bytes are not the file's/,
  },
  'trusts-its-memory': {
    what: 'what was confirmed once is believed to be there for ever',
    faults: [{ kind: 'lost-part', partNumber: 3 }],
    verdict: /the stored bytes are not the file's/,
  },
  'sends-all-again': {
    what: 'a second client does not ask what the server has',
    faults: [killInTheMiddle],
    verdict: /sent again/,
  },
  'repeats-blindly': {
    what: 'a part whose answer was lost is sent again at once',
    faults: [{ kind: 'lost-reply', when: { at: 'reply', what: 'part', nth: 2 } }],
    verdict: /sent again.*nobody asked/,
  },
  'forgets-an-upload': {
    what: 'every upload is begun twice on the server',
    faults: [],
    verdict: /unfinished upload.* left behind/,
  },
  'wrong-hash': {
    what: 'another SHA-256 is reported than the file has',
    faults: [],
    verdict: /reports SHA-256/,
  },
  'wrong-reason': {
    what: 'a server that is busy is called a file that has changed',
    faults: [{ kind: 'storm', when: { at: 'request', what: 'part', nth: 2 }, status: 503, count: 50 }],
    verdict: /file-changed.* nothing of the kind was done/,
  },
  'ends-early': {
    what: 'the client ends well without having completed anything',
    faults: [],
    verdict: /the object is not there/,
  },
  'never-ends': {
    what: 'the client does not end when it is done',
    faults: [],
    verdict: /did not end within/,
  },
  crashes: {
    what: 'the client dies of an error that it does not explain',
    faults: [],
    verdict: /ended without an explanation/,
  },
};

/** A target with a defect. */
export function sabotaged(target: MultipartTarget, how: string | undefined): MultipartTarget {
  const changes = how === undefined ? {} : (DEFECTS[how]?.(target) ?? {});
  // Methods keep their object: only some of them are replaced.
  return new Proxy(target, {
    get(real, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(real, name, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}

const DEFECTS: Readonly<Record<string, (target: MultipartTarget) => Partial<MultipartTarget>>> = {
  'skips-a-part': (target) => {
    const lie = new Pretence(target);
    return {
      ...lie.methods,
      uploadPart: async (part, options) =>
        part.partNumber === 2 ? lie.claim(part) : await target.uploadPart(part, options),
    };
  },
  'damages-a-part': (target) => {
    const lie = new Pretence(target);
    return {
      ...lie.methods,
      async uploadPart(part, options) {
        if (part.partNumber !== 1) return await target.uploadPart(part, options);
        const bytes = await collect(part.body());
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        const md5 = createHash('md5').update(bytes).digest();
        const body = async function* () {
          yield bytes;
        };
        await target.uploadPart({ ...part, md5, body }, options);
        return lie.claim(part);
      },
    };
  },
  'trusts-its-memory': (target) => {
    const lie = new Pretence(target);
    return {
      ...lie.methods,
      async uploadPart(part, options) {
        await target.uploadPart(part, options);
        return lie.claim(part);
      },
    };
  },
  'sends-all-again': (target) => {
    let sent = 0;
    return {
      async *listParts(uploadId, options) {
        if (sent > 0) yield* target.listParts(uploadId, options);
      },
      uploadPart(part, options) {
        sent++;
        return target.uploadPart(part, options);
      },
    };
  },
  'repeats-blindly': (target) => ({
    async uploadPart(part, options) {
      try {
        return await target.uploadPart(part, options);
      } catch {
        return await target.uploadPart(part, options);
      }
    },
  }),
  'forgets-an-upload': (target) => ({
    async initiate(options) {
      await target.initiate(options);
      return await target.initiate(options);
    },
  }),
  'wrong-reason': (target) => ({
    async uploadPart(part, options) {
      try {
        return await target.uploadPart(part, options);
      } catch (cause) {
        throw new FileChangedError({ operation: 'upload a part', reason: 'the file changed', cause });
      }
    },
  }),
};

/** Claims parts that the server does not have, and hides it from the engine. */
class Pretence {
  readonly #target: MultipartTarget;
  readonly #claimed = new Map<number, RemotePart>();
  #sizeBytes = 0;

  constructor(target: MultipartTarget) {
    this.#target = target;
  }

  claim({ partNumber, sizeBytes, md5 }: Part): { etag: string } {
    const etag = Buffer.from(md5).toString('hex');
    this.#claimed.set(partNumber, { partNumber, sizeBytes, etag });
    return { etag };
  }

  readonly methods: Partial<MultipartTarget> = {
    listParts: (uploadId, options) => this.#listed(uploadId, options),
    complete: async (uploadId, parts, options) => {
      this.#sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
      const there: RemotePart[] = [];
      for await (const part of this.#target.listParts(uploadId, options)) there.push(part);
      await this.#target.complete(uploadId, there, options);
    },
    head: async (options) => {
      const real = await this.#target.head(options);
      return real && { ...real, sizeBytes: this.#sizeBytes || real.sizeBytes, etag: 'none' };
    },
  };

  async *#listed(...args: Parameters<MultipartTarget['listParts']>): AsyncGenerator<RemotePart> {
    const parts = new Map<number, RemotePart>();
    for await (const part of this.#target.listParts(...args)) parts.set(part.partNumber, part);
    for (const part of this.#claimed.values()) parts.set(part.partNumber, part);
    yield* [...parts.values()].sort((a, b) => a.partNumber - b.partNumber);
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
