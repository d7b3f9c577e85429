// What hangs keeps no command of the host from being obeyed: a drive that does not answer, an upload that does not stop.
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { testFolder } from './clouds/testing.ts';
import { startEngine } from './engine.ts';
import { Adding } from './tasks/adding.ts';
import { Queue } from './tasks/queue.ts';
import { testHost } from './testing/host.ts';

afterEach(() => void vi.restoreAllMocks());

async function start() {
  const base = realpathSync(testFolder());
  const { host, reports, command } = testHost();
  const env = {
    IMAGEBRIDGE_STATE_DIR: join(base, 'state'),
    IMAGEBRIDGE_CONFIG: join(base, 'profiles.yaml'),
    IMAGEBRIDGE_SECRET_STORE: 'file',
    IMAGEBRIDGE_SECRETS_FILE: join(base, 'secrets.json'),
    HOME: base,
  };
  const engine = await startEngine({ variant: 'app', env, host });
  return { base, engine, reports, command };
}

const hangs = () => new Promise<never>(() => {});

it('files on a drive that hangs', async () => {
  const { base, engine, reports, command } = await start();
  vi.spyOn(Adding.prototype, 'add').mockImplementation(hangs);
  const resumed = vi.spyOn(Queue.prototype, 'hold');
  const path = join(base, 'a.raw');
  writeFileSync(path, 'x');
  command({ type: 'open', paths: [path] });
  command({ type: 'suspend' });
  command({ type: 'resume' });
  await expect.poll(() => resumed.mock.calls).toContainEqual(['asleep', false]);
  command({ type: 'stop' });
  await expect.poll(() => reports.at(-1)).toEqual({ type: 'stopped' });
  await engine.stop();
});

it('an upload that does not stop when the machine falls asleep', async () => {
  const { engine, reports, command } = await start();
  const stopping = vi.spyOn(Queue.prototype, 'stopAll').mockImplementationOnce(hangs);
  command({ type: 'suspend' });
  await expect.poll(() => stopping.mock.calls).toHaveLength(1);
  command({ type: 'stop' });
  await expect.poll(() => reports.at(-1)).toEqual({ type: 'stopped' });
  await engine.stop();
});
