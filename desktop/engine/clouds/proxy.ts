// Asks the shell which proxy the system wants for an address. Sends nothing by itself.
import type { Clock } from '@imagebridge/core';
import type { Host, Log } from '../context.ts';

const ANSWER_MS = 5_000;

/** Finds out proxies. */
export interface ProxyResolver {
  /**
   * The URL of the proxy that the system wants for an address. Undefined: none, or nobody could tell in time; then the
   * variables of the environment decide.
   */
  resolve(url: string): Promise<string | undefined>;
  setHost(host: Host): void;
  /** Answers everything that waits, by undefined. */
  stop(): void;
}

/** Makes a resolver. Without a host it knows nothing. */
export function proxyResolver({ clock, log }: { clock: Clock; log: Log }): ProxyResolver {
  const waiting = new Map<number, (proxy: string | undefined) => void>();
  let host: Host | undefined;
  let nextId = 1;

  return {
    setHost(given) {
      host = given;
      given.onCommand((command) => {
        if (command.type === 'proxy') waiting.get(command.id)?.(usable(command.proxy));
      });
    },
    resolve(url) {
      if (host === undefined) return Promise.resolve(undefined);
      const asked = host;
      const id = nextId++;
      const timer = new AbortController();
      return new Promise((resolve) => {
        waiting.set(id, (proxy) => {
          waiting.delete(id);
          timer.abort();
          resolve(proxy);
        });
        clock.sleep(ANSWER_MS, timer.signal).then(
          () => {
            log.warn(`The system did not say which proxy leads to ${originOf(url)}: none is assumed.`);
            waiting.get(id)?.(undefined);
          },
          () => {},
        );
        asked.report({ type: 'resolve-proxy', id, url });
      });
    },
    stop() {
      for (const answer of [...waiting.values()]) answer(undefined);
    },
  };

  /** Other kinds (SOCKS) cannot be used here. */
  function usable(proxy: string | null): string | undefined {
    if (proxy === null) return undefined;
    if (/^https?:\/\//i.test(proxy) && URL.canParse(proxy)) return proxy;
    log.warn('The system wants a proxy of a kind that cannot be used here: only http and https can.');
    return undefined;
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'the cloud');
