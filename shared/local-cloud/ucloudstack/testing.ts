// A client of the family for the tests of this folder. It signs for itself, on purpose by other code than the server's.
import { createHash, createHmac } from 'node:crypto';
import type { LocalAccount } from '../options.ts';
import { send, type TestCloud, type TestReply } from '../testing/client.ts';

/** Values as a caller writes them; a list becomes `Name.0`, `Name.1`, … */
export type Values = Record<string, string | number | boolean | readonly string[] | undefined>;

/** An answer of the action API. */
export interface Answer {
  retCode: number;
  message: string;
  reply: TestReply;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies freely; a wrong look fails the test
  data: any;
}

/** Flattened parameters, without what is undefined. */
export function flat(values: Values): [string, string][] {
  return Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (typeof value === 'object') return value.map((item, index) => [`${name}.${index}`, item]);
    return [[name, String(value)]];
  });
}

/** Adds the signature to flattened parameters. */
export function signed(parameters: [string, string][], privateKey: string): [string, string][] {
  const hash = createHash('sha1');
  const byBytes = (a: string, b: string) => Buffer.from(a).compare(Buffer.from(b));
  for (const [name, value] of [...parameters].sort((a, b) => byBytes(a[0], b[0])))
    hash.update(name).update(value);
  return [...parameters, ['Signature', hash.update(privateKey).digest('hex')]];
}

/** The administrator's account. */
export function operatorOf(test: TestCloud): LocalAccount {
  const account = test.cloud.accounts.find((one) => one.ucloudstack.admin);
  if (account === undefined) throw new Error('an administrator is expected');
  return account;
}

/** Base64 of both halves of a tag. */
export const tagPair = (key: string, value: string) =>
  `${Buffer.from(key).toString('base64')}:${Buffer.from(value).toString('base64')}`;

/** Reads an answer and checks its envelope. */
export function answerOf(reply: TestReply): Answer {
  const data = JSON.parse(reply.text);
  if (reply.status !== 200 || typeof data.RetCode !== 'number' || typeof data.Message !== 'string') {
    throw new Error(`no answer of the action API: HTTP ${reply.status} ${reply.text}`);
  }
  return { retCode: data.RetCode, message: data.Message, data, reply };
}

/** A caller of the action API who posts forms. */
export function callerOf(test: TestCloud, account = test.acme, region = 'local-1') {
  const { publicKey, privateKey, companyId } = account.ucloudstack;
  const form = (action: string, values: Values): string => {
    const all = flat({ Action: action, PublicKey: publicKey, Region: region, ...values });
    return new URLSearchParams(signed(all, privateKey)).toString();
  };
  const call = async (action: string, values: Values = {}): Promise<Answer> => {
    const body = form(action, values);
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return answerOf(await send(`${test.cloud.endpoints.ucloudstack}/api`, { method: 'POST', headers, body }));
  };
  const good = async (action: string, values: Values = {}): Promise<Answer['data']> => {
    const { retCode, message, data } = await call(action, values);
    if (retCode !== 0) throw new Error(`${action}: ${retCode} ${message}`);
    return data;
  };
  const image = async (id: string): Promise<Answer['data']> =>
    (await good('DescribeImage', { ImageIDs: [id] })).Infos[0];
  return {
    /** The signed form of a request. */
    form,
    call,
    /** The same for what must succeed. */
    good,
    image,
    /** Moves the clock until an image is made, and tells what became of it. */
    async finish(id: string): Promise<Answer['data']> {
      test.clock.ms += 1001;
      for (let left = 200; left > 0; left -= 1) {
        const info = await image(id);
        if (info === undefined || !/Making$/.test(info.ImageStatus)) return info;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${id} does not come to an end`);
    },
    /** The usual parameters of an import. */
    draft(values: Values = {}): Values {
      return {
        CompanyID: companyId,
        TagKeyValuePairs: [tagPair('test', 'test-1')],
        ImageName: 'new',
        ImageFormat: 'qcow2',
        OSType: 'Linux',
        SetArch: 'x86_64',
        OSDistribution: 'CentOS',
        OSVersion: '7',
        ImportType: 'Local',
        ...values,
      };
    },
    /** Sends a part of a local upload. */
    part: (imageId: string, uploadId: string, number: number, body: Buffer | string) =>
      mirror(test, 'PUT', imageId, `partNumber=${number}&uploadId=${uploadId}`, { account, region, body }),
  };
}

/** A request to the bucket of uploads, with the object store's own signature. */
export async function mirror(
  test: TestCloud,
  method: string,
  key: string,
  query: string,
  options: { account?: LocalAccount; region?: string; body?: Buffer | string } = {},
): Promise<TestReply> {
  const { account = test.acme, region = 'local-1', body } = options;
  const date = new Date(test.clock.ms).toUTCString();
  const path = `/mirror/${key}`;
  const text = [method, '', '', '', `x-obs-date:${date}\n${path}?${query}`].join('\n');
  const mac = createHmac('sha1', account.secretKey).update(text).digest('base64');
  return send(`${test.cloud.endpoints.regions[region]?.ucloudstackS3}${path}?${query}`, {
    method,
    headers: { 'x-obs-date': date, authorization: `OBS ${account.accessKey}:${mac}` },
    ...(body === undefined ? {} : { body }),
  });
}

/** A file that begins like a qcow2 of some virtual size. */
export function qcow2(sizeBytes: number, virtualGiB = 1, fill = 0): Buffer {
  const file = Buffer.alloc(sizeBytes, fill);
  file.write('QFI\xfb', 0, 'latin1');
  file.writeUInt32BE(3, 4);
  file.writeBigUInt64BE(BigInt(virtualGiB) << 30n, 24);
  return file;
}

/** A file that has the mark of an ISO 9660 file system. */
export function iso(): Buffer {
  const file = Buffer.alloc(40_000);
  file.write('CD001', 32_769);
  return file;
}

/** The same with the signature version 4 of S3, the body's hash included or left out, as headers or in the URL. */
export async function mirrorV4(
  test: TestCloud,
  key: string,
  query: Record<string, string>,
  options: {
    account?: LocalAccount;
    body?: Buffer;
    form?: 'signed' | 'unsigned' | 'url';
    signedBody?: Buffer;
  } = {},
): Promise<TestReply> {
  const { account = test.acme, body, form = 'signed' } = options;
  const base = test.cloud.endpoints.regions['local-1']?.ucloudstackS3 ?? '';
  const date = new Date(test.clock.ms).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const hash = createHash('sha256')
    .update(options.signedBody ?? body ?? '')
    .digest('hex');
  const payload = form === 'signed' ? hash : 'UNSIGNED-PAYLOAD';
  const headers: Record<string, string> =
    form === 'url' ? {} : { 'x-amz-content-sha256': payload, 'x-amz-date': date };
  const names = ['host', ...Object.keys(headers)].sort();
  const all = new Map(Object.entries(query));
  if (form === 'url') {
    all.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256').set('X-Amz-Credential', `${account.accessKey}/${scope}`);
    all.set('X-Amz-Date', date).set('X-Amz-Expires', '300').set('X-Amz-SignedHeaders', 'host');
  }
  const text = [...all]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const value = (name: string) => (name === 'host' ? new URL(base).host : (headers[name] ?? ''));
  const method = body === undefined ? 'GET' : 'PUT';
  const lines = names.map((name) => `${name}:${value(name)}\n`).join('');
  const canonical = [method, `/mirror/${key}`, text, lines, names.join(';'), payload].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const mac = (secret: string | Buffer, data: string) => createHmac('sha256', secret).update(data).digest();
  const signingKey = scope.split('/').reduce<string | Buffer>(mac, `AWS4${account.secretKey}`);
  const signature = mac(signingKey, ['AWS4-HMAC-SHA256', date, scope, digest].join('\n')).toString('hex');
  if (form !== 'url') {
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${account.accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  }
  return send(`${base}/mirror/${key}?${text}${form === 'url' ? `&X-Amz-Signature=${signature}` : ''}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}
