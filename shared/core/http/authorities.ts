// Which certificate authorities are trusted: the system's, and those of a file that the profile names. Reads that file.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { InvalidInputError, LocalFileError } from '../model/index.ts';

/**
 * The authorities to trust when a profile names a file: the usual ones and those of the file.
 * @param path of a PEM file
 * @throws LocalFileError when the file cannot be read; InvalidInputError when it has no certificate
 */
export function authoritiesWith(path: string): string[] {
  const operation = `read the certificates in ${path}`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new LocalFileError({
      operation,
      reason:
        code === 'ENOENT' ? 'the file does not exist' : code === 'EACCES' ? 'the file may not be read' : code,
      hint: 'Check ca_file of the profile.',
      cause,
    });
  }
  const certificates = blocksOf(text);
  const hint = 'ca_file must name a file with certificates in PEM (-----BEGIN CERTIFICATE-----).';
  if (certificates.length === 0) {
    throw new InvalidInputError({ operation, reason: 'the file has no certificate', hint });
  }
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      const reason = `certificate ${index + 1} of the file is broken`;
      throw new InvalidInputError({ operation, reason, hint, cause });
    }
  }
  return [...usualAuthorities(), ...certificates];
}

const blocksOf = (text: string): string[] =>
  text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];

/** What Node trusts by itself, NODE_EXTRA_CA_CERTS included: giving it authorities makes it forget them. */
function usualAuthorities(): string[] {
  // Newer versions of Node tell; they know the system's store too.
  const ask: unknown = Reflect.get(tls, 'getCACertificates');
  const told: unknown = typeof ask === 'function' ? ask('default') : undefined;
  if (Array.isArray(told)) return told.filter((one) => typeof one === 'string');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  if (!extra) return [...tls.rootCertificates];
  try {
    return [...tls.rootCertificates, ...blocksOf(readFileSync(extra, 'utf8'))];
  } catch {
    // Node itself only warns.
    return [...tls.rootCertificates];
  }
}
