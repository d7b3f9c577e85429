// `npm run desktop:web`: the engine with a web server around it, in the foreground. Prints a link; Ctrl-C pauses and ends.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ImageBridgeError, InvalidInputError } from '@imagebridge/core';
import { type Engine, startEngine } from '../engine.ts';
import { guardProcess } from '../process/guard.ts';
import { type EngineCard, EngineRunningError } from '../process/lock.ts';
import { VERSION } from '../version.ts';
import { loadAssets } from './assets.ts';
import { awaitInterruption } from './interruption.ts';
import { isLoopbackAddress } from './listen.ts';
import { hasScreen, openBrowser } from './open-browser.ts';
import { readOptions, USAGE, type WebOptions } from './options.ts';
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
    return linkOfRunning(thrown, options);
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
    const refused = await engine.add(paths);
    for (const text of refused) complain(text);
    tell(`Added ${paths.length - refused.length} of ${paths.length} files.`);
  } catch (thrown) {
    complain(sentence(thrown));
  }
}

/** Another process serves this data folder: asks it for a link instead of failing. */
async function linkOfRunning(error: EngineRunningError, options: WebOptions): Promise<number> {
  const link = await askForLink(error.card);
  if (link === undefined) throw error;
  if (options.json) say(JSON.stringify({ url: link, address: error.card?.url, pid: error.card?.pid }));
  else
    say(`ImageBridge runs already (process ${error.card?.pid}). This link to it works once:\n\n  ${link}\n`);
  if (options.paths.length > 0) complain('The files were not added: add them in the browser.');
  return EXIT.done;
}

async function askForLink(card: EngineCard | undefined): Promise<string | undefined> {
  if (card?.localUrl === undefined || card.linkKey === undefined) return undefined;
  try {
    const reply = await fetch(`${card.localUrl}/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${card.linkKey}` },
      signal: AbortSignal.timeout(3000),
    });
    const answer: unknown = await reply.json();
    return typeof answer === 'object' && answer !== null && 'url' in answer ? String(answer.url) : undefined;
  } catch {
    return undefined;
  }
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
