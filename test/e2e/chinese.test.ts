// The window in Chinese with a real engine: what the core and the engine say of files, clouds and failures is Chinese too.
// Names, paths, commands and words of services stay as they are.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineClient } from '@imagebridge/desktop-contract';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { connectByLink, taskOf } from './harness/driver.ts';
import { begin, detailsOf, inState } from './harness/flow.ts';
import { makePlace, type Place } from './harness/place.ts';
import { picture } from './harness/screenshots.ts';
import { useBrowser } from './harness/suite.ts';
import { goTo, screenShown } from './harness/window.ts';
import { englishIn } from './harness/words.ts';

const MIB = 1024 ** 2;
const suite = useBrowser(async () => {
  await place.close();
  engine.close();
});
let place: Place;
let engine: EngineClient;
let page: Page;

const inspected = (name: string) => taskOf(engine, name, ({ state }) => state !== 'inspecting');

describe.skipIf(noChromium !== undefined)(titled('in Chinese'), () => {
  beforeEach(async () => {
    place = await makePlace();
    const link = await place.startEngine();
    engine = await connectByLink(link);
    ({ page } = await suite.open(await place.link(), { locale: 'zh-CN' }));
    await screenShown(page);
  });

  it('says what is wrong with files before anything is sent', async () => {
    const files: Record<string, string | Buffer> = {
      'page.qcow2': '<!doctype html><html><body>404</body></html>',
      'noise.img': Buffer.alloc(3 * MIB, 'noise'),
      'empty.iso': '',
      'zip.img': Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(MIB)]),
    };
    for (const [name, content] of Object.entries(files))
      await writeFile(path.join(place.files, name), content);
    const good = await place.qcow2('good.qcow2', 4 * MIB);

    await page.getByRole('button', { name: '添加文件' }).first().click();
    const picker = page.getByRole('dialog', { name: '选择文件' });
    for (const name of [...Object.keys(files), path.basename(good)])
      await picker
        .getByText(name, { exact: true })
        .first()
        .click({ modifiers: ['Control'] });
    await picker.getByRole('button', { name: '添加 5 个文件' }).click();
    const refused = page.getByRole('dialog', { name: '1 个文件未添加' });
    await refused.getByText('0 字节').first().waitFor();
    expect(await englishIn(refused)).toBeUndefined();
    await picture(page, 'chinese-refused');
    await refused.getByRole('button', { name: '关闭' }).last().click();

    for (const name of ['page.qcow2', 'noise.img', 'zip.img', 'good.qcow2']) {
      const drawer = await detailsOf(page, await inspected(name));
      await drawer.getByText(/local (会拒绝|接受此文件)/).waitFor();
      expect(await englishIn(drawer), name).toBeUndefined();
      await picture(page, `chinese-${path.parse(name).name}`);
    }
    expect(await englishIn(page.locator('main'))).toBeUndefined();
  });

  it('says why an upload failed, what the service answered and what to do, and what happened before', async () => {
    const file = await place.qcow2('denied.qcow2', 64 * MIB);
    const fault = { service: 'obs', method: 'PUT', path: 'partNumber=' } as const;
    place.cloud().faults.add({ ...fault, count: 2, action: { kind: 'status', status: 503 } });
    place.cloud().faults.add({ ...fault, after: 3, count: 20, action: { kind: 'status', status: 403 } });
    await begin(engine, file);
    await inState(engine, file, 'attention');
    const drawer = await detailsOf(page, await inspected('denied.qcow2'));
    const problem = drawer.getByRole('alert').first();
    await problem.getByText(/无法.*服务返回：HTTP 403.*请求 ID [0-9a-f]{32}/s).waitFor();
    await drawer.getByRole('tab', { name: '经过' }).click();
    await drawer
      .getByText(/HTTP 503，请求 ID [0-9a-f]{32}/)
      .first()
      .waitFor();
    expect(await englishIn(drawer)).toBeUndefined();
    await picture(page, 'chinese-denied');
  });

  it('says why a cloud cannot be reached', async () => {
    await place.stopCloud();
    await goTo(page, 'profiles');
    await page.getByRole('button', { name: '测试 local', exact: true }).click();
    const test = page.getByRole('dialog').last();
    await test.getByText(/无法/).first().waitFor();
    expect(await englishIn(test)).toBeUndefined();
    await picture(page, 'chinese-unreachable');
  });
});
