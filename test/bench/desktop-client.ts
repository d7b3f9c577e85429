// A window without a screen, for measuring: starts the web variant as a process, signs in, and follows its tasks.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  CONTRACT_VERSION,
  connectEngine,
  type EngineClient,
  type TaskView,
  type Transport,
} from '@imagebridge/desktop-contract';
import { request, WebSocket } from 'undici';
import { z } from 'zod';

const announced = z.object({ url: z.string(), address: z.string() });
const WEB = fileURLToPath(new URL('../../desktop/engine/dist/web.js', import.meta.url));

/** A running web variant. */
export interface Desktop {
  child: ChildProcess;
  /** The link with its token, unused. */
  url: string;
  address: string;
  stop(): Promise<void>;
}

/** Starts it and waits for its link. */
export async function startDesktop(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Desktop> {
  const child = spawn(process.execPath, [WEB, '--json', '--no-open', '--port', '0', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    ended.then(() => {
      throw new Error('the web variant did not start');
    }),
  ]);
  return {
    child,
    ...announced.parse(JSON.parse(line)),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A window's line to it, with the tasks as the window would show them. */
export interface DesktopClient {
  engine: EngineClient;
  tasks: Map<string, TaskView>;
  /** Waits until it holds of the tasks. @throws Error when one of them needs attention meanwhile */
  until(holds: () => boolean): Promise<void>;
}

/** Signs in by the link and greets the engine. */
export async function openClient({ url, address }: Desktop): Promise<DesktopClient> {
  const { headers, body } = await request(url);
  await body.dump();
  const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  const socket = new WebSocket(`${address.replace('http', 'ws')}/engine`, {
    headers: { cookie, origin: address },
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const engine = connectEngine(lineOf(socket));
  const tasks = new Map<string, TaskView>();
  const listeners = new Set<() => void>();
  engine.subscribe((event) => {
    if (event.type !== 'tasks') return;
    for (const task of event.upserted) tasks.set(task.id, task);
    for (const id of event.removed) tasks.delete(id);
    for (const listener of [...listeners]) listener();
  });
  const hello = await engine.call('app.hello', { contract: CONTRACT_VERSION });
  for (const task of hello.tasks) tasks.set(task.id, task);
  return {
    engine,
    tasks,
    until: (holds) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const stuck = [...tasks.values()].find(({ state }) => state === 'attention');
          if (stuck === undefined && !holds()) return;
          listeners.delete(look);
          if (stuck === undefined) resolve();
          else reject(new Error(`${stuck.fileName}: ${stuck.problem?.message}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

function lineOf(socket: WebSocket): Transport {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}
