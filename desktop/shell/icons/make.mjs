// Draws all icons from the drawings in this folder, with a Chromium that is on this machine (CHROMIUM, or /usr/bin/chromium).
// Run it after a drawing has changed, look at the results, and commit them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { icns, ico } from './containers.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
const page = await browser.newPage();

/**
 * A drawing as a PNG on nothing.
 * @param size in pixels
 * @param inset the empty space around it on each side, as a part of the size
 * @param colour what is filled and drawn with where the drawing says nothing
 */
async function draw(svg, size, { inset = 0, colour } = {}) {
  const edge = size * inset;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{position:absolute;left:${edge}px;top:${edge}px;width:${size - 2 * edge}px;height:${size - 2 * edge}px;${colour ? `fill:${colour};stroke:${colour};stroke-width:0` : ''}}</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true });
}

const logo = await readFile(here('logo.svg'), 'utf8');
const tray = await readFile(here('tray.svg'), 'utf8');
const badge = await readFile(here('badge.svg'), 'utf8');

await mkdir(here('pack/linux'), { recursive: true });
await mkdir(here('run'), { recursive: true });
// Symbols of macOS keep a margin, and so stand beside those of others in the same size.
const mac = new Map();
for (const size of [16, 32, 64, 128, 256, 512, 1024]) mac.set(size, await draw(logo, size, { inset: 0.09 }));
const plain = new Map();
for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) plain.set(size, await draw(logo, size));

await writeFile(
  here('pack/icon.icns'),
  icns((size) => mac.get(size)),
);
const windows = [16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: plain.get(size) }));
await writeFile(here('pack/icon.ico'), ico(windows));
for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
  await writeFile(here(`pack/linux/${size}x${size}.png`), plain.get(size));
}

await writeFile(here('run/256.png'), plain.get(256));
await writeFile(here('run/tray.png'), plain.get(32));
await writeFile(here('run/tray.ico'), ico(windows.filter(({ size }) => size <= 48)));
await writeFile(here('run/trayTemplate.png'), await draw(tray, 18, { colour: '#000' }));
await writeFile(here('run/trayTemplate@2x.png'), await draw(tray, 36, { colour: '#000' }));
await writeFile(here('run/badge.png'), await draw(badge, 32));
await browser.close();
