// Who calls the identity and image services: by token, or by a request signed with the access key.
import { Readable } from 'node:stream';
import { type Exchange, header } from '../http/exchange.ts';
import { equalSecret } from '../object-store/signature.ts';
import type { LocalAccount } from '../options.ts';
import { readChunks } from '../store/blobs.ts';
import { parseAuthorization, sdkSignature } from './sdk-signature.ts';
import type { TemporaryKeys } from './temporary-keys.ts';
import type { Tokens } from './tokens.ts';

/** A caller that is known. */
export interface Session {
  account: LocalAccount;
  /** Absent for a token of the whole account. */
  projectId: string | undefined;
}

/** Largest body of a signed request, in bytes (seed 001 §3: 12 MB). */
const maxSignedBodyBytes = 12 << 20;
const maxSkewMs = 15 * 60_000;

/** The caller and the request to go on with (a signed body has been read), or why it is refused. */
export type Authenticated = { session: Session; exchange: Exchange } | { refusal: string; tooLarge?: true };

/** Finds out who calls. */
export async function authenticate(
  exchange: Exchange,
  options: { accounts: readonly LocalAccount[]; tokens: Tokens; temporaryKeys: TemporaryKeys },
): Promise<Authenticated> {
  const { accounts, tokens } = options;
  const authorization = header(exchange, 'authorization');
  if (authorization !== undefined) return bySignature(exchange, authorization, options);
  const token = tokens.find(header(exchange, 'x-auth-token') ?? '', exchange.now);
  const account = accounts.find((candidate) => candidate.domainId === token?.domainId);
  if (account === undefined) {
    return { refusal: 'Incorrect IAM authentication information: the token is missing, unknown or expired' };
  }
  return { session: { account, projectId: token?.projectId }, exchange };
}

async function bySignature(
  exchange: Exchange,
  authorization: string,
  { accounts, temporaryKeys }: { accounts: readonly LocalAccount[]; temporaryKeys: TemporaryKeys },
): Promise<Authenticated> {
  const given = parseAuthorization(authorization);
  const temporary = temporaryKeys.lookup(given?.accessKey ?? '');
  const account = accounts.find((candidate) =>
    temporary === undefined
      ? candidate.accessKey === given?.accessKey
      : candidate.domainId === temporary.domainId,
  );
  if (given === undefined || account === undefined) {
    return { refusal: 'Incorrect IAM authentication information: the access key does not exist' };
  }
  const securityToken = header(exchange, 'x-security-token') ?? '';
  if (temporary !== undefined && !equalSecret(securityToken, temporary.securityToken)) {
    return { refusal: 'Incorrect IAM authentication information: the security token does not fit the key' };
  }
  const date = header(exchange, 'x-sdk-date') ?? '';
  const timeMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(exchange.now - timeMs) <= maxSkewMs)) {
    return { refusal: 'Incorrect IAM authentication information: X-Sdk-Date is missing or too far off' };
  }
  const body = await readBytes(exchange);
  if (body === undefined) {
    return { refusal: 'The body of a signed request may have 12 MB: use a token', tooLarge: true };
  }
  const secretKey = temporary?.secretKey ?? account.secretKey;
  const expected = sdkSignature(exchange, given.signedHeaders, body, secretKey);
  if (expected === undefined || !equalSecret(given.signature, expected)) {
    return { refusal: 'Incorrect IAM authentication information: the signature does not match' };
  }
  // Without a project the caller acts in the region's own.
  const projectId =
    header(exchange, 'x-project-id') ?? temporary?.projectId ?? account.projects[exchange.region ?? ''];
  return {
    session: { account, projectId },
    exchange: { ...exchange, body: Readable.from(body.length === 0 ? [] : [body]), addBytesIn: () => {} },
  };
}

async function readBytes(exchange: Exchange): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  await readChunks(exchange.body, (chunk) => {
    exchange.addBytesIn(chunk.length);
    size += chunk.length;
    if (size <= maxSignedBodyBytes) chunks.push(chunk);
    return undefined;
  });
  return size <= maxSignedBodyBytes ? Buffer.concat(chunks) : undefined;
}
