// Bodies as S3 clients send them: with a hash of the whole, in signed chunks, with checksums at the end. They are decoded
// and verified while they arrive (AWS's description of "Transferring Payload in Multiple Chunks").
import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Exchange, header } from '../http/exchange.ts';
import { ObsError } from './errors.ts';
import { equalSecret, signatureMismatch } from './signature.ts';
import { signV4, type V4Signature } from './signature-v4.ts';

/**
 * The same request with its body decoded; reading it fails when what came is not what was signed.
 * @param look false: the body is decoded and not hashed at all
 */
export function withVerifiedBody(exchange: Exchange, signed: V4Signature, look: boolean): Exchange {
  const { payload } = signed;
  if (payload.startsWith('STREAMING-')) {
    const length = header(exchange, 'x-amz-decoded-content-length');
    if (length === undefined) {
      throw new ObsError(
        411,
        'MissingContentLength',
        'A chunked body must say its x-amz-decoded-content-length.',
      );
    }
    const coding = header(exchange, 'content-encoding')
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== 'aws-chunked')
      .join(',');
    return {
      ...exchange,
      headers: { ...exchange.headers, 'content-length': length, 'content-encoding': coding || undefined },
      body: look
        ? Readable.from(checked(dechunk(exchange.body, signed), exchange.headers), { objectMode: false })
        : Readable.from(dataOf(dechunk(exchange.body, signed, false)), { objectMode: false }),
    };
  }
  if (!look) return exchange;
  if (!/^[0-9a-f]{64}$/.test(payload)) {
    const body = Readable.from(checked(exchange.body, exchange.headers), { objectMode: false });
    return hasChecksum(exchange.headers) ? { ...exchange, body } : exchange;
  }
  const body = Readable.from(checked(hashed(exchange.body, payload), exchange.headers), {
    objectMode: false,
  });
  return { ...exchange, body };
}

async function* hashed(body: AsyncIterable<Buffer>, expected: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== expected) {
    throw new ObsError(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}

/** The largest chunk that is kept until its signature is verified. */
const maxChunkBytes = 32 * 2 ** 20;
const malformed = () => new ObsError(400, 'IncompleteBody', 'The chunks of the body are not well-formed.');

/** Takes the chunks apart; verifies their signatures where they have them. Trailing headers go into `trailers`. */
async function* dechunk(
  body: AsyncIterable<Buffer>,
  signed: V4Signature,
  look = true,
): AsyncGenerator<Buffer | Trailers> {
  const isSigned = look && signed.payload.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  const source = new Source(body);
  let previous = signed.signature;
  for (;;) {
    const [sizeText = '', ...extensions] = (await source.line()).split(';');
    const size = Number.parseInt(sizeText, 16);
    if (!/^[0-9a-fA-F]+$/.test(sizeText.trim()) || size > maxChunkBytes) throw malformed();
    const data = await source.bytes(size);
    if (isSigned) {
      const given = extensions.find((text) => text.startsWith('chunk-signature='))?.slice(16) ?? '';
      const toSign = ['AWS4-HMAC-SHA256-PAYLOAD', signed.date, signed.scope, previous, hash(''), hash(data)];
      const expected = signV4(signed.key, toSign.join('\n'));
      if (!equalSecret(given, expected)) throw signatureMismatch();
      previous = expected;
    }
    if (size === 0) break;
    if ((await source.line()) !== '') throw malformed();
    yield data;
  }
  const trailers: Trailers = new Map();
  let text = '';
  for (let line = await source.line(); line !== ''; line = await source.line()) {
    const at = line.indexOf(':');
    if (at <= 0) throw malformed();
    const name = line.slice(0, at).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    trailers.set(name, value);
    if (name !== 'x-amz-trailer-signature') text += `${name}:${value}\n`;
  }
  const given = trailers.get('x-amz-trailer-signature');
  if (isSigned && given !== undefined) {
    const toSign = ['AWS4-HMAC-SHA256-TRAILER', signed.date, signed.scope, previous, hash(text)];
    if (!equalSecret(given, signV4(signed.key, toSign.join('\n')))) throw signatureMismatch();
  }
  yield trailers;
}

async function* dataOf(body: AsyncIterable<Buffer | Trailers>): AsyncGenerator<Buffer> {
  for await (const chunk of body) if (!(chunk instanceof Map)) yield chunk;
}

type Trailers = Map<string, string>;
const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Reads lines and counted bytes from a stream. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Buffer>) {
    this.#chunks = body[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }

  /** Up to the end of the line; the end of the body counts as one. */
  async line(): Promise<string> {
    for (;;) {
      const at = this.#rest.indexOf('\r\n');
      if (at >= 0) {
        const line = this.#rest.toString('latin1', 0, at);
        this.#rest = this.#rest.subarray(at + 2);
        return line;
      }
      if (this.#rest.length > 8192) throw malformed();
      if (await this.#more()) continue;
      const line = this.#rest.toString('latin1');
      this.#rest = Buffer.alloc(0);
      return line;
    }
  }

  async bytes(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw malformed();
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
}

interface Checksum {
  update(chunk: Buffer): void;
  /** Base64 of the big-endian value. */
  digest(): string;
}

const ofHash = (hasher: Hash): Checksum => ({
  update: (chunk) => void hasher.update(chunk),
  digest: () => hasher.digest('base64'),
});

const base64 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
};

const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

const checksums: Readonly<Record<string, () => Checksum>> = {
  'x-amz-checksum-sha256': () => ofHash(createHash('sha256')),
  'x-amz-checksum-sha1': () => ofHash(createHash('sha1')),
  'x-amz-checksum-crc32': () => {
    let value = 0;
    return {
      update: (chunk) => {
        value = crc32(chunk, value);
      },
      digest: () => base64(value),
    };
  },
  'x-amz-checksum-crc32c': () => {
    let value = 0xffffffff;
    return {
      update: (chunk) => {
        for (const byte of chunk) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
      },
      digest: () => base64(value ^ 0xffffffff),
    };
  },
};

const hasChecksum = (headers: Exchange['headers']) =>
  Object.keys(checksums).some((name) => headers[name] !== undefined);

/** Verifies the checksums that the headers give or announce as trailers. One of a kind not known here is not verified. */
async function* checked(
  body: AsyncIterable<Buffer | Trailers>,
  headers: Exchange['headers'],
): AsyncGenerator<Buffer> {
  const announced = String(headers['x-amz-trailer'] ?? '').toLowerCase();
  const wanted = Object.entries(checksums).filter(
    ([name]) => headers[name] !== undefined || announced.split(',').some((one) => one.trim() === name),
  );
  const running = wanted.map(([name, make]) => [name, make()] as const);
  let trailers: Trailers = new Map();
  for await (const chunk of body) {
    if (chunk instanceof Map) {
      trailers = chunk;
      continue;
    }
    for (const [, checksum] of running) checksum.update(chunk);
    yield chunk;
  }
  for (const [name, checksum] of running) {
    const given = trailers.get(name) ?? headers[name];
    if (given !== checksum.digest()) {
      throw new ObsError(400, 'BadDigest', `The ${name} does not match what was received.`);
    }
  }
}
