// Activities that go on, on disk, so that the next run of the engine goes on with them. Touches activities.json only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../context.ts';
import { writeWhole } from '../files/write-file.ts';
import { problemOf } from '../problem.ts';
import { type RememberedActivity, rememberedActivity } from './orders.ts';

const fileSchema = z.object({ version: z.literal(1), activities: z.array(z.unknown()) });

/** The file. A failure is logged: forgetting an activity must not stop it. */
export class ActivityMemory {
  readonly #path: string;
  readonly #log: Log;
  #saving: Promise<void> = Promise.resolve();
  #waiting: readonly RememberedActivity[] | undefined;

  /** @param dataDir folder of the engine's own files */
  constructor(dataDir: string, log: Log) {
    this.#path = join(dataDir, 'activities.json');
    this.#log = log;
  }

  /** What went on when the engine ended. What is damaged is left out. */
  read(): RememberedActivity[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return [];
    }
    try {
      return fileSchema.parse(JSON.parse(text)).activities.flatMap((one) => {
        const parsed = rememberedActivity.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      });
    } catch {
      this.#log.warn(`What copies and downloads were going on is not known: ${this.#path} is damaged.`);
      return [];
    }
  }

  /** Remembers what goes on now; of several calls in a row the last one counts. */
  save(activities: readonly RememberedActivity[]): void {
    const isQueued = this.#waiting !== undefined;
    this.#waiting = activities;
    if (!isQueued) this.#saving = this.#saving.then(() => this.#write());
  }

  /** Resolves when everything is on disk. */
  settled(): Promise<void> {
    return this.#saving;
  }

  async #write(): Promise<void> {
    const activities = this.#waiting ?? [];
    this.#waiting = undefined;
    try {
      await writeWhole(this.#path, `${JSON.stringify({ version: 1, activities })}\n`, 'what is going on');
    } catch (error) {
      this.#log.warn(problemOf(error).message);
    }
  }
}
