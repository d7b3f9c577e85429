// Section `desktop`: the uploader's web variant. Cold start in a real browser, memory with a full queue, and its upload speed
// beside the command line's, in turns.
import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openClient, startDesktop } from './desktop-client.ts';
import { cleanEnv, measure, median, peakRss } from './measure.ts';
import { MIB, megabytes, print, ratio, seconds } from './print.ts';
import type { Server } from './server.ts';
import { writeRandom } from './uploads.ts';

const CHROMIUM = process.env.CHROME ?? '/usr/bin/chromium';
const CLI = fileURLToPath(new URL('../../shared/cli/bin/imagebridge.js', import.meta.url));
const QUEUED = 300;
const PROFILE = 'local';

interface DesktopOptions {
  server: Server;
  workDir: string;
  fileBytes: number;
  rounds: number;
}

/** Measures all of it and prints the figures. */
export async function desktop(options: DesktopOptions): Promise<void> {
  await coldStart(options);
  await queueMemory(options);
  await speed(options);
}

const envOf = ({ server, workDir }: DesktopOptions, name: string) =>
  cleanEnv({
    IMAGEBRIDGE_CONFIG: server.profilesPath,
    IMAGEBRIDGE_STATE_DIR: path.join(workDir, name),
  });

/** From the start of the program until the window's first screen can be used. The browser runs already. */
async function coldStart(options: DesktopOptions): Promise<void> {
  if (!existsSync(CHROMIUM))
    return print(`  cold start: skipped, there is no ${CHROMIUM} (name one by CHROME)`);
  const times: number[] = [];
  const ready: number[] = [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    for (let round = 0; round < Math.max(5, options.rounds); round++) {
      // A new profile each time: nothing is cached.
      const context = await browser.newContext({ locale: 'en-US' });
      const page = await context.newPage();
      await page.goto('about:blank');
      const startedMs = performance.now();
      const running = await startDesktop(envOf(options, `cold-${round}`), ['--root', options.workDir]);
      try {
        ready.push(performance.now() - startedMs);
        await page.goto(running.url, { waitUntil: 'commit' });
        await page.locator('main h1').first().waitFor();
        await page.locator('main button:enabled').first().waitFor();
        times.push(performance.now() - startedMs);
        await context.close();
      } finally {
        await running.stop();
      }
    }
  } finally {
    await browser.close();
  }
  print(
    `  cold start to a usable window in Chromium: median of ${times.length} ${seconds(median(times))}, ${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}, link printed after ${seconds(median(ready))} (aim: less than 1.5 s)`,
  );
}

/** What the engine's process has resident with many files in the queue, and at most while it uploads them. */
async function queueMemory(options: DesktopOptions): Promise<void> {
  const folder = path.join(options.workDir, 'queue');
  await mkdir(folder);
  const paths: string[] = [];
  for (let n = 0; n < QUEUED; n++) {
    const file = path.join(folder, `disk-${n}.raw`);
    await sparseDisk(file, 8 * MIB, n);
    paths.push(file);
  }
  const running = await startDesktop(envOf(options, 'queue-state'), ['--root', folder]);
  try {
    const client = await openClient(running);
    await client.engine.call('tasks.pauseAll', {});
    const { added } = await client.engine.call('tasks.add', { paths });
    await client.until(() => added.every((id) => client.tasks.get(id)?.state === 'draft'));
    const form = await client.engine.call('tasks.suggest', { id: added[0] ?? '', cloud: PROFILE });
    const tasks = added.map((id, n) => ({ id, form: { ...form, name: `queued-${n}` } }));
    const { refused } = await client.engine.call('tasks.start', { tasks });
    if (refused.length > 0) throw new Error(refused[0]?.problem.message);
    await client.until(() => added.every((id) => client.tasks.get(id)?.state === 'queued'));
    const queued = peakRss(running.child.pid ?? 0);
    await client.engine.call('tasks.resumeAll', {});
    const doneCount = () => added.filter((id) => client.tasks.get(id)?.state === 'done').length;
    await client.until(() => doneCount() >= 12);
    const busy = peakRss(running.child.pid ?? 0);
    print(
      `  memory of the engine with ${added.length} queued files: at most ${megabytes(queued)}; while it uploads them, 2 at a time: at most ${megabytes(busy)} (aim: less than 200 MB)`,
    );
    client.engine.close();
  } finally {
    await running.stop();
    await rm(folder, { recursive: true });
  }
}

/** The same file by the command line and by the desktop's engine with a window attached, in turns. */
async function speed(options: DesktopOptions): Promise<void> {
  const { workDir, fileBytes, rounds } = options;
  const file = path.join(workDir, 'speed.raw');
  await writeRandom(file, fileBytes);
  const env = envOf(options, 'speed-state');
  const running = await startDesktop(env, ['--root', workDir]);
  const times = { cli: [] as number[], desktop: [] as number[] };
  try {
    const client = await openClient(running);
    for (let round = 0; round < rounds; round++) {
      const cli = () => commandPush(file, env, `cli-${round}`);
      const ours = () => desktopPush(client, file, `desktop-${round}`);
      // Who comes first has the colder disk.
      for (const [who, push] of round % 2 === 0
        ? ([
            ['cli', cli],
            ['desktop', ours],
          ] as const)
        : ([
            ['desktop', ours],
            ['cli', cli],
          ] as const)) {
        times[who].push(await push());
      }
    }
    client.engine.close();
  } finally {
    await running.stop();
    await rm(file);
  }
  const [cli, ours] = [median(times.cli), median(times.desktop)];
  // On a machine that does other things too, the fastest of each says more.
  const fastest = ratio(Math.min(...times.desktop), Math.min(...times.cli));
  print(
    `  ${fileBytes / MIB} MiB from start to active image, medians of ${rounds}: desktop ${seconds(ours)}, command line ${seconds(cli)}, ratio ${ratio(ours, cli)}, of the fastest ${fastest} (aim: at most 1.05)`,
  );
}

async function commandPush(file: string, env: NodeJS.ProcessEnv, name: string): Promise<number> {
  const args = [CLI, 'push', file, '--to', PROFILE, '--name', name, '--json'];
  return (await measure(process.execPath, args, { env })).wallMs;
}

async function desktopPush(
  { engine, tasks, until }: Awaited<ReturnType<typeof openClient>>,
  file: string,
  name: string,
): Promise<number> {
  const startedMs = performance.now();
  const { added, refused } = await engine.call('tasks.add', { paths: [file] });
  if (refused.length > 0) throw new Error(refused[0]?.problem.message);
  const [id = ''] = added;
  await until(() => tasks.get(id)?.state === 'draft');
  const form = await engine.call('tasks.suggest', { id, cloud: PROFILE });
  const started = await engine.call('tasks.start', {
    tasks: [{ id, form: { ...form, name } }],
  });
  if (started.refused.length > 0) throw new Error(started.refused[0]?.problem.message);
  await until(() => tasks.get(id)?.state === 'done');
  await engine.call('tasks.remove', { ids: [id] });
  return performance.now() - startedMs;
}

/** A file without data that looks like a disk; each is another one. */
async function sparseDisk(file: string, sizeBytes: number, n: number): Promise<void> {
  const handle = await open(file, 'w');
  const sector = Buffer.alloc(512);
  sector.writeUInt32LE(n + 1, 0);
  sector.writeUInt16LE(0xaa55, 510);
  await handle.write(sector, 0, sector.length, 0);
  await handle.truncate(sizeBytes);
  await handle.close();
}
