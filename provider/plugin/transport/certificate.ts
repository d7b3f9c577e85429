// A self-signed certificate for one run of the server. By hand over node:crypto: a library costs 90 ms and more per start.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bits, boolean, der, integer, octets, oid, sequence, set, text, time } from './der.ts';

/** A certificate and its key. */
export interface Certificate {
  readonly der: Buffer;
  readonly certPem: string;
  /** Never leaves the process. */
  readonly keyPem: string;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const extension = (id: string, critical: boolean, value: Uint8Array) =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

/** Makes an EC P-256 certificate for `localhost` (the name Terraform asks for) that is its own authority. */
export function makeCertificate(now: Date = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid('2.5.4.3'), text('localhost'))));
  const extensions = sequence(
    extension('2.5.29.19', true, sequence(boolean(true))), // basic constraints: an authority
    extension('2.5.29.15', true, bits(Buffer.of(0xac), 2)), // key usage: signature, encipherment, agreement, cert signing
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))), // server and client
    extension('2.5.29.17', false, sequence(der(0x82, Buffer.from('localhost')))), // alternative name: DNS
  );
  const dayMs = 86_400_000;
  const content = sequence(
    der(0xa0, integer(Buffer.of(2))), // version 3
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])), // a random serial number that needs no sign byte
    ECDSA_WITH_SHA256,
    name,
    // A day back, for clocks that are moved while Terraform runs.
    sequence(time(new Date(now.getTime() - dayMs)), time(new Date(now.getTime() + 3650 * dayMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const whole = sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, privateKey)));
  return {
    der: whole,
    certPem: pemOf(whole),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A certificate as PEM. A full last line is not followed by an empty one: OpenSSL refuses that. */
export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
