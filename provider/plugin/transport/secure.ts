// The encrypted side of the server: TLS in which only the Terraform that started this process is let in.
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import type { Certificate } from './certificate.ts';

/**
 * A TLS server that hands over connections whose client proved to hold the key of one certificate, and drops others.
 *
 * The client's certificate is compared as a whole instead of naming it as an authority: that is stricter, and spares each
 * start the 20 ms in which Node reads all of its root certificates as soon as `ca` is given.
 * @param clientPem the certificate Terraform made for itself, from PLUGIN_CLIENT_CERT
 */
export function secureListener(
  own: Certificate,
  clientPem: string,
  accept: (socket: Duplex) => void,
): Server {
  const expected = new X509Certificate(clientPem).raw;
  return createServer(
    {
      cert: own.certPem,
      key: own.keyPem,
      ca: [],
      requestCert: true,
      // The handshake still proves that the client holds the key; which certificate it is, is checked below.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['h2'],
    },
    (socket) => {
      socket.on('error', () => {});
      const certificate = socket.getPeerX509Certificate();
      if (certificate?.raw.equals(expected) === true) accept(socket);
      else socket.destroy();
    },
  );
}
