// What a failed upload needs: the network, patience, another process, or the user. Looks at whether the file is there.
import { stat } from 'node:fs/promises';
import { ImageBridgeError, UnavailableError } from '@imagebridge/core';
import type { Problem, TimelineCause } from '@imagebridge/desktop-contract';
import { problemOf } from '../problem.ts';
import type { Need } from './task.ts';

/**
 * `network`: nothing is answered, and it goes on when the network is back; `sign-in-page`: the network answers itself, because
 * it wants its user to sign in; `service`: it answers that it cannot just now; `closed`: its connections were dropped here,
 * because the network or the profile changed.
 */
export type WaitReason = 'network' | 'sign-in-page' | 'service' | 'closed';

/** What becomes of an upload that stopped. */
export type Verdict =
  | { kind: 'wait'; why: WaitReason; problem: Problem }
  /** Another process works on this very upload. */
  | { kind: 'elsewhere'; uploadId: string }
  | { kind: 'attention'; need: Need; problem: Problem };

/**
 * Judges what an upload was stopped by.
 * @param path of the file
 * @param wasReached the cloud has answered before, or none is asked: that something else answers is not for a wrong endpoint
 */
export async function judgeFailure(thrown: unknown, path: string, wasReached = true): Promise<Verdict> {
  const problem = problemOf(thrown);
  if (!(thrown instanceof ImageBridgeError)) return { kind: 'attention', need: 'retry', problem };
  const { httpStatus, object = '', foreign = false } = thrown.details;
  if (!wasReached && (foreign || thrown.kind === 'protocol'))
    return { kind: 'attention', need: 'retry', problem };
  if (foreign) return { kind: 'wait', why: 'sign-in-page', problem: signInPage(thrown) };
  switch (thrown.kind) {
    case 'unavailable':
      return { kind: 'wait', why: httpStatus === undefined ? 'network' : 'service', problem };
    case 'cancelled':
      return { kind: 'wait', why: 'closed', problem };
    case 'throttled':
    case 'protocol':
      return { kind: 'wait', why: 'service', problem };
    case 'busy':
      if (/^[0-9a-z]{15}$/.test(object)) return { kind: 'elsewhere', uploadId: object };
      return { kind: 'wait', why: 'service', problem };
    case 'authentication':
      return { kind: 'attention', need: 'sign-in', problem };
    case 'file-changed':
    case 'local-file':
      return { kind: 'attention', need: await needOfFile(thrown.kind, path), problem };
    case 'invalid-input':
    case 'refused':
    case 'conflict':
    case 'unsupported':
      return { kind: 'attention', need: 'edit', problem };
    default:
      return { kind: 'attention', need: 'retry', problem };
  }
}

function signInPage({ details }: ImageBridgeError): Problem {
  // Its status and its words are those of the page.
  const { operation, cloud, object } = details;
  const error = new UnavailableError({
    ...{ operation, cloud, object },
    reason: 'a sign-in page of the network seems to answer instead of the cloud',
    hint: 'Open a browser and sign in to the network; the upload then goes on by itself. If there is no such page, check the endpoints of the profile.',
  });
  return { ...problemOf(error), kind: 'sign-in-page' };
}

async function needOfFile(kind: 'file-changed' | 'local-file', path: string): Promise<Need> {
  const found = await stat(path).catch((error: unknown) => error);
  const isGone =
    found instanceof Error && 'code' in found && ['ENOENT', 'ENOTDIR'].includes(String(found.code));
  if (isGone) return 'locate';
  return kind === 'file-changed' ? 'accept-file' : 'retry';
}

const WAITS_MS = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000];
/** Nobody tells when the user has signed in. */
const SIGN_IN_PAGE_MS = 30_000;
/** New connections can be made at once. */
const CLOSED_MS = 250;
/** A service that has answered so often that it cannot is the user's business. */
const MOST_SERVICE_TRIES = 8;

/** How long to wait before the next try, in ms; undefined: the user has to decide. @param tries that have failed, from 1 */
export function waitBeforeTryMs(why: WaitReason, tries: number): number | undefined {
  if (why === 'closed' && tries <= 3) return CLOSED_MS;
  if (why === 'service' && tries >= MOST_SERVICE_TRIES) return undefined;
  const waitMs = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1];
  return why === 'sign-in-page' && waitMs !== undefined ? Math.min(waitMs, SIGN_IN_PAGE_MS) : waitMs;
}

/** Why something failed, for the timeline. */
export const causeOf = ({ reason, message, code, status, requestId }: Problem): TimelineCause => ({
  ...{ reason: reason ?? (status === undefined ? message : undefined), code, httpStatus: status, requestId },
});
