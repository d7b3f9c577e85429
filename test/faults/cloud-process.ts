// Starts, asks, kills and restarts the embedded cloud of `server.ts`.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Fault as PanelFault } from '@imagebridge/local-cloud';
import { z } from 'zod';

const SERVER = fileURLToPath(new URL('./faults-server.js', import.meta.url));

const readySchema = z.object({
  profilesPath: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  endpoints: z.object({
    iam: z.string(),
    keystone: z.string(),
    ucloudstack: z.string(),
    ims: z.string(),
    obs: z.string(),
    glance: z.string(),
    'ucloudstack-s3': z.string(),
  }),
});
const messageSchema = z.union([
  z.object({ ready: readySchema }),
  z.object({ defect: z.string() }),
  z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() }),
]);

const imageSchema = z.object({
  family: z.string(),
  name: z.string(),
  status: z.string(),
  sizeBytes: z.number(),
  sha256: z.string().optional(),
});
const unfinishedSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  uploadId: z.string(),
  parts: z.number(),
});
/** An unfinished upload as the embedded cloud has it, whether a listing shows it or not. */
export type HeldUpload = z.infer<typeof unfinishedSchema>;

/** An image as the embedded cloud has it; its SHA-256 is of the stored bytes. */
export type StoredImage = z.infer<typeof imageSchema>;

/** How to reach the embedded cloud. */
export type CloudFacts = z.infer<typeof readySchema>;

/** An embedded cloud that can die. */
export class CloudProcess {
  readonly #dataDir: string;
  #child: ChildProcess | undefined;
  #facts: CloudFacts | undefined;
  #restarting: Promise<void> | undefined;
  #ids = 0;
  readonly #waiting = new Map<number, (message: { value?: unknown; error?: string | undefined }) => void>();
  /** Replies of status 500 that were its own fault. */
  readonly defects: string[] = [];
  /** Called when it has come back, on other ports perhaps. */
  onRestart: (facts: CloudFacts) => void = () => {};

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get facts(): CloudFacts {
    if (this.#facts === undefined) throw new Error('the embedded cloud has not been started');
    return this.#facts;
  }

  /** Starts it. Resolves when it listens. */
  async start(): Promise<void> {
    const child = fork(SERVER, [this.#dataDir], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child = child;
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    this.#facts = await new Promise<CloudFacts>((resolve, reject) => {
      child.on('message', (message) => {
        const told = messageSchema.parse(message);
        if ('ready' in told) resolve(told.ready);
        else if ('defect' in told) this.defects.push(told.defect);
        else {
          this.#waiting.get(told.id)?.(told);
          this.#waiting.delete(told.id);
        }
      });
      child.once('exit', (code) => reject(new Error(`the embedded cloud ended with ${code}: ${said}`)));
    });
  }

  /** SIGKILL; comes back after a while. Resolves when it is dead. */
  async killAndRestart(downMs: number): Promise<void> {
    await this.kill();
    this.#restarting = new Promise((resolve) => setTimeout(resolve, downMs))
      .then(() => this.start())
      .then(() => this.onRestart(this.facts));
    this.#restarting.catch(() => {});
  }

  /** Resolves when it listens again, if it was killed. */
  async up(): Promise<void> {
    await this.#restarting;
  }

  async kill(): Promise<void> {
    await this.up();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    for (const answer of this.#waiting.values()) answer({ error: 'killed' });
    this.#waiting.clear();
  }

  /** Every image, with the SHA-256 of its bytes. */
  async images(): Promise<StoredImage[]> {
    return z.array(imageSchema).parse(await this.#ask({ call: 'images' }));
  }

  /** Every unfinished upload, of all families. */
  async unfinished(): Promise<HeldUpload[]> {
    return z.array(unfinishedSchema).parse(await this.#ask({ call: 'unfinished' }));
  }

  /** Adds a fault to its panel. */
  async fault(fault: PanelFault): Promise<void> {
    await this.#ask({ call: 'fault', fault });
  }

  async clearFaults(): Promise<void> {
    await this.#ask({ call: 'clear-faults' });
  }

  async #ask(request: object): Promise<unknown> {
    await this.up();
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === undefined) resolve(value);
        else reject(new Error(`the embedded cloud: ${error}`));
      });
      this.#child?.send({ id, ...request });
    });
  }
}
