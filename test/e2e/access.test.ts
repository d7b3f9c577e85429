// Who may not get to the engine: pages from elsewhere, other names for this machine, used links; and what a window sends that
// the contract does not know.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { type FakeEngine, startFakeEngine } from './harness/fake-engine.ts';
import { useBrowser } from './harness/suite.ts';
import { screenShown } from './harness/window.ts';

const suite = useBrowser(() => engine.close());
let engine: FakeEngine;
let foreign: Server;
let foreignUrl: string;

/** What became of a WebSocket that a page opens. */
const tryLine = (page: Page, url: string) =>
  page.evaluate(
    (to) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(to);
        socket.onopen = () => resolve('open');
        socket.onclose = ({ code }) => resolve(`refused (${code})`);
      }),
    url,
  );

/** What a page gets to see of an answer. */
const tryFetch = (page: Page, url: string, init: { method?: string; mode?: RequestMode } = {}) =>
  page.evaluate(
    async ([to, how]) => {
      try {
        const reply = await fetch(to, { ...how, credentials: 'include' });
        return `${reply.type} ${reply.status} ${(await reply.text()).length}`;
      } catch {
        return 'refused';
      }
    },
    [url, init] as const,
  );

describe.skipIf(noChromium !== undefined)(titled('who may come in'), () => {
  beforeAll(async () => {
    foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>elsewhere</title><h1>elsewhere</h1>');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    foreignUrl = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => foreign.close(resolve)));
  beforeEach(async () => {
    engine = await startFakeEngine();
  });

  it('a page from elsewhere gets no line and no answer, also when the browser has the cookie', async () => {
    const link = engine.link();
    const { page, context, faults } = await suite.open(link);
    await screenShown(page);
    const { origin, port } = new URL(link);
    const before = engine.calls.length;

    const other = await context.newPage();
    await other.goto(foreignUrl);
    expect(await tryLine(other, `ws://127.0.0.1:${port}/engine`)).toMatch(/^refused/);
    expect(await tryLine(other, `ws://localhost:${port}/engine`)).toMatch(/^refused/);
    expect(await tryFetch(other, `${origin}/`)).toBe('refused');
    expect(await tryFetch(other, `${origin}/link`, { method: 'POST' })).toBe('refused');
    expect(await tryFetch(other, `${origin}/`, { mode: 'no-cors' })).toMatch(/refused|opaque 0 0/);
    // Nor does it get it into a frame.
    const framed = await other.evaluate(
      (src) =>
        new Promise<string>((resolve) => {
          const frame = document.createElement('iframe');
          frame.onload = () => resolve(frame.contentDocument === null ? 'shut' : 'open');
          frame.src = src;
          document.body.append(frame);
        }),
      `${origin}/`,
    );
    expect(framed).toBe('shut');
    expect(engine.calls.length).toBe(before);
    expect(faults).toEqual([]);
  });

  it('a link works once, and without one there is only an explanation', async () => {
    const link = engine.link();
    const { page } = await suite.open(link);
    await screenShown(page);
    expect(page.url()).not.toContain('token');
    await page.reload();
    await screenShown(page);

    const stranger = await suite.browser().newContext();
    try {
      const second = await stranger.newPage();
      const reply = await second.goto(link);
      expect(reply?.status()).toBe(401);
      await second.getByRole('heading', { name: 'A link is needed' }).waitFor();
      const line = await tryLine(second, `${new URL(link).origin.replace('http', 'ws')}/engine`);
      expect(line).toMatch(/^refused/);
    } finally {
      await stranger.close();
    }
  });

  it('another name for this machine is refused (DNS rebinding)', async () => {
    const { port } = new URL(engine.link());
    const context = await suite.browser().newContext();
    try {
      // Chromium leads every name below localhost to this machine, as a rebound name would.
      const page = await context.newPage();
      const reply = await page.goto(`http://evil.localhost:${port}/`);
      expect(reply?.status()).toBe(403);
    } finally {
      await context.close();
    }
  });

  it('what the contract does not know is dropped, and the line goes on', async () => {
    const link = engine.link();
    const { page } = await suite.open(link);
    await screenShown(page);
    const answers = await page.evaluate(
      (url) =>
        new Promise<string[]>((resolve) => {
          const socket = new WebSocket(url);
          const said: string[] = [];
          const send = (message: unknown) => socket.send(JSON.stringify(message));
          socket.onopen = () => {
            socket.send('this is no JSON');
            socket.send(new Uint8Array([1, 2, 3]));
            send({ kind: 'exec', id: 1, method: 'tasks.pauseAll', params: {} });
            send({ kind: 'call', id: 2, method: '__proto__', params: {} });
            send({ kind: 'call', id: 3, method: 'tasks.pause', params: { ids: 'all' } });
            send({ kind: 'call', id: 4, method: 'tasks.pauseAll', params: {} });
          };
          socket.onmessage = ({ data }) => {
            const { kind, id, problem } = JSON.parse(String(data));
            said.push(`${id} ${kind} ${problem?.kind ?? ''}`.trim());
            if (id === 4) resolve(said);
          };
        }),
      `${new URL(link).origin.replace('http', 'ws')}/engine`,
    );
    expect(answers).toEqual(['2 error protocol', '3 error protocol', '4 result']);
    expect(engine.calls.filter(({ method }) => method.startsWith('tasks.'))).toEqual([
      { method: 'tasks.pauseAll', params: {} },
    ]);
  });
});
