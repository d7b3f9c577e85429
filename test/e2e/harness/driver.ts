// A second client of the engine, in the test's process: to see what it knows and to bring it into a state quickly.
import {
  connectEngine,
  type EngineClient,
  type TaskView,
  type Transport,
} from '@imagebridge/desktop-contract';
import { WebSocket } from 'undici';
import { until } from './place.ts';

/** Connects by a link, as a browser would. */
export async function connectByLink(link: string): Promise<EngineClient> {
  const { origin } = new URL(link);
  const reply = await fetch(link, { redirect: 'manual' });
  const [cookie = ''] = (reply.headers.get('set-cookie') ?? '').split(';');
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/engine`, { headers: { cookie, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('The engine cannot be reached.')));
  });
  return connectEngine(lineOf(socket));
}

function lineOf(socket: WebSocket): Transport {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', () => listener(), { once: true }),
    close: () => socket.close(),
  };
}

/** All tasks, as a new window would see them. */
export async function tasksOf(engine: EngineClient): Promise<TaskView[]> {
  return (await engine.call('app.hello', { contract: 1 })).tasks;
}

/** Waits until the task of a file is as wanted. */
export async function taskOf(
  engine: EngineClient,
  fileName: string,
  holds: (task: TaskView) => boolean,
  timeoutMs?: number,
): Promise<TaskView> {
  const found = await until(
    `the task of ${fileName}`,
    async () => (await tasksOf(engine)).find((task) => task.fileName === fileName),
    (task) => task !== undefined && holds(task),
    timeoutMs,
  );
  if (found === undefined) throw new Error(`There is no task of ${fileName}.`);
  return found;
}
