// The certificate made by hand, read back by node:crypto and used in a real handshake.
import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { makeCertificate, pemOf } from './certificate.ts';

describe('the certificate', () => {
  it('is one that node:crypto reads, for localhost, signed by itself', () => {
    const now = new Date('2026-03-04T05:06:07Z');
    const { der, certPem } = makeCertificate(now);
    const read = new X509Certificate(certPem);
    expect(read.raw.equals(der)).toBe(true);
    expect(read.subjectAltName).toBe('DNS:localhost');
    expect(read.checkHost('localhost')).toBe('localhost');
    expect(read.ca).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkIssued(read)).toBe(true);
    expect(new Date(read.validFrom).toISOString()).toBe('2026-03-03T05:06:07.000Z');
    expect(read.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('is of its own: no serial number occurs twice', () => {
    const serials = Array.from(
      { length: 5 },
      () => new X509Certificate(makeCertificate().certPem).serialNumber,
    );
    expect(new Set(serials).size).toBe(5);
  });

  it('works years from now, when dates take another form', () => {
    const read = new X509Certificate(makeCertificate(new Date('2055-01-01T00:00:00Z')).certPem);
    expect(new Date(read.validFrom).getUTCFullYear()).toBe(2054);
  });

  it('carries a TLS connection in which both sides are verified', async () => {
    const [mine, theirs, stranger] = [makeCertificate(), makeCertificate(), makeCertificate()];
    const server = createServer({
      cert: mine.certPem,
      key: mine.keyPem,
      ca: theirs.certPem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.on('secureConnection', (socket) => socket.end('hello'));
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const talk = (client: { certPem: string; keyPem: string }) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({
          port,
          host: '127.0.0.1',
          servername: 'localhost',
          ca: mine.certPem,
          cert: client.certPem,
          key: client.keyPem,
        });
        socket.on('data', (data) => resolve(data.toString()));
        socket.on('error', reject);
        socket.on('close', () => reject(new Error('closed')));
      });
    try {
      await expect(talk(theirs)).resolves.toBe('hello');
      await expect(talk(stranger)).rejects.toThrow();
    } finally {
      server.close();
    }
  });
});

it('has no empty line in its PEM, whatever its length', () => {
  for (let size = 1; size <= 480; size++) {
    const lines = pemOf(Buffer.alloc(size, 7)).split('\n');
    expect(lines.at(-1)).toBe('');
    expect(lines.slice(0, -1).every((line) => line.length > 0 && line.length <= 64)).toBe(true);
    expect(Buffer.from(lines.slice(1, -2).join(''), 'base64')).toHaveLength(size);
  }
});
