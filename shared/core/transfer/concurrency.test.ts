// The search for the best number of parts under way, on a link that is simulated part by part.
import { describe, expect, test } from 'vitest';
import { Concurrency, defaultConcurrency } from './concurrency.ts';

const MB = 1_000_000;

/** A link that all parts share; each connection alone has a limit. Time is counted, not waited for. */
class Link {
  nowMs = 0;
  readonly #parts: { left: number; latencyMs: number }[] = [];
  capacity: number;
  perConnection: number;
  latencyMs = 20;
  /** More parts than this at once are refused. */
  most = Number.POSITIVE_INFINITY;
  readonly #random: () => number;

  constructor(capacity: number, perConnection: number, random: () => number) {
    this.capacity = capacity;
    this.perConnection = perConnection;
    this.#random = random;
  }

  /** Runs for a time in ms; gives the mean limit of its second half. */
  run(
    control: Concurrency,
    ms: number,
    partBytes = 16 * MB,
  ): { limit: number; bytes: number; failures: number } {
    const end = this.nowMs + ms;
    const half = this.nowMs + ms / 2;
    const [limits, stepMs] = [[] as number[], 10];
    let [bytes, failures] = [0, 0];
    for (; this.nowMs < end; this.nowMs += stepMs) {
      while (this.#parts.length > control.limit) this.#parts.pop();
      while (this.#parts.length < control.limit) {
        if (this.#parts.length >= this.most) {
          failures++;
          control.failed(this.nowMs);
          break;
        }
        this.#parts.push({ left: partBytes, latencyMs: this.latencyMs });
      }
      const active = this.#parts.filter((p) => p.latencyMs <= 0);
      const each = Math.min(this.perConnection, this.capacity / Math.max(1, active.length));
      for (const part of this.#parts) {
        if (part.latencyMs > 0) part.latencyMs -= stepMs;
        else part.left -= (each * stepMs * (0.9 + 0.2 * this.#random())) / 1000;
      }
      for (let i = this.#parts.length - 1; i >= 0; i--) {
        if ((this.#parts[i]?.left ?? 1) > 0) continue;
        this.#parts.splice(i, 1);
        bytes += partBytes;
        control.arrived(this.nowMs, partBytes);
      }
      if (this.nowMs >= half) limits.push(control.limit);
    }
    return { limit: limits.reduce((a, b) => a + b, 0) / limits.length, bytes, failures };
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe.each([1, 2, 3])('on a link (seed %i)', (seed) => {
  const random = seeded(seed);

  test('whose connections are slow one by one, it grows until the link is full', () => {
    const link = new Link(120 * MB, 10 * MB, random);
    const control = new Concurrency(defaultConcurrency);
    expect(control.limit).toBe(4);
    const { limit, bytes } = link.run(control, 300_000);
    expect(limit).toBeGreaterThan(10);
    // Four connections alone would have brought 40 MB/s.
    expect(bytes / 300).toBeGreaterThan(85 * MB);
  });

  test('that a few connections fill, it stays with a few', () => {
    const { limit } = new Link(100 * MB, 60 * MB, random).run(new Concurrency(defaultConcurrency), 300_000);
    expect(limit).toBeLessThan(6);
  });

  test('that becomes slow and fast again, it comes back to speed', () => {
    const link = new Link(120 * MB, 10 * MB, random);
    const control = new Concurrency(defaultConcurrency);
    link.run(control, 200_000);
    link.capacity = 8 * MB;
    link.run(control, 300_000);
    link.capacity = 120 * MB;
    const { limit } = link.run(control, 600_000);
    expect(limit).toBeGreaterThan(8);
  });

  test('whose service refuses more than six at once, it seldom meets the refusal', () => {
    const link = new Link(500 * MB, 10 * MB, random);
    link.most = 6;
    const control = new Concurrency(defaultConcurrency);
    const { limit, failures } = link.run(control, 300_000);
    expect(limit).toBeGreaterThan(2.5);
    expect(limit).toBeLessThanOrEqual(6.5);
    // Once found, the limit is probed ever more seldom.
    expect(failures).toBeLessThan(40);
  });
});

test('failures shrink it at once, but one incident only once, and never below the least', () => {
  const control = new Concurrency({ start: 10, least: 2, most: 16 });
  for (let i = 0; i < 8; i++) control.failed(1_000 + i);
  expect(control.limit).toBe(6);
  for (let i = 1; i < 10; i++) control.failed(1_000 + i * 5_000);
  expect(control.limit).toBe(2);
});

test('equal bounds turn it off', () => {
  const control = new Concurrency({ start: 7, least: 7, most: 7 });
  for (let i = 0; i < 1_000; i++) control.arrived(i * 100, 16 * MB * i);
  control.failed(5);
  expect(control.limit).toBe(7);
});

test('bounds hold, however silly the start', () => {
  expect(new Concurrency({ start: 40, least: 1, most: 8 }).limit).toBe(8);
  expect(new Concurrency({ start: 0, least: 0, most: 0 }).limit).toBe(1);
});
