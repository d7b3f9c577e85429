// How smooth the list is: 300 and 10,000 uploads, scrolled while progress pours in. Tasks of the main thread stay below 50 ms.
// It is asserted what the window can do, not how busy this machine is: each is measured up to three times, all are printed, and
// the best one counts.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { someProfiles } from './harness/fake-clouds.ts';
import { emptyHello, MIB, manyTasks, totalsOf } from './harness/fake-data.ts';
import { type FakeEngine, startFakeEngine } from './harness/fake-engine.ts';
import { type Pace, paceOf, paceText } from './harness/pace.ts';
import { useBrowser } from './harness/suite.ts';
import { screenShown } from './harness/window.ts';

const suite = useBrowser(() => engine.close());
let engine: FakeEngine;

const MEASURED_MS = 3000;
const TRIES = 3;
/** The time between frames at 60 of them per second, rounded up. */
const FRAME_MS = 17;

/** The best of some measurements; stops at the first that is good. Each is printed. */
async function best(what: string, measure: () => Promise<Pace>): Promise<Pace> {
  const seen: Pace[] = [];
  for (let turn = 1; turn <= TRIES; turn++) {
    const pace = await measure();
    process.stdout.write(`${what}, measured ${turn} of at most ${TRIES} times: ${paceText(pace)}\n`);
    if (pace.longTasksMs.length === 0 && pace.frameMs.median <= FRAME_MS) return pace;
    seen.push(pace);
  }
  const worst = ({ longTasksMs }: Pace) => Math.max(0, ...longTasksMs);
  return seen.reduce((a, b) => (worst(a) <= worst(b) ? a : b));
}

/** Turns the wheel over the list, down and up again. */
async function scroll(page: Page, ms: number): Promise<void> {
  const box = await page.locator('main').boundingBox();
  if (box === null) throw new Error('there is no list');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.7);
  const endMs = performance.now() + ms;
  for (let turn = 0; performance.now() < endMs; turn++) {
    await page.mouse.wheel(0, turn % 60 < 40 ? 240 : -240);
    await page.waitForTimeout(16);
  }
}

/** How far anything in the page has been scrolled, in pixels. */
const scrolled = (page: Page) =>
  page.evaluate(() => Math.max(...[...document.querySelectorAll('main *')].map((one) => one.scrollTop)));

/** Lets progress pour in, each task in a message of its own. Returns what ends it. */
function pour(perSecond: number): () => void {
  const moving = engine.hello.tasks.filter(({ state }) => state === 'uploading');
  let told = 0;
  const startMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
    for (; told < due; told++) {
      const task = moving[told % moving.length];
      if (task?.progress === undefined) continue;
      const fraction = (told % 1000) / 1000;
      const confirmedBytes = Math.floor(task.sizeBytes * fraction);
      const progress = { ...task.progress, fraction, confirmedBytes, bytesPerSecond: (told % 90) * MIB };
      engine.emit({ type: 'tasks', upserted: [{ ...task, progress }], removed: [] });
    }
    engine.emit({ type: 'totals', totals: { ...engine.hello.totals, bytesPerSecond: told * 1000 } });
  }, 50);
  return () => clearInterval(timer);
}

describe.skipIf(noChromium !== undefined)(titled('how smooth the window is'), () => {
  beforeEach(async () => {
    engine = await startFakeEngine();
  });

  it.each([300, 10_000])(
    '%i uploads scroll without a task above 50 ms, with 300 events a second',
    async (count) => {
      const tasks = manyTasks(count);
      engine.hello = { ...emptyHello, profiles: someProfiles, tasks, totals: totalsOf(tasks) };
      const { page } = await suite.open(engine.link());
      await screenShown(page);
      await page.getByText('image-00001.qcow2').first().waitFor();
      // What stands in the document is what is seen, whatever the list holds.
      expect(await page.locator('main *').count()).toBeLessThan(3000);

      const stop = pour(300);
      const pace = await best(`${count} uploads`, () => paceOf(page, () => scroll(page, MEASURED_MS)));
      stop();
      expect(await scrolled(page)).toBeGreaterThan(1000);
      expect(pace.longTasksMs).toEqual([]);
      expect(pace.frameMs.median).toBeLessThanOrEqual(FRAME_MS);
    },
  );

  it('all 300 uploads report at once, four times a second', async () => {
    const tasks = manyTasks(300).map((task) => ({ ...task, state: 'uploading' as const }));
    engine.hello = { ...emptyHello, profiles: someProfiles, tasks, totals: totalsOf(tasks) };
    const { page } = await suite.open(engine.link());
    await screenShown(page);
    let turn = 0;
    const timer = setInterval(() => {
      turn++;
      engine.emit({
        type: 'tasks',
        upserted: tasks.map((task) => ({ ...task, errors: turn % 2 })),
        removed: [],
      });
    }, 250);
    const pace = await best('300 uploads in one message', () =>
      paceOf(page, () => page.waitForTimeout(MEASURED_MS)),
    );
    clearInterval(timer);
    expect(pace.longTasksMs).toEqual([]);
  });
});
