// The line to a window over a WebSocket: JSON text, with pings, and an end for those who cannot keep up. Node side.
import { Line, type Transport } from '@imagebridge/desktop-contract';
import type { RawData, WebSocket } from 'ws';

/** A window that reads so slowly that this much waits for it is cut off; it comes back and gets the whole picture anew. */
const MAX_WAITING_BYTES = 32 * 1024 ** 2;
const PING_MS = 20_000;
const CLOSE_MS = 2_000;

/** How a line behaves. */
export interface WebSocketLineOptions {
  /** Told why a message was dropped; never with its content. */
  onBadMessage: (why: string) => void;
  /** How often it is asked whether the other side is there, in ms. */
  pingMs?: number | undefined;
  maxWaitingBytes?: number | undefined;
}

/** Makes a line of an open WebSocket. */
export function webSocketLine(socket: WebSocket, options: WebSocketLineOptions): Transport {
  const { onBadMessage, pingMs = PING_MS, maxWaitingBytes = MAX_WAITING_BYTES } = options;
  let isAnswered = true;
  const line = new Line({
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify(message));
      if (socket.bufferedAmount > maxWaitingBytes) {
        onBadMessage('nothing back for too long: it cannot keep up, and is cut off');
        socket.terminate();
      }
    },
    close() {
      socket.close(1001);
      // Whoever does not answer the good-bye is not waited for.
      setTimeout(() => socket.terminate(), CLOSE_MS).unref();
    },
  });

  const pings = setInterval(() => {
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
  }, pingMs);
  pings.unref();
  line.onClose(() => clearInterval(pings));

  socket.on('pong', () => {
    isAnswered = true;
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    isAnswered = true;
    if (isBinary) return onBadMessage('a message that is no text');
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      return onBadMessage('a message that is no JSON');
    }
    line.deliver(message);
  });
  // A message over the limit, or a broken frame: `ws` ends the connection by itself.
  socket.on('error', (error) => onBadMessage(`what breaks the line (${error.message})`));
  socket.on('close', () => line.closed());
  return line;
}
