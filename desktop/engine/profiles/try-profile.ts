// Tries a profile step by step, and says which step failed and what was said. Changes nothing in the cloud.
import {
  CancelledError,
  type Clock,
  ImageBridgeError,
  type ImageCloud,
  type Profile,
  UnavailableError,
} from '@imagebridge/core';
import type { ProfileTest } from '@imagebridge/desktop-contract';
import type { Directory } from '../clouds/directory.ts';
import { endpointOf } from '../clouds/endpoints.ts';
import { problemOf } from '../problem.ts';

type Step = ProfileTest['steps'][number]['step'];

const STEPS: readonly Step[] = ['settings', 'reach', 'sign-in', 'project', 'list-images', 'upload'];
const TOTAL_MS = 20_000;
// Two attempts of a host that does not answer fit into the total.
const IDLE_MS = 8_000;
const ATTEMPTS = 2;
const COUNTED = 50;

/**
 * Tries a profile; the cloud has 20 seconds for all of it.
 * @param load gives the profile with its secrets
 * @param signal the window gives up
 * @throws CancelledError when the signal aborts; nothing else: what fails is told as a step
 */
export async function tryProfile(
  directory: Pick<Directory, 'connect'>,
  load: () => Promise<Profile>,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProfileTest> {
  const sheet = new Sheet();
  const timer = new AbortController();
  const late = new AbortController();
  let limit: Promise<void> | undefined;
  let cloud: ImageCloud | undefined;
  let step: Step = 'settings';
  // Of every answer that comes, whoever gives it.
  const answers: number[] = [];
  try {
    const profile = await load();
    cloud = await directory.connect(profile, {
      timeoutMs: IDLE_MS,
      maxAttempts: ATTEMPTS,
      observer: ({ status }) => {
        if (status !== undefined) answers.push(status);
      },
    });
    sheet.works('settings', `${profile.family}, ${profile.region}`);
    const { host } = new URL(endpointOf(profile));
    // Counted from here: a person may have had to unlock the keychain before.
    limit = clock.sleep(TOTAL_MS, timer.signal).then(
      () => late.abort(),
      () => {},
    );
    const call = { signal: AbortSignal.any([signal, late.signal]) };
    step = 'project';
    const projectId = await cloud.projectId(call);
    if (answers.length > 0) {
      sheet.works('reach', host);
      sheet.works('sign-in');
    }
    // Some profiles name their project, and nothing is asked: the listing shows whether the rest is right.
    step = 'list-images';
    const count = await countImages(cloud, call.signal);
    sheet.works('reach', host);
    sheet.works('sign-in');
    sheet.works('project', projectId);
    sheet.works('list-images', count);
    step = 'upload';
    await tryUpload(cloud, sheet, call.signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const known = { step, answers: answers.length, signedIn: sheet.has('sign-in') };
    sheet.failed(stepOf(error, known), late.signal.aborted ? tooLate(cloud, error) : error);
  } finally {
    timer.abort();
    await limit;
    await cloud?.close();
  }
  return sheet.result();
}

/** The step that an error belongs to: what was tried tells the half of it, what had been answered until then the rest. */
function stepOf(error: unknown, tried: { step: Step; answers: number; signedIn: boolean }): Step {
  const { step, answers, signedIn } = tried;
  const kind = error instanceof ImageBridgeError ? error.kind : undefined;
  if (step === 'settings' || signedIn) return step;
  // Nothing, or a page of somebody else (a proxy, a login page), came back.
  if (answers === 0 || kind === 'protocol') return 'reach';
  if (kind === 'authentication') return 'sign-in';
  if (step !== 'project') return step;
  // Asking for the project is what signs in: only these answers are about the project itself.
  return kind === 'permission' || kind === 'not-found' ? 'project' : 'sign-in';
}

/** Leaving the loop asks for no further page. */
async function countImages(cloud: ImageCloud, signal: AbortSignal): Promise<string> {
  let count = 0;
  for await (const _ of cloud.listImages({}, { signal })) {
    count += 1;
    if (count === COUNTED) return `${COUNTED}+`;
  }
  return String(count);
}

/** Where files go into a bucket first: asks it for unfinished uploads, which needs the same keys as an upload. */
async function tryUpload(cloud: ImageCloud, sheet: Sheet, signal: AbortSignal): Promise<void> {
  if (cloud.capabilities.stagedUpload !== true) {
    sheet.skipped('upload', 'Nothing is sent: it would leave a record in the image service.');
    return;
  }
  try {
    const target = await cloud.stage({ key: 'imagebridge/test', makeBucket: false }, { signal });
    await target.findUploads({ signal });
    sheet.works('upload', target.locator.bucket);
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || error.kind !== 'not-found') throw error;
    sheet.skipped('upload', 'The staging bucket is not there yet; the first upload makes it.');
  }
}

/** What is known of each step. Later words on a step change nothing. */
class Sheet {
  readonly #steps = new Map<Step, ProfileTest['steps'][number]>();

  has(step: Step): boolean {
    return this.#steps.has(step);
  }

  works(step: Step, detail?: string): void {
    this.#set({ step, outcome: 'works', ...(detail ? { detail } : {}) });
  }

  skipped(step: Step, detail: string): void {
    this.#set({ step, outcome: 'not-tried', detail });
  }

  /** The steps before it have worked. */
  failed(step: Step, error: unknown): void {
    for (const before of STEPS.slice(0, STEPS.indexOf(step))) this.works(before);
    this.#set({ step, outcome: 'failed', problem: problemOf(error) });
  }

  result(): ProfileTest {
    const steps = STEPS.map((step) => this.#steps.get(step) ?? { step, outcome: 'not-tried' as const });
    return { ok: steps.every(({ outcome }) => outcome !== 'failed'), steps };
  }

  #set(line: ProfileTest['steps'][number]): void {
    if (!this.has(line.step)) this.#steps.set(line.step, line);
  }
}

function tooLate(cloud: ImageCloud | undefined, error: unknown): unknown {
  if (!(error instanceof CancelledError)) return error;
  return new UnavailableError({
    ...error.details,
    operation: error.details.operation,
    ...(cloud === undefined ? {} : { cloud: `${cloud.family} "${cloud.name}"` }),
    reason: `it had not answered after ${TOTAL_MS / 1000} s`,
    hint: 'Check the endpoint, the network and the proxy.',
  });
}
