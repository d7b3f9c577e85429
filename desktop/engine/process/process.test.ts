// The engine as the app's process: in a thread, with ports of Node in the shape of Electron's.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import {
  type HostCommand,
  type HostReport,
  hostReport,
  type ProcessMessage,
  portLine,
} from '@imagebridge/desktop-contract';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildPrograms, diskImage, testUser } from './testing/programs.ts';
import { openWindow } from './testing/window.ts';

let programs = '';
beforeAll(async () => {
  programs = await buildPrograms();
}, 60_000);
afterAll(() => rmSync(programs, { recursive: true, force: true }));

function startProcess(user: ReturnType<typeof testUser>) {
  const setUp = new URL('./testing/parent-port.mjs', import.meta.url).href;
  const program = pathToFileURL(join(programs, 'process.js')).href;
  const code = `import(${JSON.stringify(setUp)}).then(() => import(${JSON.stringify(program)}))`;
  const worker = new Worker(code, { eval: true, env: user.env });
  onTestFinished(async () => void (await worker.terminate()));
  const ended = new Promise<number>((resolve) => worker.once('exit', resolve));
  const post = (data: unknown) => {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ data, ports: [port2] }, [port2]);
    return port1;
  };
  const reports: HostReport[] = [];
  const begin = (message: ProcessMessage = { type: 'start', locale: 'en-GB' }) => {
    const port = post(message);
    port.on('message', (report) => reports.push(hostReport.parse(report)));
    return {
      command: (command: HostCommand) => port.postMessage(command),
      close: () => port.close(),
    };
  };
  const open = () => {
    const port = post({ type: 'window' } satisfies ProcessMessage);
    return openWindow(
      portLine({
        on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
          port.on(event, (data: unknown) => listener({ data })),
        postMessage: (message) => port.postMessage(message),
        start: () => port.start(),
        close: () => port.close(),
      }),
    );
  };
  return { worker, ended, post, begin, open, reports };
}

describe('the process', () => {
  it('serves windows over ports, obeys, and ends by itself once it has stopped', async () => {
    const user = testUser();
    const { begin, open, reports, ended } = startProcess(user);
    const host = begin();
    // Before it is ready.
    const [one, two] = await Promise.all([open(), open()]);
    expect(one.hello).toMatchObject({ variant: 'app', tasks: [] });
    host.command({ type: 'open', paths: [diskImage(join(user.base, 'any.raw'), 1024 * 1024)] });
    await expect.poll(() => [one.tasks.size, two.tasks.size]).toEqual([1, 1]);
    expect([...one.bad, ...two.bad]).toEqual([]);
    host.command({ type: 'stop' });
    expect(await ended).toBe(0);
    expect(reports[0]).toEqual({ type: 'ready' });
    expect(reports.at(-1)).toEqual({ type: 'stopped' });
    await expect(one.client.call('tasks.pauseAll', {})).rejects.toMatchObject({ problem: { kind: 'lost' } });
  });

  it('pauses and ends when the app is gone', async () => {
    const { begin, open, ended } = startProcess(testUser());
    const host = begin();
    await open();
    host.close();
    expect(await ended).toBe(0);
  });

  it('says why it cannot start, and ends', async () => {
    const user = testUser();
    const first = startProcess(user);
    first.begin();
    await first.open();
    const second = startProcess(user);
    second.begin();
    expect(await second.ended).toBe(1);
    expect(second.reports).toEqual([
      {
        type: 'failed',
        message: expect.stringContaining(`process ${process.pid} (the app) has its data folder`),
      },
    ]);
  });

  it('drops what is no message of the app, and gives no line before the start', async () => {
    const { post, begin, open } = startProcess(testUser());
    const early = post({ type: 'window' });
    const closed = new Promise((resolve) => early.once('close', resolve));
    post({ type: 'exec', code: '1' });
    post('nonsense');
    await closed;
    begin();
    expect((await open()).hello.variant).toBe('app');
  });
});
