import { describe, expect, it } from 'vitest';
import {
  connectEngine,
  DEFAULT_SETTINGS,
  EngineError,
  type Handlers,
  METHODS,
  serveContract,
  transportPair,
} from './index.ts';

/** Handlers of which only some are there: a call of another one fails the test. */
const only = (some: Partial<Handlers>): Handlers =>
  new Proxy(some as Handlers, {
    get: (target, name: keyof Handlers) =>
      target[name] ??
      (() => {
        throw new Error(`${name} was called`);
      }),
  });

function both(some: Partial<Handlers>) {
  const [near, far] = transportPair();
  const bad: string[] = [];
  const session = serveContract(far, only(some), {
    toProblem: (thrown) => ({ kind: 'internal', message: thrown instanceof Error ? thrown.message : '?' }),
    onBadMessage: (why) => bad.push(`engine: ${why}`),
  });
  const client = connectEngine(near, { onBadMessage: (why) => bad.push(`window: ${why}`) });
  return { near, far, session, client, bad };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the line between engine and window', () => {
  it('carries calls, replies and events', async () => {
    const { client, session } = both({
      'app.setSettings': (change) => ({ ...DEFAULT_SETTINGS, theme: change.theme ?? 'light' }),
    });
    const told: unknown[] = [];
    client.subscribe((event) => told.push(event));
    expect(await client.call('app.setSettings', { theme: 'system' })).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'system',
    });
    session.emit({ type: 'network', online: false });
    await settle();
    expect(told).toEqual([{ type: 'network', online: false }]);
  });

  it('hands on what a method was refused for', async () => {
    const { client } = both({
      'tasks.pauseAll': () => {
        throw new Error('no');
      },
    });
    const error = await client.call('tasks.pauseAll', {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).problem).toEqual({ kind: 'internal', message: 'no' });
  });

  it.each([
    ['no object', 'hello'],
    ['another kind', { kind: 'exec', id: 1, method: 'tasks.pauseAll', params: {} }],
    ['a member too many', { kind: 'call', id: 1, method: 'tasks.pauseAll', params: {}, extra: 1 }],
    ['an unknown method', { kind: 'call', id: 1, method: '__proto__', params: {} }],
    ['parameters of a wrong shape', { kind: 'call', id: 1, method: 'tasks.pause', params: { ids: 'all' } }],
    ['a parameter too many', { kind: 'call', id: 1, method: 'tasks.pauseAll', params: { now: true } }],
  ])('drops and notes a message with %s', async (_what, message) => {
    const { near, bad } = both({});
    near.send(message);
    await settle();
    expect(bad).toHaveLength(1);
  });

  it('drops replies and events of a wrong shape, and the call ends', async () => {
    const { client, far, bad } = both({});
    far.send({ kind: 'event', event: { type: 'network', online: 'yes' } });
    const call = client.call('app.setSettings', {});
    far.send({ kind: 'result', id: 1, result: { theme: 'pink' } });
    await expect(call).rejects.toMatchObject({ problem: { kind: 'protocol' } });
    expect(bad).toHaveLength(2);
  });

  it('ends calls when the line breaks, and tells the handler', async () => {
    let aborted = false;
    const { client, session } = both({
      'files.roots': (_params, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          }),
        ),
    });
    const call = client.call('files.roots', {});
    await settle();
    session.close();
    await expect(call).rejects.toMatchObject({ problem: { kind: 'lost' } });
    expect(aborted).toBe(true);
    await expect(client.call('files.roots', {})).rejects.toMatchObject({ problem: { kind: 'lost' } });
  });

  it('gives a call up by its signal', async () => {
    let aborted = false;
    const { client } = both({
      'files.roots': (_params, signal) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            aborted = true;
          }),
        ),
    });
    const controller = new AbortController();
    const call = client.call('files.roots', {}, controller.signal);
    await settle();
    controller.abort();
    await expect(call).rejects.toMatchObject({ problem: { kind: 'cancelled' } });
    await settle();
    expect(aborted).toBe(true);
  });

  it('has strict parameters everywhere, so that a misspelt one is told', () => {
    for (const [name, { params }] of Object.entries(METHODS)) {
      expect(params.safeParse({ nobodyHasThisOne: 1 }).success, name).toBe(false);
    }
  });
});
