// Waits until an apply has come to a phase, and strikes it: signals, a cut network, answers that do not arrive.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../fixtures/terraform.ts';
import type { Work } from '../fixtures/work.ts';
import { type KillFamily, slowDown } from './families.ts';
import type { Strike } from './plan.ts';

/** Between two Ctrl-C. */
const SECOND_CTRL_C_MS = 300;
const POLL_MS = 10;

/**
 * Strikes at the planned moment, and resolves when the trouble is over.
 * @returns false where the apply ended before
 */
export async function strikeAt(
  work: Work,
  family: KillFamily,
  strike: Strike,
  apply: Running,
): Promise<boolean> {
  let isOver = false;
  void apply.done.then(() => {
    isOver = true;
  });
  const phase = family.phases[strike.phase];
  if (phase !== undefined) {
    const { more: _, ...match } = phase;
    // A fault is used up when its request arrives: that is how the phase is told. It does nothing else.
    work.cloud.faults.add({ ...match, after: strike.after, action: { kind: 'delay', ms: 0 } });
    const hasBegun = () => !work.cloud.faults.list().some(({ action }) => action.kind === 'delay');
    while (!hasBegun() && !isOver) await delay(POLL_MS);
  }
  await delay(strike.delayMs);
  if (isOver) return false;
  await BLOW[strike.blow](work, family, strike, apply);
  return true;
}

const BLOW: Readonly<
  Record<Strike['blow'], (work: Work, family: KillFamily, strike: Strike, apply: Running) => Promise<void>>
> = {
  async 'kill-all'(_work, _family, _strike, apply) {
    apply.signalAll('SIGKILL');
  },
  async 'kill-terraform'(_work, _family, _strike, apply) {
    apply.child.kill('SIGKILL');
  },
  async 'kill-provider'(_work, _family, _strike, apply) {
    for (const pid of await providersOf(apply)) killIfThere(pid);
  },
  async 'ctrl-c'(_work, _family, _strike, apply) {
    apply.signalAll('SIGINT');
  },
  async 'ctrl-c-twice'(_work, _family, _strike, apply) {
    apply.signalAll('SIGINT');
    await delay(SECOND_CTRL_C_MS);
    apply.signalAll('SIGINT');
  },
  async 'network-cut'(work, family, { troubleMs }) {
    work.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    await delay(troubleMs);
    work.cloud.faults.clear();
    slowDown(work, family);
  },
  async 'network-lost'(work, _family, { troubleMs }, apply) {
    work.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'cut' } });
    await delay(troubleMs);
    apply.signalAll('SIGINT');
    await apply.done;
    work.cloud.faults.clear();
  },
  async 'lost-replies'(work, family, { troubleMs }) {
    work.cloud.faults.add({ count: Number.POSITIVE_INFINITY, action: { kind: 'lose-reply' } });
    await delay(troubleMs);
    work.cloud.faults.clear();
    slowDown(work, family);
  },
};

/** The processes of the provider that a terraform has started. */
async function providersOf({ child }: Running): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent === String(child.pid) && command?.includes('terraform-provider-imagebridge'))
      found.push(Number(name));
  }
  return found;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
