// How the window gets its line to the engine from the app's shell. Imports types only: the preload is bundled with it.
import type { DesktopBridge } from './bridge.ts';

/** Text of the message by which the preload hands a port to its page: ports cannot pass through a context bridge. */
export const ENGINE_PORT_MESSAGE = 'imagebridge:engine-port';

/** What of `window` is needed to take a port. */
type PortReceiver = Pick<Window, 'addEventListener' | 'removeEventListener'>;

/**
 * Asks the shell for a line to the engine and waits for its port. The port is not started yet. It closes when the engine is
 * gone: ask for a new one then.
 * @throws Error when nothing came within `timeoutMs`, or the signal aborted
 */
export function openEnginePort(
  bridge: Pick<DesktopBridge, 'requestEngine'>,
  view: PortReceiver,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<MessagePort> {
  const { signal, timeoutMs = 10_000 } = options;
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      view.removeEventListener('message', take);
      signal?.removeEventListener('abort', giveUp);
    };
    const fail = (message: string) => {
      end();
      reject(new Error(message));
    };
    const giveUp = () => fail('The line to the engine was not waited for.');
    const take = (event: MessageEvent<unknown>) => {
      // Only the preload can post to this very window from within; frames and other windows have another source.
      if (event.source !== view || event.data !== ENGINE_PORT_MESSAGE) return;
      const [port] = event.ports;
      if (port === undefined) return;
      end();
      resolve(port);
    };
    const timer = setTimeout(() => fail('The engine did not answer.'), timeoutMs);
    if (signal?.aborted) return giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    view.addEventListener('message', take);
    bridge.requestEngine();
  });
}
