// Steps that real flows have in common.
import path from 'node:path';
import type { EngineClient, TaskForm, TaskState, TaskView } from '@imagebridge/desktop-contract';
import type { Locator, Page } from 'playwright-core';
import { taskOf } from './driver.ts';
import type { Place } from './place.ts';
import { goTo } from './window.ts';

/** Longest that an upload of a test takes, in ms. */
const UPLOAD_MS = 40_000;

/**
 * Lets the first parts through and makes the others so slow that a test can do what it wants meanwhile. Those that travel stay
 * slow when the faults are cleared: pause, kill or stop something first.
 */
export function slowParts(place: Place, quickParts = 1): void {
  place.cloud().faults.add({
    service: 'obs',
    method: 'PUT',
    path: 'partNumber=',
    after: quickParts,
    count: Number.POSITIVE_INFINITY,
    action: { kind: 'bandwidth', bytesPerSecond: 256 * 1024 },
  });
}

/** Adds a file and starts it as the engine suggests. @throws EngineError what the cloud would refuse */
export async function begin(
  engine: EngineClient,
  file: string,
  over: Partial<TaskForm> = {},
): Promise<TaskView> {
  await engine.call('tasks.add', { paths: [file] });
  const task = await taskOf(engine, path.basename(file), ({ state }) => state === 'draft');
  const form = await engine.call('tasks.suggest', { id: task.id, cloud: over.cloud ?? 'local' });
  const { refused } = await engine.call('tasks.start', {
    tasks: [{ id: task.id, form: { ...form, ...over } }],
  });
  const [first] = refused;
  if (first !== undefined) throw new Error(first.problem.message);
  return task;
}

/** Waits until the task of a file is in one of the states. */
export const inState = (engine: EngineClient, file: string, ...states: TaskState[]): Promise<TaskView> =>
  taskOf(engine, path.basename(file), ({ state }) => states.includes(state), UPLOAD_MS);

/** Waits until some parts of a file are on the server, and others are not. */
export const underWay = (engine: EngineClient, file: string): Promise<TaskView> =>
  taskOf(
    engine,
    path.basename(file),
    ({ progress }) =>
      progress !== undefined && progress.partsDone > 0 && progress.partsDone < progress.partsTotal,
    UPLOAD_MS,
  );

/** Opens the details of a task in a window, once the window knows of it. */
export async function detailsOf(
  page: Page,
  { id, fileName }: Pick<TaskView, 'id' | 'fileName'>,
): Promise<Locator> {
  await goTo(page, 'queue');
  await page.locator('main').getByText(fileName, { exact: true }).first().waitFor();
  await goTo(page, `queue?task=${id}`);
  const drawer = page.getByRole('dialog', { name: fileName });
  await drawer.waitFor();
  return drawer;
}
