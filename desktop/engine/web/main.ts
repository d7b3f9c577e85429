// `npm run desktop:web`: the engine with a web server around it, in the foreground. Prints a link; Ctrl-C pauses and ends.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ImageBridgeError, InvalidInputError } from '@imagebridge/core';
import { type Engine, startEngine } from '../engine.ts';
import { guardProcess } from '../process/guard.ts';
import { EngineRunningError } from '../process/lock.ts';
import { VERSION } from '../version.ts';
import { loadAssets } from './assets.ts';
import { awaitInterruption } from './interruption.ts';
import { isLoopbackAddress } from './listen.ts';
import { hasScreen, openBrowser } from './open-browser.ts';
import { readOptions, USAGE, type WebOptions } from './options.ts';
import { askRunning } from './second-start.ts';
import { startWebServer, type WebServer } from './server.ts';

const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return said(USAGE.trimEnd());
  if (options.version) return said(VERSION);
  // Read while the engine starts.
  const assets = loadAssets(process.env.IMAGEBRIDGE_WINDOW_DIR || windowFolder());
  assets.catch(() => {});
  let engine: Engine;
  try {
    engine = await startEngine({ variant: 'web', dataDir: options.dataDir, roots: options.roots });
  } catch (thrown) {
    if (!(thrown instanceof EngineRunningError)) throw thrown;
    return useRunning(thrown, options);
  }
  const stop = awaitInterruption(process, () => {
    engine.log.warn('Ended at once, as the user wished.');
    process.exit(EXIT.interrupted);
  });
  const unguard = guardProcess(engine.log, stop.now);
  let server: WebServer | undefined;
  try {
    server = await startWebServer({
      engine,
      assets: await assets,
      dataDir: engine.dataDir,
      log: engine.log,
      host: options.host,
      port: options.port,
      publicUrl: options.publicUrl,
    });
    await engine.lock.describe({
      url: server.address,
      localUrl: server.localAddress,
      linkKey: server.linkKey,
    });
    await announce(server, engine, options);
    await begin(engine, options);
    await stop.wanted;
    if (!options.json)
      say('\nPausing all uploads. Ctrl-C again ends at once; what was sent is not lost either way.');
    return EXIT.done;
  } finally {
    // First the engine: windows still see how everything pauses.
    await engine.stop();
    await server?.close();
    unguard();
    stop.release();
    if (server !== undefined && !options.json) say('Paused. The next start goes on from here.');
  }
}

/** Prints the link and opens it; Enter prints another one. */
async function announce(server: WebServer, engine: Engine, options: WebOptions): Promise<void> {
  const link = server.newLink();
  if (options.json) say(JSON.stringify({ url: link, address: server.address, pid: process.pid }));
  else {
    say(`ImageBridge is ready. This link works once:\n\n  ${link}\n`);
    say(
      process.stdin.isTTY
        ? 'Enter: another link. Ctrl-C: pause everything and end.'
        : 'Ctrl-C: pause and end.',
    );
  }
  if (!isLoopbackAddress(options.host) || options.publicUrl !== undefined) warnOfRemote(server);
  if (options.open ?? (!options.json && process.stdout.isTTY && hasScreen(process.env, process.platform))) {
    if (!(await openBrowser(link, engine.dataDir)))
      complain('No browser could be opened: open the link yourself.');
  }
  if (!process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => {
    const another = server.newLink();
    say(options.json ? JSON.stringify({ url: another }) : `  ${another}\n`);
  });
}

function warnOfRemote({ address }: WebServer): void {
  if (address.startsWith('https:')) return;
  complain(
    [
      '',
      'Warning: other machines can reach this address. Whoever reads along on the way sees the link and everything you enter,',
      'and can upload and delete images in your name: this connection is not encrypted.',
      'Use ssh -L instead, or put a proxy with TLS in front and name it with --url https://…',
      '',
    ].join('\n'),
  );
}

/** What was asked for on the command line. What goes wrong with it is said, and does not end the program. */
async function begin(engine: Engine, { localCloud, paths, json }: WebOptions): Promise<void> {
  const tell = json ? complain : say;
  if (localCloud) {
    try {
      const names = await engine.startLocalCloud();
      tell(`The embedded cloud runs; its profiles are ${names.join(', ')}.`);
    } catch (thrown) {
      complain(sentence(thrown));
    }
  }
  if (paths.length === 0) return;
  try {
    tellAdded(paths, await engine.add(paths), json);
  } catch (thrown) {
    complain(sentence(thrown));
  }
}

/** Another process serves this data folder: asks it for a link, and hands it the files, instead of failing. */
async function useRunning(error: EngineRunningError, { paths, json }: WebOptions): Promise<number> {
  const answer = await askRunning(error.card, paths);
  if (answer === undefined) throw error;
  const { url, refused } = answer;
  const { url: address, pid } = error.card ?? {};
  if (json) say(JSON.stringify({ url, address, pid }));
  else say(`ImageBridge runs already (process ${pid}). This link to it works once:\n\n  ${url}\n`);
  if (paths.length > 0) tellAdded(paths, refused, json);
  return EXIT.done;
}

function tellAdded(paths: readonly string[], refused: readonly string[], json: boolean): void {
  for (const text of refused) complain(text);
  (json ? complain : say)(`Added ${paths.length - refused.length} of ${paths.length} files.`);
}

function said(text: string): number {
  say(text);
  return EXIT.done;
}

/** The built window, seen from dist/web.js. */
const windowFolder = () => fileURLToPath(new URL('../../window/dist/app', import.meta.url));

/** For users: never a stack. */
function sentence(thrown: unknown): string {
  if (thrown instanceof ImageBridgeError) return `imagebridge: ${thrown.message}`;
  return `imagebridge: the program failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}

process.stdout.on('error', () => {});
try {
  process.exitCode = await main();
} catch (thrown) {
  complain(sentence(thrown));
  process.exitCode = thrown instanceof InvalidInputError ? EXIT.usage : EXIT.failed;
}
// What a library may have left running must not hold the terminal.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit();
