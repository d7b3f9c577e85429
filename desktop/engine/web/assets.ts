// The built window, in memory: only these files are ever handed out. Reads the window's folder once.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LocalFileError } from '@imagebridge/core';
import { PAGE_TYPES } from '@imagebridge/desktop-contract';

const TYPES: Readonly<Record<string, string>> = {
  ...PAGE_TYPES,
  '.webmanifest': 'application/manifest+json; charset=utf-8',
};
/** Maps of sources stay at home. */
const SERVED = new Set(Object.keys(TYPES));
const SMALLEST_COMPRESSED_BYTES = 1024;
// Good enough and quick: the first request waits for it.
const BROTLI_QUALITY = 5;

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** How bodies travel. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** One file of the window. */
export class Asset {
  readonly type: string;
  readonly etag: string;
  /** True when the name changes with the content. */
  readonly isImmutable: boolean;
  readonly #bytes: Buffer;
  readonly #packed = new Map<Encoding, Promise<Buffer>>();

  constructor(path: string, bytes: Buffer) {
    this.type = TYPES[extname(path)] ?? 'application/octet-stream';
    this.etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    this.isImmutable = /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path);
    this.#bytes = bytes;
  }

  /** The best encoding that a browser takes. */
  encodingFor(accepted: string | undefined): Encoding {
    if (!/^(text|application)\/|svg/.test(this.type) || this.#bytes.length < SMALLEST_COMPRESSED_BYTES) {
      return 'identity';
    }
    const names = (accepted ?? '').split(',').map((one) => one.trim().split(';')[0]);
    return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity';
  }

  /** The bytes in an encoding; packed once. */
  body(encoding: Encoding): Promise<Buffer> {
    let packed = this.#packed.get(encoding);
    if (packed === undefined) {
      packed = this.#pack(encoding);
      this.#packed.set(encoding, packed);
    }
    return packed;
  }

  async #pack(encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return this.#bytes;
    if (encoding === 'gzip') return gzipAsync(this.#bytes);
    return brotliAsync(this.#bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: this.#bytes.length,
      },
    });
  }
}

/**
 * Reads the built window. Keys are the paths of URLs; `/` is index.html.
 * @throws LocalFileError when it is not built
 */
export async function loadAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !SERVED.has(extname(entry.name))) continue;
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      assets.set(path, new Asset(path, await readFile(file)));
    }
  } catch (cause) {
    throw notBuilt(folder, cause);
  }
  const index = assets.get('/index.html');
  if (index === undefined) throw notBuilt(folder, undefined);
  assets.set('/', index);
  return assets;
}

const notBuilt = (folder: string, cause: unknown) =>
  new LocalFileError({
    operation: 'find the window',
    object: folder,
    reason: 'it has not been built',
    hint: 'Run npm run build, or start with npm run desktop:web, which does it.',
    cause,
  });
