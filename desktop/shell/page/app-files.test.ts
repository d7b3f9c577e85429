// The protocol of the window hands out what was built, with strict headers, and nothing else.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APP_ORIGIN, APP_PAGE, type AppFiles, isOurPage, openAppFiles } from './app-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'imagebridge-shell-'));
let files: AppFiles;

beforeAll(() => {
  mkdirSync(join(folder, 'built', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'built', 'index.html'), '<p>hello');
  writeFileSync(join(folder, 'built', 'assets', 'a b.js'), '1');
  writeFileSync(join(folder, 'built', 'assets', 'app.js.map'), '{}');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'built', 'link.txt'));
  files = openAppFiles(join(folder, 'built'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET') => files({ url, method });

test('hands out the page with a strict policy', async () => {
  const response = await get(APP_PAGE);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<p>hello');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test('finds files with escaped names; HEAD has no body', async () => {
  expect((await get(`${APP_ORIGIN}/assets/a%20b.js`)).status).toBe(200);
  const head = await get(`${APP_ORIGIN}/index.html?x#y`, 'HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e%5csecret.txt',
  '/link.txt',
  '/assets',
  '/assets/app.js.map',
  '/%',
  '//etc/passwd',
  '/constructor',
  '',
])('does not hand out %j', async (path) => {
  expect((await get(`${APP_ORIGIN}${path}`)).status).toBe(404);
});

test('refuses other places and other methods', async () => {
  expect((await get('app://elsewhere/index.html')).status).toBe(404);
  expect((await get('nonsense')).status).toBe(404);
  expect((await get(APP_PAGE, 'POST')).status).toBe(405);
});

test('only the window itself is a page of ours', () => {
  expect(isOurPage(APP_PAGE)).toBe(true);
  expect(isOurPage(`${APP_PAGE}#/images`)).toBe(true);
  for (const url of [
    'app://imagebridge/other.html',
    'app://imagebridge.evil/index.html',
    'app://user@imagebridge/index.html',
    'https://imagebridge/index.html',
    'file:///index.html',
    'about:blank',
    '',
  ]) {
    expect(isOurPage(url)).toBe(false);
  }
});

test('says so when the window is not built', () => {
  expect(() => openAppFiles(folder)).toThrow('has not been built');
});
