// The control port: health and faults over HTTP. No authentication, so it answers this machine's own tools only.

import { LocalCloudError } from './failure.ts';
import type { Faults } from './faults.ts';
import { type Exchange, header, json, type Reply, readText } from './http/exchange.ts';

const loopbackHost = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/i;
const maxBodyBytes = 1 << 20;

/** What `GET /_health` answers besides `status: "ok"`. */
export interface Health {
  /** Random id of the data directory. */
  instance: string;
}

/** Answers `GET /_health`, `GET|PUT|DELETE /_faults`. PUT adds one fault or an array of them. */
export function controlService(faults: Faults, health: Health) {
  return async (exchange: Exchange): Promise<Reply> => {
    // A web page can reach loopback too: by its own scripts (Origin) or by a name that resolves to it (Host).
    if (!loopbackHost.test(header(exchange, 'host') ?? '') || header(exchange, 'origin') !== undefined) {
      return json(403, { error: 'the control port serves this machine only' });
    }
    switch (`${exchange.method} ${exchange.rawPath}`) {
      case 'GET /_health':
        return json(200, { status: 'ok', ...health });
      case 'GET /_faults':
        return json(200, { faults: faults.list().map(plain) });
      case 'PUT /_faults':
        return put(exchange, faults);
      case 'DELETE /_faults':
        faults.clear();
        return { status: 204 };
      default:
        return json(404, { error: 'no such page' });
    }
  };
}

async function put(exchange: Exchange, faults: Faults): Promise<Reply> {
  try {
    faults.addWire(JSON.parse(await readText(exchange, maxBodyBytes)));
    return { status: 204 };
  } catch (error) {
    if (error instanceof LocalCloudError) return json(400, { error: error.message });
    if (error instanceof SyntaxError) return json(400, { error: 'the body is not JSON' });
    throw error;
  }
}

function plain(fault: ReturnType<Faults['list']>[number]) {
  const { path, count, ...rest } = fault;
  return {
    ...rest,
    ...(path instanceof RegExp ? { pathPattern: path.source } : { path }),
    count: count === Number.POSITIVE_INFINITY ? 'always' : count,
  };
}
