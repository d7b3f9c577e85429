// The two lines to an engine: a WebSocket (web variant), and a message port that the shell hands over.
import { type DesktopBridge, Line, openEnginePort, type Transport } from '@imagebridge/desktop-contract';

declare global {
  interface Window {
    /** There in the app, and only there. */
    readonly imagebridge?: DesktopBridge;
  }
}

/** What the app's shell offers; undefined in a browser. */
export const bridge = (): DesktopBridge | undefined => window.imagebridge;

/** Opens a line to the engine. @throws Error when it cannot be reached */
export async function openLine(signal: AbortSignal): Promise<Transport> {
  const shell = bridge();
  if (shell !== undefined) return portTransport(await openEnginePort(shell, window, { signal }));
  const { protocol, host } = window.location;
  return webSocketTransport(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/engine`, signal);
}

function portTransport(port: MessagePort): Transport {
  const line = new Line({ send: (message) => port.postMessage(message), close: () => port.close() });
  port.addEventListener('message', (event: MessageEvent<unknown>) => line.deliver(event.data));
  port.addEventListener('close', () => line.closed());
  port.start();
  return line;
}

function webSocketTransport(url: string, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const line = new Line({
      send(message) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      },
      close: () => socket.close(),
    });
    const giveUp = () => socket.close();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.addEventListener('open', () => resolve(line));
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data !== 'string') return;
      try {
        line.deliver(JSON.parse(event.data));
      } catch {
        // No JSON: dropped, as every message of a wrong shape.
      }
    });
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', giveUp);
      line.closed();
      reject(new Error('The engine cannot be reached.'));
    });
  });
}
