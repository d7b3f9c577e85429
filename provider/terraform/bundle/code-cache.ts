// Runs a program's text, and keeps what V8 made of it for the next process: reading the core takes four times as long as loading
// what V8 kept. Touches one folder of the user's cache. Whatever is amiss there, the program runs without it.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Env = Readonly<Record<string, string | undefined>>;

/** What V8 made of an older text stays for a while, for whom still runs it. */
const KEPT = 4;
const CHECKSUM_BYTES = 4;

/**
 * The folder of what is kept; undefined where there is none, or the user wants none (`NODE_DISABLE_COMPILE_CACHE`, as for
 * Node's own).
 */
export function codeCacheDir(env: Env, platform: NodeJS.Platform): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const home = () => env.HOME || homedir();
  const base =
    platform === 'win32'
      ? env.LOCALAPPDATA
      : platform === 'darwin'
        ? path.join(home(), 'Library', 'Caches')
        : env.XDG_CACHE_HOME || path.join(home(), '.cache');
  return base && path.isAbsolute(base) ? path.join(base, 'imagebridge', 'code') : undefined;
}

/**
 * Runs a CommonJS module.
 * @param source its text, only ASCII
 * @param digest of its text: V8 itself compares no more than the length
 * @param folder where what V8 makes of it is kept
 * @returns what the module exports
 */
export function runModule(
  source: string,
  digest: string,
  filename: string,
  require: NodeJS.Require,
  folder: string | undefined,
): unknown {
  const file = folder && path.join(folder, `${digest}-${process.version}-${process.arch}`);
  const cachedData = file && read(file);
  const script = new Script(`(function (exports, require, module) {${source}\n})`, {
    filename,
    ...(cachedData && { cachedData }),
  });
  // At the end, so that also those functions are in it that were needed on the way.
  if (file && (cachedData === undefined || script.cachedDataRejected === true))
    process.once('exit', () => write(file, script.createCachedData()));
  const module = { exports: {} as unknown };
  const run: unknown = script.runInThisContext();
  if (typeof run === 'function') run(module.exports, require, module);
  return module.exports;
}

/** It is run as code, so it must be the user's own; and V8 trusts it, so it must be whole. */
function read(file: string): Buffer | undefined {
  try {
    if (!isOwn(path.dirname(file)) || !isOwn(file)) return undefined;
    const bytes = readFileSync(file);
    const data = bytes.subarray(CHECKSUM_BYTES);
    return bytes.length > CHECKSUM_BYTES && bytes.readUInt32LE() === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** True for what belongs to this user, and nobody else can write. On Windows the folder's own rights say so. */
function isOwn(place: string): boolean {
  const { uid, mode } = statSync(place);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

function write(file: string, data: Buffer): void {
  const folder = path.dirname(file);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(data));
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(folder)) return;
    try {
      writeFileSync(unfinished, Buffer.concat([checksum, data]), { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, file);
    } finally {
      rmSync(unfinished, { force: true });
    }
    tidy(folder);
  } catch {
    // A full disk, a folder that cannot be written: the next process reads the text again.
  }
}

/** Removes the oldest. */
function tidy(folder: string): void {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const byAge = files.map((file) => ({ file, ms: statSync(file).mtimeMs })).sort((a, b) => b.ms - a.ms);
  for (const { file } of byAge.slice(KEPT)) rmSync(file, { force: true });
}
