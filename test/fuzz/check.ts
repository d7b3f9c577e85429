// One inspection of bytes that may be anything, and what must hold of it whatever they are.
import {
  type ByteReader,
  type ImageFacts,
  inspectSource,
  MAX_INSPECT_BYTES,
  MAX_INSPECT_READS,
} from '../../shared/core/inspect/index.ts';

/** Longest time that one inspection may take, in ms. */
export const MAX_MS = 1000;

/** What an inspection did. */
export interface Checked {
  facts?: ImageFacts;
  bytesRead: number;
  reads: number;
  durationMs: number;
  /** What was wrong; absent when all was well. */
  failure?: string;
}

/** Inspects, and counts. Never throws. */
export async function check(bytes: Buffer, now: () => number = () => performance.now()): Promise<Checked> {
  const count = { bytesRead: 0, reads: 0 };
  const reader: ByteReader = {
    sizeBytes: bytes.length,
    read: async (offset, lengthBytes) => {
      const piece = Buffer.from(bytes.subarray(offset, offset + lengthBytes));
      count.reads += 1;
      count.bytesRead += piece.length;
      return piece;
    },
  };
  const start = now();
  try {
    const facts = await inspectSource(reader);
    const durationMs = now() - start;
    const failure = problemOf(facts, count, durationMs);
    return { facts, ...count, durationMs, ...(failure === undefined ? {} : { failure }) };
  } catch (error) {
    // The reader above never fails: whatever is thrown comes of the bytes.
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...count, durationMs: now() - start, failure: `it threw: ${said}` };
  }
}

function problemOf(
  facts: ImageFacts,
  { bytesRead, reads }: { bytesRead: number; reads: number },
  durationMs: number,
): string | undefined {
  if (durationMs > MAX_MS) return `it took ${Math.round(durationMs)} ms`;
  if (bytesRead > MAX_INSPECT_BYTES) return `it read ${bytesRead} bytes`;
  if (reads > MAX_INSPECT_READS) return `it made ${reads} reads`;
  const sizes = [
    facts.virtualSizeBytes,
    ...(facts.partitions ?? []).flatMap((p) => [p.startBytes, p.sizeBytes]),
  ];
  if (!sizes.every((size) => Number.isFinite(size) && size >= 0)) return `it told impossible sizes: ${sizes}`;
  const texts = [facts.volumeLabel, facts.osHint, ...(facts.refersTo ?? [])];
  // What is shown must not be able to do anything to a terminal.
  const bad = [...texts, ...facts.findings.map(({ message }) => message)].find((text) =>
    /\p{Cc}/u.test(text ?? ''),
  );
  return bad === undefined ? undefined : `it told a text with control characters: ${JSON.stringify(bad)}`;
}
