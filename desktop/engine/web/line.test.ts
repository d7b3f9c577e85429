// The line to a window over a WebSocket: what it carries, and how it ends.
import { connectEngine, serveContract } from '@imagebridge/desktop-contract';
import { describe, expect, it } from 'vitest';
import { setUp, signIn, upgrade } from './testing/served.ts';
import { webSocketLine } from './transport.ts';

describe('a line', () => {
  async function line(more: Parameters<typeof setUp>[0] = {}) {
    const about = await setUp(more);
    const cookie = await signIn(about.server);
    const socket = await upgrade(about.port, { cookie, origin: `http://127.0.0.1:${about.port}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const [far] = about.lines;
    if (far === undefined) throw new Error('no line');
    return { ...about, socket, far };
  }

  it('carries the contract', async () => {
    const { socket, far } = await line();
    const handlers = new Proxy(
      {},
      { get: (_, name) => () => (name === 'files.roots' ? { roots: [] } : null) },
    );
    serveContract(far, handlers as Parameters<typeof serveContract>[1], {
      toProblem: () => ({ kind: 'internal', message: '' }),
    });
    const client = connectEngine(webSocketLine(socket, { onBadMessage: () => {} }));
    expect(await client.call('files.roots', {})).toEqual({ roots: [] });
  });

  it('drops what is no JSON or no text, notes it, and goes on', async () => {
    const { socket, far, warnings } = await line();
    const got: unknown[] = [];
    socket.send('{"kind":');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('{"kind":"cancel","id":1}');
    // What came before anybody listened is not lost.
    await expect.poll(() => warnings.length).toBe(2);
    far.onMessage((message) => got.push(message));
    await expect.poll(() => got).toEqual([{ kind: 'cancel', id: 1 }]);
    expect(warnings.join()).not.toContain('kind');
  });

  it('ends at a message that is too large, without taking it in', async () => {
    const { socket, far, warnings } = await line({ maxMessageBytes: 10_000 });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    let ended = false;
    far.onClose(() => {
      ended = true;
    });
    socket.send(JSON.stringify({ kind: 'call', id: 1, method: 'x'.repeat(20_000), params: {} }));
    expect(await closed).toBe(1009);
    await expect.poll(() => ended).toBe(true);
    expect(warnings[0]).toContain('breaks the line');
  });

  it('is closed with the server, within a second, whoever still hangs on it', async () => {
    const { socket, server, far } = await line();
    socket.pause();
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(1500);
    let ended = false;
    far.onClose(() => {
      ended = true;
    });
    await expect.poll(() => ended).toBe(true);
    // Nothing happens any more.
    far.send({ late: true });
  });
});

describe('slow and vanished windows', () => {
  async function pair(options: { pingMs?: number; maxWaitingBytes?: number }) {
    const { server, port, lines } = await setUp();
    const cookie = await signIn(server);
    const socket = await upgrade(port, { cookie, origin: `http://127.0.0.1:${port}` });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const told: string[] = [];
    return {
      line: webSocketLine(socket, { ...options, onBadMessage: (why) => told.push(why) }),
      told,
      lines,
      socket,
    };
  }

  it('that do not answer are given up', async () => {
    const { line, socket } = await pair({ pingMs: 30 });
    let ended = false;
    line.onClose(() => {
      ended = true;
    });
    // Those that answer stay.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(ended).toBe(false);
    socket.pong = () => {};
    socket.pause();
    await expect.poll(() => ended).toBe(true);
  });

  it('that cannot keep up are cut off', async () => {
    const { line, told } = await pair({ maxWaitingBytes: 100_000 });
    for (let n = 0; n < 200 && told.length === 0; n++) line.send({ text: 'x'.repeat(100_000) });
    expect(told[0]).toContain('cannot keep up');
  });
});
