// Clouds of a clouds.yaml that wait for the user to choose. Their secrets are in memory only, and for a while only.
import { randomUUID } from 'node:crypto';
import { type Clock, type ForeignCloud, parseCloudsYaml } from '@imagebridge/core';
import { EngineError } from '@imagebridge/desktop-contract';

const KEPT_MS = 10 * 60_000;
const MOST = 4;

/** Keeps what was read until it is imported or too old. */
export class PendingImports {
  readonly #clock: Clock;
  readonly #pending = new Map<string, { clouds: readonly ForeignCloud[]; timer: AbortController }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws InvalidInputError when the text is no clouds.yaml */
  read(text: string): { importId: string; clouds: readonly ForeignCloud[] } {
    const clouds = parseCloudsYaml(text);
    const importId = randomUUID();
    const timer = new AbortController();
    this.#pending.set(importId, { clouds, timer });
    this.#clock.sleep(KEPT_MS, timer.signal).then(
      () => this.forget(importId),
      () => {},
    );
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > MOST && oldest !== undefined) this.forget(oldest);
    return { importId, clouds };
  }

  /** @throws EngineError when it is forgotten */
  get(importId: string): readonly ForeignCloud[] {
    const found = this.#pending.get(importId);
    if (found) return found.clouds;
    throw new EngineError({
      kind: 'not-found',
      message: 'What was read of clouds.yaml is forgotten: it is kept for ten minutes.',
      hint: 'Give the text once more.',
    });
  }

  forget(importId: string): void {
    this.#pending.get(importId)?.timer.abort();
    this.#pending.delete(importId);
  }

  stop(): void {
    for (const importId of [...this.#pending.keys()]) this.forget(importId);
  }
}
