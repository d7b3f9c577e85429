// Plays one run in a work place of its own: applies that are struck, applies until it is done, then what must be so.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@imagebridge/core';
import { ObjectStore } from '../faults/stored.ts';
import { type Outcome, type Running, Workspace } from '../fixtures/terraform.ts';
import { makeWork, type Work } from '../fixtures/work.ts';
import { FAMILY, type KillFamily, slowDown } from './families.ts';
import { type Scenario, type Strike, told } from './plan.ts';
import { strikeAt } from './strike.ts';

/** An apply that takes longer hangs. */
const APPLY_LIMIT_MS = 60_000;
/** Applies without any trouble that may be needed until all is there. */
const MOST_APPLIES = 3;

/** How a run went. */
export interface RunReport {
  readonly scenario: Scenario;
  /** Empty: all is well. */
  readonly problems: readonly string[];
  /** What happened, for people who look into a failure. */
  readonly story: readonly string[];
  /** Strikes that met their apply. */
  readonly met: readonly Strike[];
  /** Applies without trouble that were needed. */
  readonly applies: number;
  readonly wallMs: number;
}

/** Plays a run. Throws only for what is no fault of the product. */
export async function play(scenario: Scenario): Promise<RunReport> {
  const startedMs = performance.now();
  const work = await makeWork({ jobDurationMs: scenario.jobDurationMs });
  try {
    const run = new Run(work, scenario);
    await run.play();
    return { ...run.report(), wallMs: performance.now() - startedMs };
  } finally {
    await work.close();
  }
}

class Run {
  readonly #work: Work;
  readonly #scenario: Scenario;
  readonly #family: KillFamily;
  readonly #name: string;
  readonly #problems: string[] = [];
  readonly #story: string[] = [];
  readonly #met: Strike[] = [];
  #applies = 0;

  constructor(work: Work, scenario: Scenario) {
    this.#work = work;
    this.#scenario = scenario;
    this.#family = FAMILY[scenario.family];
    this.#name = `run-${scenario.seed}`;
  }

  report(): Omit<RunReport, 'wallMs'> {
    return {
      scenario: this.#scenario,
      problems: this.#problems,
      story: this.#story,
      met: this.#met,
      applies: this.#applies,
    };
  }

  async play(): Promise<void> {
    const file = await this.#family.makeFile(this.#work, this.#name, this.#scenario.sizeMiB);
    const tf = await Workspace.make(path.join(this.#work.dir, 'tf'), this.#work.env);
    await tf.write(this.#family.configuration(this.#work, this.#name, file));
    for (const strike of this.#scenario.strikes) if (await this.#struckApply(tf, strike)) break;
    if (!(await this.#applyUntilDone(tf))) return;
    await this.#judge(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
    const plan = await tf.plan();
    if (plan.code !== 0) this.#problems.push(`the plan is not empty: ${plan.output}`);
    const destroyed = await tf.run(['destroy', '-auto-approve']);
    if (destroyed.code !== 0) this.#problems.push(`the destroy failed: ${destroyed.output}`);
    await this.#judgeNothingLeft();
  }

  /** @returns whether all was there in spite of the strike */
  async #struckApply(tf: Workspace, strike: Strike): Promise<boolean> {
    const saved = await tf.stateText().catch(() => undefined);
    slowDown(this.#work, this.#family);
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    const hasMet = await strikeAt(this.#work, this.#family, strike, apply);
    const end = await this.#endOf(apply);
    this.#work.cloud.faults.clear();
    if (hasMet) this.#met.push(strike);
    this.#story.push(`${told(strike)}${hasMet ? '' : ' (came too late)'}: ${inShort(end)}`);
    if (end.code === 0) return true;
    if (strike.loss !== 'nothing') await this.#loseStateDir();
    if (strike.loss === 'state-dir and unsaved-state') {
      await tf.loseState();
      if (saved !== undefined) await writeFile(path.join(tf.dir, 'terraform.tfstate'), saved);
    }
    return false;
  }

  async #applyUntilDone(tf: Workspace): Promise<boolean> {
    let last: Outcome | undefined;
    while (this.#applies < MOST_APPLIES) {
      this.#applies++;
      last = await this.#endOf(tf.start(['apply', '-auto-approve', '-no-color']));
      this.#story.push(`apply: ${inShort(last)}`);
      if (last.code === 0) return true;
    }
    this.#problems.push(`not done after ${MOST_APPLIES} applies: ${last?.output}`);
    return false;
  }

  async #endOf(apply: Running): Promise<Outcome> {
    const limit = setTimeout(() => {
      this.#problems.push(`an apply did not end within ${APPLY_LIMIT_MS / 1000} s`);
      apply.signalAll('SIGKILL');
    }, APPLY_LIMIT_MS);
    try {
      return await apply.done;
    } finally {
      clearTimeout(limit);
    }
  }

  /** A provider that was left alone may still be writing there: what it writes is lost as well. */
  async #loseStateDir(): Promise<void> {
    for (let i = 0; ; i++) {
      try {
        await rm(this.#work.stateDir, { recursive: true, force: true });
        return;
      } catch (error) {
        if (i === 20) throw error;
        await delay(50);
      }
    }
  }

  async #judge(sha256: string): Promise<void> {
    const stored = await this.#work.cloud.storedImages();
    this.#same(
      'images',
      stored.map(({ family, name }) => `${family} ${name}`),
      this.#family.images(this.#name),
    );
    for (const image of stored) {
      if (image.sha256 !== sha256) this.#problems.push(`${image.name} has other bytes (${image.status})`);
      if (!READY.has(image.status)) this.#problems.push(`${image.name} is ${image.status}`);
    }
    const { sharedBy, members } = this.#family;
    const id = stored.find(({ name }) => name === this.#name)?.id;
    if (sharedBy !== undefined && members !== undefined && id !== undefined) {
      const owner = await connect({ cloud: sharedBy, env: this.#work.env });
      const found: string[] = [];
      for await (const share of owner.listShares(id)) found.push(share.projectId);
      await owner.close();
      this.#same('members', found, members(this.#work));
    }
    await this.#judgeLeavings();
  }

  async #judgeNothingLeft(): Promise<void> {
    const stored = await this.#work.cloud.storedImages();
    this.#same(
      'images after the destroy',
      stored.map(({ name, status }) => `${name} ${status}`),
      [],
    );
    await this.#judgeLeavings();
  }

  async #judgeLeavings(): Promise<void> {
    const uploads = await this.#work.cloud.unfinishedUploads();
    this.#same(
      'unfinished uploads',
      uploads.map(({ bucket, key, parts }) => `${bucket}/${key} (${parts} parts)`),
      [],
    );
    const store = storeOf(this.#work);
    const keys: string[] = [];
    for (const bucket of await store.buckets()) keys.push(...(await store.keys(bucket)));
    this.#same('staged objects', keys, []);
  }

  #same(what: string, found: readonly string[], expected: readonly string[]): void {
    if (JSON.stringify([...found].sort()) === JSON.stringify([...expected].sort())) return;
    this.#problems.push(`${what}: ${found.join(', ') || 'none'}; expected: ${expected.join(', ') || 'none'}`);
  }
}

const READY = new Set(['active', 'Used', 'Available']);

/** The first line of an error, or that all is well. */
function inShort({ code, output }: Outcome): string {
  if (code === 0) return 'done';
  const error = /^Error: .*/m.exec(output)?.[0];
  return `code ${code}, ${(error ?? (output.trim().split('\n').at(-1) || 'silent')).slice(0, 300)}`;
}

/** The object store of the account that owns the images. */
function storeOf({ cloud }: Work): ObjectStore {
  const { endpoints, accounts, profilesPath } = cloud;
  const services = endpoints.regions['local-1'];
  return new ObjectStore(() => ({
    profilesPath,
    accessKey: accounts[0]?.accessKey ?? '',
    secretKey: accounts[0]?.secretKey ?? '',
    endpoints: {
      iam: endpoints.iam,
      keystone: endpoints.keystone,
      ucloudstack: endpoints.ucloudstack,
      ims: services?.ims ?? '',
      obs: services?.obs ?? '',
      glance: services?.glance ?? '',
      'ucloudstack-s3': services?.ucloudstackS3 ?? '',
    },
  }));
}
