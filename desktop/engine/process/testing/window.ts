// For tests: a window without a screen. Keeps what the engine tells, as the real one does.
import {
  CONTRACT_VERSION,
  connectEngine,
  type EngineClient,
  type EngineEvent,
  type Result,
  type TaskView,
  type Transport,
} from '@imagebridge/desktop-contract';
import { expect } from 'vitest';

/** A greeted window. */
export interface TestWindow {
  client: EngineClient;
  hello: Result<'app.hello'>;
  events: EngineEvent[];
  /** Tasks as the window would show them. */
  tasks: Map<string, TaskView>;
  /** Messages of the engine that did not fit the contract: there must be none. */
  bad: string[];
  /** Waits until a task is in one of the states; fails when it needs attention instead. */
  reach(id: string, ...states: TaskView['state'][]): Promise<TaskView>;
}

/** Greets an engine over a line. */
export async function openWindow(line: Transport): Promise<TestWindow> {
  const bad: string[] = [];
  const events: EngineEvent[] = [];
  const tasks = new Map<string, TaskView>();
  const client = connectEngine(line, { onBadMessage: (why) => bad.push(why) });
  client.subscribe((event) => {
    events.push(event);
    if (event.type !== 'tasks') return;
    for (const task of event.upserted) tasks.set(task.id, task);
    for (const id of event.removed) tasks.delete(id);
  });
  const hello = await client.call('app.hello', { contract: CONTRACT_VERSION });
  for (const task of hello.tasks) tasks.set(task.id, task);
  return {
    client,
    hello,
    events,
    tasks,
    bad,
    async reach(id, ...states) {
      await expect
        .poll(
          () => {
            const task = tasks.get(id);
            if (task?.state === 'attention' && !states.includes('attention')) {
              throw new Error(`it needs attention: ${task.problem?.message}`);
            }
            return states.includes(task?.state ?? 'inspecting') || task?.state;
          },
          { timeout: 30_000, interval: 25 },
        )
        .toBe(true);
      const task = tasks.get(id);
      if (task === undefined) throw new Error(`there is no task ${id}`);
      return task;
    },
  };
}

/** Adds a file, takes the form that is proposed, and starts it. Returns the task's id. */
export async function upload(
  { client, reach }: TestWindow,
  path: string,
  cloud: string,
  name: string,
): Promise<string> {
  const { added, refused } = await client.call('tasks.add', { paths: [path] });
  expect(refused).toEqual([]);
  const [id = ''] = added;
  await reach(id, 'draft');
  const form = await client.call('tasks.suggest', { id, cloud });
  const started = await client.call('tasks.start', { tasks: [{ id, form: { ...form, name } }] });
  expect(started.refused).toEqual([]);
  return id;
}
