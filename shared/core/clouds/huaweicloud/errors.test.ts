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
