// Notices that this machine has lost an address, as it does when a cable is pulled or a laptop goes to another network: what
// was connected by it is dead, and nobody says so. Asks the system every few seconds.
import { networkInterfaces } from 'node:os';
import type { Clock } from '@imagebridge/core';

const LOOK_EVERY_MS = 3_000;

/** What is needed to watch. */
export interface AddressOptions {
  clock: Clock;
  /** Called for each look at which an address was gone. The signal aborts when the watch ends. */
  onLost: (signal: AbortSignal) => void;
  /** The system's interfaces. */
  interfaces?: typeof networkInterfaces;
}

/** Watches until the returned function is called. */
export function watchAddresses({
  clock,
  onLost,
  interfaces = networkInterfaces,
}: AddressOptions): () => void {
  const over = new AbortController();
  const watch = async () => {
    let before = addresses(interfaces);
    while (!over.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, over.signal);
      const now = addresses(interfaces);
      if ([...before].some((address) => !now.has(address))) onLost(over.signal);
      before = now;
    }
  };
  // It ends by being stopped only: that is no failure.
  watch().catch(() => {});
  return () => over.abort();
}

/** Addresses that lead out of the machine. Those of one link only come and go with every container. */
function addresses(interfaces: typeof networkInterfaces): Set<string> {
  const all = Object.values(interfaces()).flatMap((some) => some ?? []);
  return new Set(
    all
      .filter(({ internal, address }) => !internal && !/^(fe[89ab]|169\.254\.)/i.test(address))
      .map(({ address }) => address),
  );
}
