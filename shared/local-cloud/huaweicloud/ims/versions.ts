// The versions of the native interface (seed 001 operations 48 and 49): status 300 with a JSON body.
import { type Exchange, header, json, type Reply } from '../../http/exchange.ts';

const versions: [id: string, status: 'CURRENT' | 'SUPPORTED' | 'DEPRECATED', path: string][] = [
  ['v2.2', 'CURRENT', '/v2/'],
  ['v2.1', 'SUPPORTED', '/v2/'],
  ['v2.0', 'SUPPORTED', '/v2/'],
  ['v1.1', 'DEPRECATED', '/v1/'],
  ['v1.0', 'DEPRECATED', '/v1/'],
];

/** The reply to `GET /` or `GET /{api_version}`, which need no token; undefined for anything else. */
export function versionsReply(exchange: Exchange): Reply | undefined {
  const wanted = /^\/(?:(v\d+\.\d+)\/?)?$/.exec(exchange.rawPath);
  if (exchange.method !== 'GET' || wanted === null) return undefined;
  const found = versions.filter(([id]) => wanted[1] === undefined || wanted[1] === id);
  if (found.length === 0) return undefined;
  const base = `http://${header(exchange, 'host') ?? 'localhost'}`;
  return json(300, {
    versions: found.map(([id, status, path]) => ({
      status,
      id,
      links: [{ href: `${base}${path}`, rel: 'self' }],
    })),
  });
}
