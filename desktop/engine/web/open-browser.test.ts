import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { testFolder } from '../clouds/testing.ts';
import { openBrowser } from './open-browser.ts';

afterEach(() => vi.unstubAllEnvs());

const link = 'http://127.0.0.1:1/?token=secret-token';

it.runIf(process.platform === 'linux')('the token is in a private page, not on a command line', async () => {
  const folder = testFolder();
  const seen = join(folder, 'seen');
  const fake = join(folder, 'xdg-open');
  writeFileSync(fake, `#!/bin/sh\nprintf '%s' "$*" > ${seen}.new && mv ${seen}.new ${seen}\n`);
  chmodSync(fake, 0o755);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  expect(await openBrowser(link, folder)).toBe(true);
  await expect.poll(() => existsSync(seen)).toBe(true);
  const page = join(folder, 'open.html');
  expect(readFileSync(seen, 'utf8')).toBe(`file://${page}`);
  expect(statSync(page).mode & 0o777).toBe(0o600);
  expect(readFileSync(page, 'utf8')).toContain(`content="0;url=${link}"`);
  // Another one, while the page of the first still lies there.
  rmSync(seen);
  expect(await openBrowser(link, folder)).toBe(true);
  await expect.poll(() => existsSync(seen)).toBe(true);
});

it.runIf(process.platform === 'linux')('it says when there is nothing to open it with', async () => {
  const folder = testFolder();
  vi.stubEnv('PATH', folder);
  expect(await openBrowser(link, folder)).toBe(false);
});
