// The way of an upload in parts: makes what its steps share, and hands it to them.
import { abortOnServer, removeIfFinished } from './complete.ts';
import { Concurrency, type ConcurrencyBounds, defaultConcurrency } from './concurrency.ts';
import { defaultPartMemoryBytes } from './memory-feed.ts';
import { feedOf } from './part-feed.ts';
import type { PartPlan } from './plan.ts';
import { Outage } from './retry.ts';
import { runSession } from './session.ts';
import type { UploadRequest } from './types.ts';
import {
  type EnterState,
  headOf,
  isOurObject,
  type RunContext,
  sourceRulesOf,
  type Transfer,
  type Work,
} from './work.ts';

/** See `Transfer`. */
export class PartTransfer implements Transfer {
  readonly resumable = true;
  readonly mayReconnect = true;
  readonly outcome = {};
  readonly warning: string | undefined;
  readonly #work: Work;

  constructor(context: RunContext, request: UploadRequest, plan: PartPlan) {
    const { journal, source, ledger } = context;
    const feedFor = (p: PartPlan) => {
      const memoryBytes = request.partMemoryBytes ?? defaultPartMemoryBytes;
      const feed = feedOf(source, p, {
        memoryBytes,
        rules: sourceRulesOf(context),
        whole: journal.state.whole,
        // What cannot be written down now is written with the next part, or read again.
        onWhole: (whole) => void journal.append({ type: 'whole', ...whole }).catch(() => {}),
      });
      feed.know(journal.state.sha256);
      return feed;
    };
    const work: Work = {
      ...context,
      target: request.target,
      concurrency: new Concurrency(boundsOf(request)),
      fixedPartSize: request.partSizeBytes !== undefined,
      plan,
      feed: feedFor(plan),
      replan: async (next) => {
        const { uploadId, createdAtMs, file: identity, target } = journal.state;
        const { partSizeBytes, partsTotal } = next;
        const cut = { uploadId, createdAtMs, file: identity, target, partSizeBytes, partsTotal };
        await journal.append({ type: 'plan', ...cut });
        await work.feed.close();
        work.plan = next;
        work.feed = feedFor(next);
        ledger.restart(next);
      },
    };
    this.#work = work;
    const { partSizeBytes } = plan;
    if ((request.partSizeBytes ?? partSizeBytes) !== partSizeBytes) {
      this.warning = `This upload was begun with parts of ${partSizeBytes} bytes and goes on with them.`;
    }
  }

  get plan(): PartPlan {
    return this.#work.plan;
  }

  get parallelParts(): number {
    return Math.min(this.#work.concurrency.limit, this.#work.feed.mostPrepared);
  }

  get hashedBytes(): number {
    return this.#work.feed.hashedBytes;
  }

  get sha256(): string | undefined {
    return this.#work.feed.sha256;
  }

  async run(enter: EnterState, signal: AbortSignal): Promise<string> {
    try {
      return await runSession(this.#work, enter, signal);
    } finally {
      // An import, or a pause, may take hours.
      await this.#work.feed.rest();
    }
  }

  async isThere(signal: AbortSignal): Promise<boolean> {
    const { serverUploadId } = this.#work.journal.state;
    return isOurObject(this.#work, await headOf(this.#work, signal), serverUploadId ?? '');
  }

  async undo(): Promise<void> {
    const { serverUploadId } = this.#work.journal.state;
    if (serverUploadId === undefined) return;
    const { signal } = new AbortController();
    const work = { ...this.#work, outage: new Outage(0) };
    await abortOnServer(work, serverUploadId, signal);
    await removeIfFinished(work, serverUploadId, signal);
  }

  close(): Promise<void> {
    return this.#work.feed.close();
  }
}

function boundsOf({ parallelParts, mostParallelParts }: UploadRequest): ConcurrencyBounds {
  if (parallelParts !== undefined) return { start: parallelParts, least: parallelParts, most: parallelParts };
  return { ...defaultConcurrency, most: mostParallelParts ?? defaultConcurrency.most };
}
