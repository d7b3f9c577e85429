// The built app without Electron: the real window, preload, protocol and engine, in a Chromium of this machine (CHROMIUM, or
// /usr/bin/chromium). Only the line between page and engine, and the system's dialogs, are made up. Needs dist/.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const here = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);
const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(program)) {
  say(`skipped: the app in Chromium: there is no ${program} (CHROMIUM names another one)`);
  process.exit(0);
}

const folder = await mkdtemp(path.join(tmpdir(), 'imagebridge-shell-'));
const env = {
  IMAGEBRIDGE_STATE_DIR: path.join(folder, 'state'),
  IMAGEBRIDGE_CONFIG: path.join(folder, 'config.yaml'),
  IMAGEBRIDGE_DESKTOP_DIR: path.join(folder, 'desktop'),
};
for (const name of ['picked.img', 'dropped.img'])
  await writeFile(path.join(folder, name), Buffer.alloc(1 << 20, 5));

/** Runs in the page before everything else: what the preload sees of Electron, and the preload itself. */
function pretendElectron(preload, folder) {
  const listeners = new Map();
  const hear = (channel, event, ...args) => listeners.get(channel)(event, ...args);
  // The end of a line is told by Electron only: Chromium has this event switched off.
  window.addEventListener('message', ({ ports: [port] }) => {
    window.breakLine = () => port.dispatchEvent(new Event('close'));
  });
  window.fromMenu = (command) => hear('imagebridge:menu', {}, command);
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze(api) }),
    },
    webUtils: { getPathForFile: (file) => `${folder}/${file.name}` },
    ipcRenderer: {
      on: (channel, listener) => listeners.set(channel, listener),
      invoke: async (channel) =>
        channel.endsWith('pick-files') ? { result: [`${folder}/picked.img`] } : { refused: 'Not here.' },
      send() {
        const { port1, port2 } = new MessageChannel();
        window.toPage = (text) => port1.postMessage(JSON.parse(text));
        port1.onmessage = ({ data }) => window.toEngine(JSON.stringify(data));
        window.openLine().then(() => hear('imagebridge:port', { ports: [port2] }));
      },
    },
  };
  preload(() => electron, { exports: {} }, { platform: 'linux' });
}

/** Waits until something is so; the whole test ends when it does not come to be. */
async function until(isSo) {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let engine;
let browser;
try {
  const bundle = path.join(folder, 'app-files.mjs');
  const common = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' };
  await build({ ...common, entryPoints: [here('page/app-files.ts')], outfile: bundle });
  const { openAppFiles, APP_ORIGIN } = await import(pathToFileURL(bundle).href);
  const files = openAppFiles(here('dist/window'));
  const { startEngine } = await import(pathToFileURL(here('dist/engine/index.js')).href);
  engine = await startEngine({ variant: 'app', env, host: { report() {}, onCommand() {} }, locale: 'en' });

  browser = await chromium.launch({ executablePath: program });
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // The page is not served by https here, and not by app: either.
    if (/error|warning/.test(message.type()) && !message.text().includes('Opener-Policy'))
      complaints.push(message.text());
  });
  await page.route('**/*', async (route) => {
    const request = route.request();
    const answer = await files({
      method: request.method(),
      url: APP_ORIGIN + new URL(request.url()).pathname,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  });
  let lines = 0;
  let toEngine = () => {};
  await page.exposeFunction('toEngine', (text) => toEngine(JSON.parse(text)));
  await page.exposeFunction('openLine', () => {
    lines++;
    engine.connect({
      send: (message) =>
        void page.evaluate((text) => window.toPage(text), JSON.stringify(message)).catch(() => {}),
      onMessage: (listener) => {
        toEngine = listener;
      },
      onClose() {},
      close() {},
    });
  });
  const preload = `(require, module, process) => {${readFileSync(here('dist/preload.cjs'), 'utf8')}}`;
  await page.addInitScript(`(${pretendElectron})(${preload}, ${JSON.stringify(folder)})`);

  await page.goto('http://imagebridge.test/index.html');
  await page.getByRole('navigation').first().waitFor();
  assert.equal(await page.evaluate(() => Object.isFrozen(window.imagebridge)), true);
  say('ok: the window has its line to the engine, under the policy of the protocol');

  await page.evaluate(() => window.fromMenu({ type: 'add' }));
  await page.getByText('picked.img').first().waitFor();
  say('ok: a file of the dialog is added');

  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'dropped.img'));
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files }),
      );
    }
  });
  await page.getByText('dropped.img').first().waitFor();
  say('ok: a dropped file is added by its path');

  for (const screen of ['images', 'activities', 'history', 'profiles', 'settings', 'about', 'queue']) {
    await page.evaluate((name) => window.fromMenu({ type: 'show', screen: name }), screen);
    await page.waitForURL((url) => url.hash.startsWith(`#/${screen}`));
    await page.locator('main h1').first().waitFor();
  }
  say('ok: the menu shows every screen');

  const before = lines;
  await page.evaluate(() => window.breakLine());
  await until(() => lines > before);
  await page.getByText('picked.img').first().waitFor();
  say('ok: a line that breaks is asked for again');

  assert.deepEqual(complaints, []);
  say('ok: the browser complains of nothing');
} finally {
  await browser?.close();
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
