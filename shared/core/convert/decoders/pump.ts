// Feeds one of node:zlib's streams and gives what comes out. Self-contained: runs as text in a thread.
import type { ZlibStream } from './decoder.ts';

/**
 * @param next the next piece to unpack, its own memory; undefined after the last. Not asked any more when the stream has
 *   come to its end. What it throws is thrown from here.
 */
export async function* pump(
  stream: ZlibStream,
  next: () => Uint8Array | undefined,
): AsyncGenerator<Uint8Array> {
  let done = false;
  // Called when the stream wants more, or nothing more.
  let wake = () => {};
  stream.on('drain', () => wake());
  stream.on('close', () => {
    done = true;
    wake();
  });
  const feed = async () => {
    while (!done) {
      const piece = next();
      if (piece === undefined) {
        stream.end();
        return;
      }
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!stream.write(piece) && !done) await woken;
    }
  };
  const feeding = feed().catch((error: unknown) => {
    stream.destroy(error as Error);
  });
  try {
    for await (const chunk of stream) yield chunk;
  } finally {
    done = true;
    await feeding;
  }
}
