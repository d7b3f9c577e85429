// The line to a window over a message port of Electron. Knows the port by its shape only.
import type { Transport } from '@imagebridge/desktop-contract';

/** What is used of Electron's `MessagePortMain`. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** True for what has the shape of a port. */
export function isPort(value: unknown): value is Port {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['on', 'postMessage', 'start', 'close'].every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

/** Makes a line of a port. The port is started when somebody listens, so nothing that came early is lost. */
export function portLine(port: Port): Transport {
  const closers: (() => void)[] = [];
  let isClosed = false;
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    for (const closer of closers.splice(0)) closer();
  };
  port.on('close', closed);
  return {
    send(message) {
      if (!isClosed) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', ({ data }) => {
        if (!isClosed) listener(data);
      });
      port.start();
    },
    onClose(listener) {
      if (isClosed) listener();
      else closers.push(listener);
    },
    close() {
      port.close();
      closed();
    },
  };
}
