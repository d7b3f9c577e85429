// Starts the real app and uses it once: a file from the command line, a second start, a killed engine, a safe end; and looks
// whether the window is locked down. Needs Electron's program; where that is missing it says so and tests nothing.
//
// node smoke.mjs             the built app (dist/), with Electron of node_modules
// IMAGEBRIDGE_APP=… node …   a packed app: its program. Fuses keep the main process closed, so only the window is looked at.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, chromium } from 'playwright-core';
import { electronProgram } from './electron-program.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const WAIT_MS = 60_000;
const say = (text) => process.stdout.write(`${text}\n`);

const packed = process.env.IMAGEBRIDGE_APP;
const program = packed ?? electronProgram();
if (program === undefined) {
  say(
    "skipped: smoke test of the app: Electron's program is not in desktop/shell/node_modules/electron/dist",
  );
  say('  (npx install-electron in desktop/shell downloads it, where its server or a mirror can be reached)');
  process.exit(0);
}
if (packed === undefined && !existsSync(path.join(here, 'dist', 'main.js'))) {
  say(
    'smoke test of the app: dist/ is missing: run npm run desktop:start or npm run build in desktop/shell first',
  );
  process.exit(1);
}

const folder = await mkdtemp(path.join(tmpdir(), 'imagebridge-smoke-'));
const env = {
  ...process.env,
  IMAGEBRIDGE_STATE_DIR: path.join(folder, 'state'),
  IMAGEBRIDGE_CONFIG: path.join(folder, 'config.yaml'),
  IMAGEBRIDGE_DESKTOP_DIR: path.join(folder, 'desktop'),
};
const files = ['first.img', 'second.img'].map((name) => path.join(folder, name));
for (const file of files) await writeFile(file, Buffer.alloc(1024 * 1024, 7));

/** Waits until something is so. */
async function until(what, isSo) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const value = await isSo();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const seen = (page, name) => page.getByText(name).first().waitFor({ timeout: WAIT_MS });

/** What no page may be able to do. */
async function checkLockDown(page) {
  assert.match(page.url(), /^app:\/\/imagebridge\/index\.html(#|$)/);
  assert.deepEqual(await page.evaluate(() => [typeof require, typeof process, typeof module]), [
    'undefined',
    'undefined',
    'undefined',
  ]);
  assert.equal(await page.evaluate(() => Object.isFrozen(window.imagebridge)), true);
  // A script in the page's text is refused by the policy, so the policy is in force.
  const run = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.wasRun = true';
    document.head.append(script);
    return window.wasRun === true;
  });
  assert.equal(run, false, 'a script in the page ran');
  assert.equal(await page.evaluate(() => window.open('https://example.com/') === null), true);
  assert.equal(
    await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => true,
        () => false,
      ),
    ),
    false,
  );
  await page.evaluate(() => {
    window.location.href = 'https://example.com/';
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  assert.equal(
    page.url().startsWith('app://imagebridge/index.html'),
    true,
    'the window could leave its page',
  );
  assert.equal(await page.evaluate(() => Notification.requestPermission()), 'denied');
  say('ok: the window is locked down');
}

/** A second start ends by itself, and hands its file over. */
async function startAgain(args) {
  const code = await new Promise((resolve, reject) => {
    const second = spawn(program, args, { env, stdio: 'ignore' });
    second.on('error', reject);
    second.on('exit', resolve);
  });
  assert.equal(code, 0);
}

/** The built app, with a look into its main process. */
async function checkBuilt() {
  const app = await _electron.launch({
    executablePath: program,
    args: [here, files[0]],
    env,
    timeout: WAIT_MS,
  });
  try {
    const page = await app.firstWindow({ timeout: WAIT_MS });
    await seen(page, 'first.img');
    say('ok: the window shows the file of the command line');
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences(),
    );
    assert.equal(preferences.sandbox, true);
    assert.equal(preferences.contextIsolation, true);
    assert.equal(preferences.nodeIntegration, false);
    await checkLockDown(page);
    await startAgain([here, files[1]]);
    await seen(page, 'second.img');
    say('ok: a second start hands its file over and ends');

    const enginePid = () =>
      app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'ImageBridge engine')?.pid);
    const first = await until('an engine', enginePid);
    process.kill(first, 'SIGKILL');
    await until('another engine', async () => {
      const pid = await enginePid();
      return pid !== undefined && pid !== first;
    });
    await page.reload();
    await seen(page, 'second.img');
    say('ok: a killed engine comes back with its files');

    const closed = app.waitForEvent('close', { timeout: WAIT_MS });
    // The answer may get lost with the app.
    app.evaluate(({ app }) => app.quit()).catch(() => {});
    await closed;
    await until(
      'the engine to give its folder up',
      () => !existsSync(path.join(env.IMAGEBRIDGE_DESKTOP_DIR, 'engine.json')),
    );
    say('ok: it ends safely');
  } finally {
    await app.close().catch(() => {});
  }
}

/** A packed app: the window over Chromium's debugging port. */
async function checkPacked() {
  const app = spawn(program, ['--remote-debugging-port=0', files[0]], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => app.on('exit', resolve));
  let said = '';
  app.stderr.on('data', (bytes) => {
    said += bytes;
  });
  try {
    const address = await until('the debugging port', () => /DevTools listening on (ws:\S+)/.exec(said)?.[1]);
    const browser = await chromium.connectOverCDP(address);
    const page = await until('a window', () => browser.contexts().flatMap((context) => context.pages())[0]);
    await seen(page, 'first.img');
    say('ok: the window shows the file of the command line');
    await checkLockDown(page);
    await startAgain([files[1]]);
    await seen(page, 'second.img');
    say('ok: a second start hands its file over and ends');
    // On Windows a signal is a kill; the file of the lock is looked at elsewhere.
    app.kill('SIGTERM');
    await exited;
    await browser.close().catch(() => {});
    say('ok: it ends');
  } finally {
    app.kill('SIGKILL');
  }
}

say(`smoke test of the app: ${packed === undefined ? 'built' : 'packed'}`);
try {
  await (packed === undefined ? checkBuilt() : checkPacked());
  say('smoke test of the app: passed');
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}
