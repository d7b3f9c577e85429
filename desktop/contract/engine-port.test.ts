// How the window takes the port that the preload posts.
import { expect, test, vi } from 'vitest';
import { ENGINE_PORT_MESSAGE, openEnginePort } from './engine-port.ts';

function fakeView() {
  const listeners = new Set<(event: unknown) => void>();
  const view = {
    addEventListener: (_: string, listener: unknown) => void listeners.add(listener as () => void),
    removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener as () => void),
  };
  const post = (event: object) => {
    for (const listener of [...listeners]) listener(event);
  };
  return { view: view as unknown as Window, post, listeners };
}

test('takes the port of its own window only', async () => {
  const { view, post, listeners } = fakeView();
  const { port1, port2 } = new MessageChannel();
  const requestEngine = vi.fn();
  const opened = openEnginePort({ requestEngine }, view);
  expect(requestEngine).toHaveBeenCalledOnce();
  post({ source: {}, data: ENGINE_PORT_MESSAGE, ports: [port2] });
  post({ source: view, data: 'something else', ports: [port2] });
  post({ source: view, data: ENGINE_PORT_MESSAGE, ports: [] });
  expect(listeners.size).toBe(1);
  post({ source: view, data: ENGINE_PORT_MESSAGE, ports: [port1] });
  expect(await opened).toBe(port1);
  expect(listeners.size).toBe(0);
  port1.close();
  port2.close();
});

test('gives up after a while, and when it is told to', async () => {
  const { view, listeners } = fakeView();
  const bridge = { requestEngine: () => {} };
  await expect(openEnginePort(bridge, view, { timeoutMs: 5 })).rejects.toThrow('did not answer');
  await expect(openEnginePort(bridge, view, { signal: AbortSignal.abort() })).rejects.toThrow(
    'not waited for',
  );
  const stop = new AbortController();
  const waiting = openEnginePort(bridge, view, { signal: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toThrow('not waited for');
  expect(listeners.size).toBe(0);
});
