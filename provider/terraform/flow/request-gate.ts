// Keeps the requests of one account within a rate and a number at once, for each service. Imports types of the core.
import type { Clock, RequestGate } from '@imagebridge/core';
import { Turnstile, type TurnstileLimits } from './turnstile.ts';

/**
 * A gate for the requests of one account. Each service (origin of a URL) has a line of its own, because each region counts for
 * itself. Requests that carry much data pass at once: they have their own limits, and would hold a place for minutes.
 * @param limits asked when a service is first met
 */
export function requestGate(
  limits: () => TurnstileLimits,
  clock: Clock,
  cancelled: () => Error,
): RequestGate {
  const services = new Map<string, Turnstile>();
  return {
    async enter(service, bulk, signal) {
      if (bulk) return () => {};
      let line = services.get(service);
      if (line === undefined) {
        line = new Turnstile(limits(), clock, cancelled);
        services.set(service, line);
      }
      return line.enter(signal);
    },
  };
}
