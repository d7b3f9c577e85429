// How smooth a page is: tasks that block its main thread, and the time between frames.
import type { Page } from 'playwright-core';
import { z } from 'zod';

const measured = z.object({ longTasksMs: z.array(z.number()), framesMs: z.array(z.number()) });

/** What was seen while something went on. */
export interface Pace {
  /** Tasks of the main thread above 50 ms, in ms. */
  longTasksMs: number[];
  frames: number;
  /** The 50th and 95th percentile, and the longest, of the time between frames, in ms. */
  frameMs: { median: number; p95: number; longest: number };
}

/** Watches the page while something goes on. */
export async function paceOf(page: Page, work: () => Promise<void>): Promise<Pace> {
  await page.evaluate(() => {
    const seen = { longTasksMs: [] as number[], framesMs: [] as number[], stop: () => {} };
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.longTasksMs.push(Math.round(entry.duration));
    });
    observer.observe({ entryTypes: ['longtask'] });
    let isOver = false;
    let last = performance.now();
    const frame = (now: number) => {
      seen.framesMs.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    seen.stop = () => {
      isOver = true;
      for (const entry of observer.takeRecords()) seen.longTasksMs.push(Math.round(entry.duration));
      observer.disconnect();
    };
    Object.assign(window, { paceSeen: seen });
  });
  await work();
  const { longTasksMs, framesMs } = measured.parse(
    await page.evaluate(() => {
      const { paceSeen } = window as unknown as {
        paceSeen: { stop(): void; longTasksMs: number[]; framesMs: number[] };
      };
      paceSeen.stop();
      return { longTasksMs: paceSeen.longTasksMs, framesMs: paceSeen.framesMs };
    }),
  );
  const sorted = [...framesMs].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    longTasksMs,
    frames: framesMs.length,
    frameMs: { median: at(0.5), p95: at(0.95), longest: Math.round(sorted.at(-1) ?? 0) },
  };
}

/** A pace in one line, for the run's output. */
export const paceText = ({ longTasksMs, frames, frameMs }: Pace): string =>
  `${frames} frames, ${frameMs.median} ms between them (95 %: ${frameMs.p95}, longest: ${frameMs.longest}), ` +
  `long tasks: ${longTasksMs.length === 0 ? 'none' : longTasksMs.map((ms) => `${ms} ms`).join(', ')}`;
