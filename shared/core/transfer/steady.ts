// Time that never jumps. Rates, limits and timeouts are measured with it; only what is shown or stored is wall time.
import { performance } from 'node:perf_hooks';
import { type Clock, systemClock } from '../model/index.ts';

/**
 * The same clock for measuring: its `now` counts milliseconds from an arbitrary moment, and setting the machine's time
 * does not change it. A clock other than the system's is a test's own and is taken as it is.
 */
export function steadyClock(clock: Clock): Clock {
  if (clock !== systemClock) return clock;
  return { now: () => performance.now(), sleep: clock.sleep };
}
