// The whole of an upload that something follows: the bytes go there, then the service makes something of them.
import type { ByteSource } from '../model/index.ts';
import type { Journal } from './journal.ts';
import { type FollowUp, type FollowUpWork, transferredFact, type UploadResult } from './types.ts';
import type { EnterState, Transfer } from './work.ts';

/** What it works with. */
export interface FollowUpHost {
  followUp: FollowUp;
  transfer: Transfer;
  journal: Journal;
  source: ByteSource;
  enter: EnterState;
  note(text: string): void;
  /** Shows how far the work is; undefined: there is none now. */
  report(work: FollowUpWork | undefined): void;
  /** An earlier run brought all bytes there. */
  wasThere(): void;
  result(sha256: string): UploadResult;
}

/**
 * Brings the bytes there, unless an earlier run has, and does what follows.
 * @returns SHA-256 of the source in hex
 * @throws what stopped either
 */
export async function transferAndFollowUp(host: FollowUpHost, signal: AbortSignal): Promise<string> {
  const { followUp, transfer, enter } = host;
  const sha256 =
    (await fromEarlier(host, signal)) ?? (await transfer.run((state) => enterBefore(host, state), signal));
  await enter('importing');
  try {
    await followUp.run(host.result(sha256), { signal, report: (work) => host.report(work) });
  } finally {
    host.report(undefined);
  }
  await enter('uploaded');
  return sha256;
}

/** The SHA-256 of what an earlier run brought there whole; undefined when it did not, or it is gone. */
async function fromEarlier(host: FollowUpHost, signal: AbortSignal): Promise<string | undefined> {
  const { journal, source, transfer } = host;
  const sha256 = journal.state.facts.get(transferredFact);
  if (sha256 === undefined) return undefined;
  await source.check();
  if (await transfer.isThere(signal)) {
    host.wasThere();
    return sha256;
  }
  host.note('What an earlier run had sent is no longer there: it is sent again.');
  await journal.append({ type: 'fact', key: transferredFact, value: null });
  return undefined;
}

/** The states of a transfer that something follows: the end of it is not that of the upload. */
async function enterBefore(
  { journal, enter }: FollowUpHost,
  state: Parameters<EnterState>[0],
): Promise<void> {
  if (state !== 'uploaded') return enter(state);
  await journal.append({ type: 'fact', key: transferredFact, value: journal.state.sha256 ?? '' });
}
