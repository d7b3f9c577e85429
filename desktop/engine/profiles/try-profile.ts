// Tries a profile step by step, and says which step failed and what was said. Changes nothing in the cloud.
import {
  CancelledError,
  type Clock,
  ImageBridgeError,
  type ImageCloud,
  type Profile,
  UnavailableError,
} from '@imagebridge/core';
import type { Problem, ProfileTest } from '@imagebridge/desktop-contract';
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
 * Tries a profile.
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
  const limit = clock.sleep(TOTAL_MS, timer.signal).then(
    () => late.abort(),
    () => {},
  );
  let cloud: ImageCloud | undefined;
  try {
    const profile = await load();
    sheet.works('settings', `${profile.family}, region ${profile.region}`);
    const answers: number[] = [];
    cloud = await directory.connect(profile, {
      timeoutMs: IDLE_MS,
      maxAttempts: ATTEMPTS,
      observer: ({ status }) => {
        if (status !== undefined) answers.push(status);
      },
    });
    const call = AbortSignal.any([signal, late.signal]);
    await walk(cloud, profile, { sheet, answers, signal: call });
  } catch (error) {
    if (signal.aborted) throw error;
    sheet.failed(late.signal.aborted ? tooLate(cloud, error) : error);
  } finally {
    timer.abort();
    await limit;
    await cloud?.close();
  }
  return sheet.result();
}

interface Walk {
  sheet: Sheet;
  /** Status of every answer that came so far. */
  answers: readonly number[];
  signal: AbortSignal;
}

/** Goes through the steps that ask the cloud. Which step an error belongs to shows by what had been answered until then. */
async function walk(cloud: ImageCloud, profile: Profile, { sheet, answers, signal }: Walk): Promise<void> {
  const call = { signal };
  const { host } = new URL(endpointOf(profile));
  const reached = () => sheet.works('reach', host);
  const blame = (error: unknown, otherwise: Step): never => {
    const kind = error instanceof ImageBridgeError ? error.kind : undefined;
    // Nothing, or a page of somebody else (a proxy, a login page), came back.
    if (!sheet.has('reach') && (answers.length === 0 || kind === 'protocol')) throw error;
    reached();
    if (kind !== 'authentication' && otherwise !== 'sign-in' && !sheet.has('sign-in')) sheet.works('sign-in');
    if (otherwise === 'list-images' && sheet.has('sign-in') && !sheet.has('project')) sheet.works('project');
    throw error;
  };

  // Some profiles name their project, and nothing is asked: the listing then shows whether the rest is right.
  const projectId = await cloud.projectId(call).catch((error: unknown) => {
    const kind = error instanceof ImageBridgeError ? error.kind : undefined;
    // Keystone refuses an unknown project like a wrong password; IAM lists projects, and this one is not among them.
    const isProject = kind === 'permission' || (kind === 'not-found' && cloud.family === 'huaweicloud');
    return blame(error, isProject ? 'project' : 'sign-in');
  });
  if (answers.length > 0) {
    reached();
    sheet.works('sign-in');
    sheet.works('project', projectId);
  }
  const seen = await countImages(cloud, signal).catch((error: unknown) => blame(error, 'list-images'));
  reached();
  sheet.works('sign-in');
  sheet.works('project', projectId);
  sheet.works('list-images', seen);
  if (cloud.family !== 'huaweicloud') {
    sheet.skipped('upload', 'Nothing is sent: it would leave a record in the image service.');
    return;
  }
  await tryStaging(cloud, sheet, signal);
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

/** Asks the staging bucket for unfinished uploads: that needs the same keys and the same address as an upload. */
async function tryStaging(cloud: ImageCloud, sheet: Sheet, signal: AbortSignal): Promise<void> {
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

  /** The first step that nothing is known of has failed. */
  failed(error: unknown): void {
    const step = STEPS.find((one) => !this.has(one)) ?? 'upload';
    const problem: Problem = problemOf(error);
    this.#set({ step, outcome: 'failed', problem });
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
