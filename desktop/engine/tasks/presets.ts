// What the user chose last for each cloud, as far as it is a habit and does not belong to a file. Touches presets.json only.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TaskForm, taskForm } from '@imagebridge/desktop-contract';
import { z } from 'zod';
import type { Log } from '../context.ts';
import { writeWhole } from '../files/write-file.ts';

const preset = taskForm.pick({
  route: true,
  bucket: true,
  keepStaged: true,
  visibility: true,
  tags: true,
  ifExists: true,
});
/** A habit. */
export type Preset = z.infer<typeof preset>;

const MOST = 200;

/** The habits, by cloud and region. */
export interface Presets {
  of(cloud: string, region: string | undefined): Preset;
  /** Remembers what a form chose. Durable soon; a failure is logged. */
  remember(form: TaskForm): Promise<void>;
}

const keyOf = (cloud: string, region: string | undefined) => JSON.stringify([cloud, region ?? '']);

/** Opens the habits. A file that cannot be read is taken for none. */
export async function openPresets(dataDir: string, log: Log): Promise<Presets> {
  const file = join(dataDir, 'presets.json');
  const known = await readFile(file, 'utf8')
    .then((text) => new Map(Object.entries(z.record(z.string(), preset).parse(JSON.parse(text)))))
    .catch((thrown: unknown) => {
      const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      if (!isMissing) log.warn(`The last choices for clouds (${file}) cannot be read, and are forgotten.`);
      return new Map<string, Preset>();
    });
  let writing: Promise<void> = Promise.resolve();
  return {
    of: (cloud, region) => known.get(keyOf(cloud, region)) ?? known.get(keyOf(cloud, undefined)) ?? {},
    remember(form) {
      const key = keyOf(form.cloud, form.region);
      const chosen = preset.parse(form);
      if (JSON.stringify(known.get(key)) === JSON.stringify(chosen)) return writing;
      known.delete(key);
      known.set(key, chosen);
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
      writing = writing
        .then(() =>
          writeWhole(file, JSON.stringify(Object.fromEntries(known), undefined, 2), 'the last choices'),
        )
        .catch((thrown: unknown) => log.warn(thrown instanceof Error ? thrown.message : String(thrown)));
      return writing;
    },
  };
}
