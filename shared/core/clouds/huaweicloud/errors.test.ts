// Every shape in which the family says no, and the classes that come of it.
import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../../http/index.ts';
import {
  AuthenticationError,
  ConflictError,
  NotFoundError,
  PermissionError,
  ProtocolError,
  QuotaError,
  ThrottledError,
  UnavailableError,
  UnsupportedError,
} from '../../model/index.ts';
import { readServiceError } from '../service-error.ts';
import { IMAGE_CODES, KIND_BY_CODE, OTHER_CODES } from './error-codes.ts';
import { isThrottled, isTokenRefused, toError } from './errors.ts';

function reply(
  status: number,
  body: string,
  headers: Record<string, string> = {},
  method = 'GET',
): HttpReply {
  const bytes = Buffer.from(body);
  return {
    status,
    headers,
    method,
    url: 'https://ims.example/v2/images',
    requestId: headers['x-request-id'],
    body: bytes,
    text: () => body,
  };
}
const context = { operation: 'delete image i-1', cloud: 'huaweicloud "prod"' };
const ims = (code: string, status = 400, method = 'GET') =>
  toError(reply(status, JSON.stringify({ error_code: code, error_msg: 'text' }), {}, method), context);

describe('shapes', () => {
  it.each([
    ['seed 001 §3.3', '{"error_code":"IMG.0001","error_msg":"wrong"}', 'IMG.0001', 'wrong'],
    ['appendix B', '{"error":{"code":"IMG.0024","message":"type"}}', 'IMG.0024', 'type'],
    ['code and message', '{"code":"IMS.1","message":"m"}', 'IMS.1', 'm'],
    ['IAM', '{"error":{"code":401,"message":"bad password","title":"Unauthorized"}}', '401', 'bad password'],
    ['a nested pair', '{"a":{"b":{"error_code":"X.1","error_msg":"deep"}}}', 'X.1', 'deep'],
    [
      'the object store',
      '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>9</RequestId></Error>',
      'NoSuchKey',
      'gone',
    ],
    ['plain text', 'Service down', undefined, 'Service down'],
    ['broken JSON', '{"error_code":', undefined, '{"error_code":'],
    [
      'HTML',
      '<html><head><title>502 Bad Gateway</title></head></html>',
      undefined,
      'web page "502 Bad Gateway"',
    ],
    ['nothing', '', undefined, undefined],
  ])('reads %s', (_, body, code, message) => {
    expect(readServiceError(reply(400, body))).toMatchObject({ code, message });
  });

  it('takes the gateway’s id of the request', () => {
    const body =
      '{"error_msg":"Incorrect app authentication information","error_code":"APIG.0303","request_id":"r-7"}';
    expect(toError(reply(401, body), context)).toMatchObject({
      kind: 'authentication',
      details: { code: 'APIG.0303', requestId: 'r-7' },
    });
  });

  it('takes the code of a HEAD from the header', () => {
    const error = toError(reply(403, '', { 'x-obs-error-code': 'SignatureDoesNotMatch' }, 'HEAD'), context);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.details.code).toBe('SignatureDoesNotMatch');
  });

  it('cuts long messages and removes secrets from them', () => {
    const error = toError(
      reply(400, JSON.stringify({ error_code: 'X', error_msg: `X-Auth-Token: abc123 ${'y'.repeat(5_000)}` })),
      context,
    );
    expect(error.message).not.toContain('abc123');
    expect(error.message.length).toBeLessThan(700);
  });
});

describe('classes', () => {
  it.each([
    ['IMG.0009', ConflictError],
    ['IMG.0015', QuotaError],
    ['IMG.0026', PermissionError],
    ['IMG.0027', NotFoundError],
    ['IMG.0028', ConflictError],
    ['IMG.0060', ThrottledError],
    ['IMG.0087', AuthenticationError],
    ['IMG.0094', UnsupportedError],
    ['IMG.0061', UnavailableError],
  ])('makes of %s its class', (code, type) => {
    expect(ims(code)).toBeInstanceOf(type);
  });

  it('believes a 404 more than the code of a wrong id', () => {
    expect(ims('IMG.0031', 404)).toBeInstanceOf(NotFoundError);
    expect(ims('IMG.0031', 400).kind).toBe('invalid-input');
  });

  it('says what was tried, where, what came and what to do', () => {
    expect(ims('IMG.0028').message).toBe(
      'Could not delete image i-1 on huaweicloud "prod": the service answered: HTTP 400, IMG.0028, text. Remove the protection of the image first.',
    );
  });

  it('calls what goes away by itself retryable, and faults only for reads', () => {
    expect(ims('IMG.0090').retryable).toBe(true);
    expect(ims('IMG.0008').retryable).toBe(false);
    expect(ims('IMG.0023', 400, 'GET').retryable).toBe(true);
    expect(ims('IMG.0014', 400, 'POST').retryable).toBe(false);
  });

  it.each([
    [401, AuthenticationError],
    [403, PermissionError],
    [404, NotFoundError],
    [409, ConflictError],
    [429, ThrottledError],
    [500, UnavailableError],
    [503, UnavailableError],
  ])('falls back to the status %i', (status, type) => {
    expect(toError(reply(status, '{}'), context)).toBeInstanceOf(type);
  });

  it('does not take a web page or a redirect for the service', () => {
    const page = '<!DOCTYPE html><title>Login</title>';
    expect(toError(reply(404, page), context)).toBeInstanceOf(ProtocolError);
    expect(toError(reply(404, page), context).message).toContain('answered HTML');
    expect(toError(reply(302, '', { location: 'http://x/?token=abc' }), context).message).toContain(
      'a redirect',
    );
  });

  it('tells what a network’s sign-in page may be from what a proxy says of one call', () => {
    const page = '<!DOCTYPE html><title>Login</title>';
    const isForeign = (status: number, text: string) => toError(reply(status, text), context).details.foreign;
    for (const status of [302, 307, 511]) expect(isForeign(status, page)).toBe(true);
    for (const status of [403, 404, 502]) expect(isForeign(status, page)).not.toBe(true);
    const redirect = '{"error_code":"X.0001","error_msg":"The bucket is elsewhere."}';
    expect(isForeign(307, redirect)).not.toBe(true);
  });
});

/** Appendix B of seed 001, by class and by what a repetition can do; written down apart from the table of the product. */
const APPENDIX_B: Record<string, string> = {
  'billing no': '0238 0239 0241 0242',
  'denied no': '0026 0047 0069 0092 0106 0137 0151 0161',
  'denied token': '0030 0087',
  'input no':
    '0001 0002 0003 0004 0007 0009 0011 0012 0013 0017 0019 0021 0024 0025 0031 0033 0035 0041 0054 0055 0056 0057 0058 0059 0062 0066 0067 0068 0072 0073 0074 0075 0076 0085 0104 0109 0111 0115 0117 0120 0122 0123 0140 0141 0142 0145 0147 0157 0158 0159 0162 0166 0169 0170 0171 0172 0173 0174 0175 0177 0178 0192 0193 0194 0195 0198 0212',
  'key cond': '0097 0102',
  'key no': '0095 0096 0099 0100 0101 0103',
  'missing no': '0005 0020 0027 0086 0108 0121 0144 0184',
  'quota no': '0015 0088 0116 0182 0185',
  'quota wait': '0060 0149 0187',
  'state cond': '0006 0008 0022 0032 0046 0110 0119 0126 0139 0188 0196',
  'state no': '0028 0029 0070 0083 0084 0150 0164 0183',
  'state wait': '0010 0090 0136 0148 0152',
  'system sys':
    '0014 0016 0018 0023 0036 0037 0038 0039 0040 0045 0053 0061 0064 0065 0112 0113 0114 0138 0154 0176 0179 0181 0191 1075',
  'unsupported no':
    '0034 0063 0071 0077 0079 0080 0081 0089 0094 0098 0105 0118 0125 0128 0130 0135 0143 0146 0153 0160 0163 0167 0168 0180 0189 0190 0197',
};
const APPENDIX_ROWS = Object.entries(APPENDIX_B).flatMap(([facts, codes]) => {
  const [kind = '', retry = ''] = facts.split(' ');
  return codes.split(' ').map((code) => ({ code: `IMG.${code}`, kind, retry }));
});
/** The kinds that a class of codes may become. */
const KINDS: Record<string, readonly string[]> = {
  billing: ['permission'],
  denied: ['permission', 'authentication'],
  input: ['invalid-input', 'conflict'],
  key: ['permission', 'not-found', 'conflict', 'invalid-input'],
  missing: ['not-found'],
  quota: ['quota', 'throttled'],
  state: ['conflict'],
  system: ['unavailable'],
  unsupported: ['unsupported'],
};

describe('every code of appendix B', () => {
  it('is a row here, and of no other number', () => {
    expect(APPENDIX_ROWS).toHaveLength(180);
    expect(APPENDIX_ROWS.map(({ code }) => code).sort()).toEqual(Object.keys(IMAGE_CODES).sort());
  });

  it.each(APPENDIX_ROWS)('$code becomes an error ($kind, $retry)', ({ code, kind, retry }) => {
    const shapes = [
      JSON.stringify({ error_code: code, error_msg: '请求错误' }),
      JSON.stringify({ error: { code, message: '请求错误' } }),
      `<error><code>${code}</code><message>请求错误</message></error>`,
    ];
    for (const body of shapes) {
      for (const method of ['GET', 'POST']) {
        const status = code === 'IMG.0026' ? 403 : 400;
        const answered = reply(status, body, { 'x-request-id': 'req-7' }, method);
        const error = toError(answered, { ...context, object: 'i-1' });
        expect(KINDS[kind]).toContain(error.kind);
        expect(error.details).toMatchObject({
          operation: 'delete image i-1',
          cloud: 'huaweicloud "prod"',
          object: 'i-1',
          code,
          serviceMessage: '请求错误',
          httpStatus: status,
          requestId: 'req-7',
          hint: expect.stringMatching(/^\p{L}.{6,}\.$/u),
        });
        expect(error.retryable).toBe(retry === 'wait' || (retry === 'sys' && method === 'GET'));
        expect(isTokenRefused(answered)).toBe(retry === 'token');
        expect(isThrottled(answered)).toBe(error.kind === 'throttled');
      }
    }
  });
});

describe('the tables', () => {
  it('hold the 180 codes of the appendix, each with a sentence', () => {
    const codes = Object.entries(IMAGE_CODES);
    expect(codes).toHaveLength(180);
    for (const [code, [, hint]] of codes) {
      expect(code).toMatch(/^IMG\.\d{4}$/);
      expect(hint, code).toMatch(/^[a-zA-Z].{7,}\.$/);
    }
    expect(Object.keys(KIND_BY_CODE).filter((code) => !(code in IMAGE_CODES))).toEqual([]);
    for (const [, hint] of Object.values(OTHER_CODES)) expect(hint).toMatch(/\.$/);
  });

  it('know what is too many, and what a new token may help', () => {
    expect(isThrottled(reply(400, '{"error_code":"IMG.0060","error_msg":""}'))).toBe(true);
    expect(isThrottled(reply(503, '<Error><Code>SlowDown</Code></Error>'))).toBe(true);
    expect(isThrottled(reply(503, '<Error><Code>ServiceUnavailable</Code></Error>'))).toBe(false);
    expect(isThrottled(reply(200, '{"error_code":"IMG.0060"}'))).toBe(false);
    expect(isTokenRefused(reply(401, ''))).toBe(true);
    expect(isTokenRefused(reply(400, '{"error":{"code":"IMG.0087","message":""}}'))).toBe(true);
    expect(isTokenRefused(reply(403, '{}'))).toBe(false);
  });
});
