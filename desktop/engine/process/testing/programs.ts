// For tests: the engine's programs, built from the sources as they are, and run as processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { webSocketLine } from '../../web/transport.ts';
import { openWindow, type TestWindow } from './window.ts';

/** Builds the programs into a folder of their own, so that no test runs against an old build. */
export async function buildPrograms(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'imagebridge-programs-'));
  const script = pathToFileURL(fileURLToPath(new URL('../../build.mjs', import.meta.url))).href;
  const code = `import(${JSON.stringify(script)}).then(({ buildEngine }) => buildEngine(${JSON.stringify(folder)}))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [exit] = await once(child, 'exit');
  if (exit !== 0) throw new Error(`the engine could not be built (code ${exit})`);
  return folder;
}

/** A user with folders of their own, and a window that is one page. */
export function testUser() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'imagebridge-user-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));
  const images = join(base, 'images');
  const page = join(base, 'window');
  mkdirSync(images);
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>the window</title>');
  const env = {
    PATH: process.env.PATH,
    HOME: base,
    IMAGEBRIDGE_STATE_DIR: join(base, 'state'),
    IMAGEBRIDGE_CONFIG: join(base, 'profiles.yaml'),
    IMAGEBRIDGE_SECRET_STORE: 'file',
    IMAGEBRIDGE_SECRETS_FILE: join(base, 'secrets.json'),
    IMAGEBRIDGE_WINDOW_DIR: page,
  };
  return { base, images, env, dataDir: join(base, 'state', 'desktop') };
}

/** A file that is a disk image to whoever looks. */
export function diskImage(path: string, bytes: number): string {
  const content = Buffer.alloc(bytes);
  // Every block another one, so that no part is like the next.
  for (let at = 0; at < bytes; at += 4096) content.writeUInt32LE(at, at);
  content.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, content);
  return path;
}

/** A process of the web variant. */
export interface WebProcess {
  child: ChildProcess;
  /** Both of what it printed. */
  printed(): string;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  /** The first link, once it is there. */
  link(): Promise<string>;
}

/** Starts the web variant. */
export function startWeb(
  programs: string,
  env: Record<string, string | undefined>,
  args: readonly string[] = [],
): WebProcess {
  const child = spawn(process.execPath, [join(programs, 'web.js'), ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  const add = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    printed: () => text,
    ended,
    async link() {
      const found = () => /https?:\/\/\S+\?token=[\w-]+/.exec(text)?.[0];
      await expect.poll(found, { timeout: 10_000, message: text }).toBeDefined();
      return found() ?? '';
    },
  };
}

/** Uses a link up; returns the cookie. */
export function signIn(link: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(link, (reply) => {
      reply.resume();
      const [cookie = ''] = String(reply.headers['set-cookie']).split(';');
      if (reply.statusCode === 303) resolve(cookie);
      else reject(new Error(`the link was answered by ${reply.statusCode}`));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Opens a window, as a browser with the cookie would. */
export async function browse(address: string, cookie: string): Promise<TestWindow> {
  const { origin, host } = new URL(address);
  const socket = new WebSocket(`ws://${host}/engine`, { headers: { cookie, origin } });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return openWindow(webSocketLine(socket, { onBadMessage: () => {} }));
}
