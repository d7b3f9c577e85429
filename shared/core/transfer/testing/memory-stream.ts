// An image service in memory that takes a file in one stream, with failures that can be switched on. For tests only.
import { createHash } from 'node:crypto';
import {
  type CallOptions,
  CancelledError,
  type HashName,
  type StreamAttempt,
  type StreamRecord,
  type StreamTarget,
  UnavailableError,
} from '../../model/index.ts';

/** What may happen to a stream: it is cut at a byte, its reply is lost, its bytes are damaged, it is not understood. */
export type StreamMishap = undefined | Error | 'lose-reply' | 'damage' | { cutAt: number };

interface Stored {
  state: StreamRecord['state'];
  bytes: Buffer;
  /** How many looks still find it busy, and what it is afterwards. */
  busyLooks: number;
  next: StreamRecord['state'];
}

const reset = () =>
  new UnavailableError({ operation: 'send the file', reason: 'the connection was reset', retryable: true });

/** A `StreamTarget` that keeps everything in memory. */
export class MemoryStream implements StreamTarget {
  readonly locator = {
    cloud: 'memory',
    region: 'here',
    bucket: '',
    key: 'my image',
    route: 'stream',
  } as const;
  hashes: readonly HashName[] = ['md5', 'sha512'];
  readonly records = new Map<string, Stored>();
  /** `send new`, `send r-1`, `look r-1`, `remove r-1`. */
  readonly calls: string[] = [];
  /** Asked at each `send`; after a failure the record becomes what `afterFailure` says. */
  mishap: (attempt: number) => StreamMishap = () => undefined;
  afterFailure: StreamRecord['state'] = 'empty';
  /** Looks that find a record busy after a failure. */
  busyLooks = 0;
  /** Work of the service's own that follows a success. */
  jobId: string | undefined;
  /** Awaited at each piece. */
  pieceGate: ((bytesSoFar: number, signal?: AbortSignal) => Promise<void>) | undefined;
  underWay = 0;
  lookMishap: () => Error | undefined = () => undefined;
  #sends = 0;
  #nextId = 1;

  async send(
    attempt: StreamAttempt,
    options: CallOptions = {},
  ): Promise<{ recordId: string; jobId?: string | undefined }> {
    this.calls.push(`send ${attempt.recordId ?? 'new'}`);
    const mishap = this.mishap(++this.#sends);
    if (mishap instanceof Error) throw mishap;
    const recordId = attempt.recordId ?? `r-${this.#nextId++}`;
    const record: Stored = { state: 'empty', bytes: Buffer.alloc(0), busyLooks: 0, next: 'empty' };
    this.records.set(recordId, record);
    await attempt.onRecord(recordId);
    const chunks: Buffer[] = [];
    let got = 0;
    this.underWay++;
    try {
      for await (const piece of attempt.open()) {
        chunks.push(Buffer.from(piece));
        got += piece.length;
        await this.pieceGate?.(got, options.signal);
        if (options.signal?.aborted) throw new CancelledError({ operation: 'send', reason: 'cancelled' });
        if (typeof mishap === 'object' && got >= mishap.cutAt) throw reset();
      }
      if (got !== attempt.sizeBytes) throw reset();
    } catch (error) {
      record.state = this.busyLooks > 0 ? 'busy' : this.afterFailure;
      record.next = this.afterFailure;
      record.busyLooks = this.busyLooks;
      if (this.afterFailure === 'gone') this.records.delete(recordId);
      throw error;
    } finally {
      this.underWay--;
    }
    record.bytes = Buffer.concat(chunks);
    if (mishap === 'damage') record.bytes[0] = (record.bytes[0] ?? 0) ^ 1;
    record.state = this.jobId === undefined ? 'complete' : 'busy';
    record.next = 'complete';
    record.busyLooks = Number.POSITIVE_INFINITY;
    if (mishap === 'lose-reply') throw reset();
    return this.jobId === undefined ? { recordId } : { recordId, jobId: this.jobId };
  }

  async look(recordId: string): Promise<StreamRecord> {
    this.calls.push(`look ${recordId}`);
    const error = this.lookMishap();
    if (error !== undefined) throw error;
    const record = this.records.get(recordId);
    if (record === undefined) return { state: 'gone', checksums: {} };
    if (record.state === 'busy' && record.busyLooks-- <= 0) record.state = record.next;
    if (record.state !== 'complete') return { state: record.state, checksums: {} };
    const hex = (name: string) => createHash(name).update(record.bytes).digest('hex');
    const checksums = Object.fromEntries(this.hashes.map((name) => [name, hex(name)]));
    return { state: 'complete', sizeBytes: record.bytes.length, checksums };
  }

  async remove(recordId: string): Promise<void> {
    this.calls.push(`remove ${recordId}`);
    this.records.delete(recordId);
  }

  /** The bytes of the only record. */
  get bytes(): Buffer | undefined {
    return this.records.size === 1 ? [...this.records.values()][0]?.bytes : undefined;
  }
}
