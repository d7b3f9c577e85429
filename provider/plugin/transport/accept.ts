// Turns connections into HTTP/2 sessions that answer gRPC calls, encrypted or not.
import { createServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import { HTTP2_OPTIONS, type Routes, serveGrpc } from '../grpc/server.ts';
import type { Certificate } from './certificate.ts';
import { secureListener } from './secure.ts';

/**
 * What to do with each connection.
 * @param tls our certificate, and the only client's; undefined for no encryption
 */
export function acceptor(
  tls: { readonly certificate: Certificate; readonly clientPem: string } | undefined,
  routes: Routes,
): (socket: Duplex) => void {
  const http2 = createServer(HTTP2_OPTIONS);
  serveGrpc(http2, routes);
  const serve = (socket: Duplex): void => void http2.emit('connection', socket);
  if (tls === undefined) return serve;
  const secure = secureListener(tls.certificate, tls.clientPem, serve);
  return (socket) => void secure.emit('connection', socket);
}
