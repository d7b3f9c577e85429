// The way of an upload in one stream, which cannot go on where it broke off. The service's record decides what an
// attempt came to, and what is done next.
import {
  CancelledError,
  type HashName,
  IntegrityError,
  type StreamRecord,
  UnavailableError,
} from '../model/index.ts';
import type { PartPlan } from './plan.ts';
import { asImageBridgeError, Outage, retrying } from './retry.ts';
import { StreamBytes } from './stream-bytes.ts';
import type { StreamRequest, UploadResult } from './types.ts';
import {
  checkExpected,
  type EnterState,
  type RunContext,
  rulesOf,
  sourceRulesOf,
  type Transfer,
} from './work.ts';

/** Name of the journal's fact that keeps the id of the service's own work after the stream. */
export const streamJobFact = 'stream-job';

/** First and longest wait between two looks at a record that is busy, in ms. */
const lookMs = { first: 500, cap: 10_000 } as const;

type Hashes = Readonly<Partial<Record<HashName, string>>>;

/** See `Transfer`. */
export class StreamTransfer implements Transfer {
  readonly plan: PartPlan;
  readonly resumable = false;
  /** A stream that still lives is worth more than the time until a dead one is noticed. */
  readonly mayReconnect = false;
  readonly parallelParts = 1;
  readonly warning =
    'This upload goes to the image service in one stream. It cannot resume: if it is paused or breaks off, it starts again from 0.';
  readonly pauseNote = 'The stream was stopped. When the upload goes on, it starts again from 0.';
  readonly #context: RunContext;
  readonly #target: StreamRequest['target'];
  #bytes: StreamBytes | undefined;
  #hashes: Hashes | undefined;

  constructor(context: RunContext, request: StreamRequest, plan: PartPlan) {
    this.#context = context;
    this.#target = request.target;
    this.plan = plan;
  }

  get hashedBytes(): number {
    return this.sha256 === undefined ? (this.#bytes?.hashedBytes ?? 0) : this.plan.sizeBytes;
  }

  get sha256(): string | undefined {
    return this.#hashes?.sha256 ?? this.#context.journal.state.sha256;
  }

  get outcome(): Pick<UploadResult, 'recordId' | 'jobId' | 'hashes'> {
    const { serverUploadId: recordId, facts } = this.#context.journal.state;
    return { recordId, jobId: facts.get(streamJobFact), hashes: this.#hashes };
  }

  async run(enter: EnterState, signal: AbortSignal): Promise<string> {
    const { source, ledger } = this.#context;
    let leave = () => {};
    try {
      await enter('uploading');
      await source.check();
      leave = await this.#context.slot(signal);
      const rules = rulesOf(this.#context, signal);
      await retrying(
        rules,
        this.#operation,
        () => this.#attempt(enter, signal),
        (error) =>
          error.retryable || (error instanceof IntegrityError && error.details.httpStatus !== undefined),
      );
      const hashes = await this.#allHashes(signal);
      const sha256 = hashes.sha256 ?? '';
      if (this.#context.journal.state.sha256 !== sha256) {
        await this.#context.journal.append({ type: 'sha256', sha256 });
      }
      ledger.confirm(1, { etag: '', md5: hashes.md5 ?? '' }, ledger.sentBytes > 0);
      this.#context.progress(true);
      await enter('uploaded');
      return sha256;
    } finally {
      leave();
      await this.#endPass();
    }
  }

  async isThere(signal: AbortSignal): Promise<boolean> {
    const { serverUploadId: recordId, facts } = this.#context.journal.state;
    if (recordId === undefined) return false;
    const rules = rulesOf(this.#context, signal);
    const { state } = await retrying(rules, `look at record ${recordId}`, () =>
      this.#target.look(recordId, { signal }),
    );
    return state === 'complete' || (state === 'busy' && facts.has(streamJobFact));
  }

  async undo(): Promise<void> {
    const { serverUploadId } = this.#context.journal.state;
    if (serverUploadId !== undefined) await this.#remove(serverUploadId, new AbortController().signal);
  }

  close(): Promise<void> {
    return this.#endPass();
  }

  get #operation(): string {
    return `upload ${this.#context.source.identity.path}`;
  }

  /** One try: looks where the service stands, sends if need be, and makes sure that it has what was sent. */
  async #attempt(enter: EnterState, signal: AbortSignal): Promise<void> {
    const { journal } = this.#context;
    if (journal.state.state !== 'uploading') await enter('uploading');
    const known = journal.state.serverUploadId;
    const place = known === undefined ? 'new' : await this.#place(known, signal);
    if (place === 'complete') return;
    try {
      await this.#send(place === 'same' ? known : undefined, signal);
    } catch (thrown) {
      const error = asImageBridgeError(thrown, this.#operation);
      // The reply may have been lost, not the bytes.
      const { serverUploadId: recordId } = journal.state;
      const unknown = error instanceof UnavailableError && recordId !== undefined && !signal.aborted;
      const found = unknown
        ? await this.#target.look(recordId, { signal }).catch(() => undefined)
        : undefined;
      if (found?.state !== 'complete') throw error;
      this.#context.note('The answer was lost, but the service has all bytes.');
    }
    await enter('verifying');
    const recordId = journal.state.serverUploadId ?? '';
    const hasJob = journal.state.facts.has(streamJobFact);
    const record = await this.#settled(recordId, signal, (r) => r.state === 'busy' && !hasJob);
    if (record.state === 'complete') await this.#compare(record, recordId, signal);
    // Work of the service's own may still be under way: whoever waits for it compares what comes out.
    else if (!hasJob || record.state === 'failed' || record.state === 'gone') throw this.#vanished(record);
  }

  /** Looks at the record and says where to go on; tells why when it is not there. */
  async #place(recordId: string, signal: AbortSignal): Promise<'complete' | 'same' | 'new'> {
    const { note, journal } = this.#context;
    const hasJob = journal.state.facts.has(streamJobFact);
    const record = await this.#settled(recordId, signal, (r) => r.state === 'busy' && !hasJob);
    if (record.state === 'busy') return 'complete';
    if (record.state === 'complete') {
      const difference = this.#difference(record, await this.#allHashes(signal));
      if (difference === undefined) return 'complete';
      note(
        `Record ${recordId} has other bytes (${difference}): it is removed, and the file is sent to a new one.`,
      );
      await this.#remove(recordId, signal);
    } else if (record.state === 'empty') {
      note(`Record ${recordId} is still empty: the file is sent to it again, from 0.`);
      return 'same';
    } else if (record.state === 'failed') {
      note(
        `The service has given up record ${recordId}: it is removed, and the file is sent to a new one, from 0.`,
      );
      await this.#remove(recordId, signal);
    } else {
      note(`The service no longer has record ${recordId}: the file is sent to a new one, from 0.`);
    }
    if (hasJob) await this.#setJob(undefined);
    await journal.append({ type: 'server', serverUploadId: null });
    return 'new';
  }

  /** The record once it is no longer as `waits` says. */
  async #settled(
    recordId: string,
    signal: AbortSignal,
    waits: (record: StreamRecord) => boolean,
  ): Promise<StreamRecord> {
    const { clock, patienceMs, note } = this.#context;
    const until = clock.now() + patienceMs;
    for (let waitMs: number = lookMs.first; ; waitMs = Math.min(waitMs * 2, lookMs.cap)) {
      const operation = `look at record ${recordId}`;
      const record = await this.#target.look(recordId, { signal });
      if (!waits(record)) return record;
      if (clock.now() >= until) {
        throw new UnavailableError({
          operation,
          reason: `the service has been busy with it for ${Math.round(patienceMs / 1000)} s`,
          hint: 'Start the upload again later; the record is looked at again then.',
        });
      }
      if (waitMs === lookMs.first) note(`The service is still busy with record ${recordId}: waiting for it.`);
      await clock.sleep(waitMs, signal);
    }
  }

  async #send(recordId: string | undefined, signal: AbortSignal): Promise<void> {
    const { journal, ledger, source } = this.#context;
    ledger.begin(1);
    const bytes = await this.#newPass(signal);
    let fault: unknown;
    try {
      const sent = await this.#target.send(
        {
          sizeBytes: this.plan.sizeBytes,
          recordId,
          open: () => this.#body(bytes, signal, (error) => (fault = error)),
          onRecord: async (id) => {
            if (journal.state.serverUploadId !== id)
              await journal.append({ type: 'server', serverUploadId: id });
          },
        },
        { signal },
      );
      if (journal.state.serverUploadId !== sent.recordId) {
        await journal.append({ type: 'server', serverUploadId: sent.recordId });
      }
      if (sent.jobId !== undefined) await this.#setJob(sent.jobId);
    } catch (error) {
      // An HTTP client wraps what its body throws: keep the reason.
      if (fault !== undefined) throw fault;
      if (!signal.aborted) await source.check();
      throw error;
    } finally {
      ledger.drop(1);
      this.#hashes = bytes.digests ?? this.#hashes;
    }
  }

  async *#body(
    bytes: StreamBytes,
    signal: AbortSignal,
    onFault: (error: unknown) => void,
  ): AsyncGenerator<Uint8Array> {
    const { source, throttle, ledger, progress, waits, clock } = this.#context;
    let at = 0;
    try {
      for await (const block of bytes.blocks()) {
        const last = at + block.length === this.plan.sizeBytes;
        // Once the last byte is out there is no way back: what is wrong must be known before.
        if (last) {
          await source.check();
          checkExpected(source, bytes.digests?.sha256 ?? '');
        }
        for (let from = 0; from < block.length; ) {
          if (signal.aborted)
            throw new CancelledError({ operation: this.#operation, reason: 'it was stopped' });
          const most = Math.min(throttle.pieceBytes(), ledger.pieceBytes(clock.now()));
          const piece = block.subarray(from, from + most);
          await waits.during('throttle', throttle.take(piece.length, signal));
          const offered = waits.now();
          yield piece;
          waits.add('network', waits.now() - offered);
          ledger.sent(1, piece.length);
          progress(false);
          from += piece.length;
        }
        at += block.length;
      }
    } catch (error) {
      if (!signal.aborted) onFault(error);
      throw error;
    }
  }

  /** The hashes of all bytes; reads them once more when no stream has come to its end. */
  async #allHashes(signal: AbortSignal): Promise<Hashes> {
    if (this.#hashes === undefined) {
      const bytes = await this.#newPass(signal);
      for await (const _ of bytes.blocks()) this.#context.progress(false);
      this.#hashes = bytes.digests ?? {};
    }
    checkExpected(this.#context.source, this.#hashes.sha256 ?? '');
    return this.#hashes;
  }

  async #newPass(signal: AbortSignal): Promise<StreamBytes> {
    await this.#endPass();
    const names = new Set<HashName>([...this.#target.hashes, 'sha256']);
    this.#bytes = new StreamBytes(
      this.#context.source,
      [...names],
      sourceRulesOf(this.#context),
      signal,
      this.#context.waits,
    );
    return this.#bytes;
  }

  async #endPass(): Promise<void> {
    await this.#bytes?.close();
  }

  async #compare(record: StreamRecord, recordId: string, signal: AbortSignal): Promise<void> {
    const difference = this.#difference(record, await this.#allHashes(signal));
    if (difference === undefined) return;
    throw new IntegrityError({
      operation: this.#operation,
      object: recordId,
      reason: `what the service stored is not what was sent: ${difference}`,
      hint: `Do not use image ${recordId}. Start the upload again: it is removed and sent anew.`,
    });
  }

  #difference(record: StreamRecord, ours: Hashes): string | undefined {
    const { sizeBytes } = this.plan;
    if (record.sizeBytes !== undefined && record.sizeBytes !== sizeBytes) {
      return `it has ${record.sizeBytes} bytes, and the file has ${sizeBytes}`;
    }
    for (const name of this.#target.hashes) {
      const [theirs, own] = [record.checksums[name]?.toLowerCase(), ours[name]];
      if (theirs !== undefined && own !== undefined && theirs !== own) {
        return `its ${name} is ${theirs}, and that of the file is ${own}`;
      }
    }
    return undefined;
  }

  #vanished(record: StreamRecord): UnavailableError {
    return new UnavailableError({
      operation: this.#operation,
      reason: `the service took all bytes, and then its record was ${record.state}`,
      httpStatus: 200,
      retryable: true,
    });
  }

  async #remove(recordId: string, signal: AbortSignal): Promise<void> {
    const rules = { ...rulesOf(this.#context, signal), maxAttempts: 5, outage: new Outage(0) };
    await retrying(rules, `remove record ${recordId}`, () => this.#target.remove(recordId, { signal }));
  }

  #setJob(jobId: string | undefined): Promise<void> {
    return this.#context.journal.append({ type: 'fact', key: streamJobFact, value: jobId ?? null });
  }
}
