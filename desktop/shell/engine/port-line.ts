// A line of the contract over a message port of Electron's main process.
import type { Transport } from '@imagebridge/desktop-contract';
import type { MessagePortMain } from 'electron';

/** What of a port is used. */
export type Port = Pick<MessagePortMain, 'on' | 'postMessage' | 'start' | 'close'>;

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
