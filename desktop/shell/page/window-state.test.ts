// A window opens where it was, but never where nobody can reach it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeFor, readWindowState, writeWindowState } from './window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const monitor = { x: 1440, y: 0, width: 2560, height: 1440 };
const at = (x: number, y: number, width = 1000, height = 700) => ({
  place: { x, y, width, height },
  isMaximized: false,
  theme: 'dark' as const,
});

test('the first time it has its usual size, or what the screen has', () => {
  expect(placeFor(undefined, [laptop])).toEqual({ width: 1280, height: 800 });
  expect(placeFor(undefined, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({
    width: 1024,
    height: 700,
  });
  expect(placeFor(undefined, [{ x: 0, y: 0, width: 640, height: 480 }])).toEqual({ width: 900, height: 600 });
});

test('it opens where it was, on the second screen too', () => {
  expect(placeFor(at(100, 60), [laptop])).toEqual({ x: 100, y: 60, width: 1000, height: 700 });
  expect(placeFor(at(2000, 10), [laptop, monitor])).toEqual({ x: 2000, y: 10, width: 1000, height: 700 });
});

test('when its screen is gone, or its title is out of reach, it opens in the middle', () => {
  expect(placeFor(at(2000, 10), [laptop])).toEqual({ width: 1000, height: 700 });
  expect(placeFor(at(100, -300), [laptop])).toEqual({ width: 1000, height: 700 });
  expect(placeFor(at(100, 890), [laptop])).toEqual({ width: 1000, height: 700 });
  expect(placeFor(at(-950, 60), [laptop])).toEqual({ width: 1000, height: 700 });
});

test('it is made to fit the screen', () => {
  expect(placeFor(at(0, 25, 5000, 3000), [laptop])).toEqual({ x: 0, y: 25, width: 1440, height: 875 });
});

test('it is remembered on disk; what is damaged there is forgotten', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imagebridge-shell-'));
  const path = join(folder, 'deep', 'window.json');
  expect(readWindowState(path)).toBeUndefined();
  writeWindowState(path, at(1, 2));
  expect(readWindowState(path)).toEqual(at(1, 2));
  for (const damage of ['', '{"place":{"x":1e99}}', '[]', '{"place":{"x":"0","y":0,"width":1,"height":1}}']) {
    writeFileSync(path, damage);
    expect(readWindowState(path)).toBeUndefined();
  }
  rmSync(folder, { recursive: true });
});
