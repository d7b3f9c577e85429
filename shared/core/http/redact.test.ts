// What must never be readable in a log, and what must stay readable.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { redactHeaders, redactText, redactUrl } from './redact.ts';
import { parseRetryAfter } from './retry.ts';
import { VERSION } from './version.ts';

const SECRET = 'MIIabc123secret';

describe('redaction', () => {
  it('hides secret headers in any case', () => {
    const clean = redactHeaders({
      Authorization: `OBS AK:${SECRET}`,
      'X-Auth-Token': SECRET,
      'X-Subject-Token': SECRET,
      'x-obs-security-token': SECRET,
      'Content-Type': 'application/json',
    });
    expect(JSON.stringify(clean)).not.toContain(SECRET);
    expect(clean['Content-Type']).toBe('application/json');
  });

  it.each([
    `https://b.obs.r.example/k?AccessKeyId=AK&Expires=1&Signature=${SECRET}`,
    `https://b.s3.example/k?X-Amz-Signature=${SECRET}&X-Amz-Credential=${SECRET}`,
    `https://h.example/?x-obs-security-token=${SECRET}&partNumber=1`,
    `https://user:${SECRET}@h.example/`,
    `https://h.example/?X-Obs%2DSignature=${SECRET}`,
  ])('hides secrets of the URL %#', (url) => {
    expect(redactUrl(url)).not.toContain(SECRET);
  });

  it('keeps the rest of a URL', () => {
    expect(redactUrl('https://h.example/v2/images?limit=5&marker=a%2Fb')).toBe(
      'https://h.example/v2/images?limit=5&marker=a%2Fb',
    );
  });

  it.each([
    `{"auth":{"password":{"user":{"name":"x","password":"${SECRET}"}}}}`,
    `{"credential": {"secret" : "${SECRET}", "securitytoken":"${SECRET}"}}`,
    `<Error><SecurityToken>${SECRET}</SecurityToken></Error>`,
    `Authorization: OBS AK:${SECRET}`,
    `StringToSign mismatch for OBS AK:${SECRET}=`,
    `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=${SECRET}`,
    `the header X-Auth-Token: ${SECRET} is wrong`,
    `Bearer ${SECRET}`,
    `see https://b.example/k?Signature=${SECRET}&x=1`,
  ])('hides secrets of the text %#', (text) => {
    expect(redactText(text)).not.toContain(SECRET);
  });

  it('leaves ordinary texts alone', () => {
    const text = 'The image name already exists. Image id: 5f6c, token expired at 12:00, key=value';
    expect(redactText(text)).toBe(text);
  });
});

it('takes no more than linear time for texts that a hostile service may send', () => {
  const pieces = [
    ...[
      'a',
      ' ',
      '"',
      '"a"',
      '"a" ',
      '"a":',
      '"a":"',
      '\\',
      '"a":"\\',
      '<a>',
      '<a',
      '<a><a></b>',
      'OBS ',
      'OBS a',
    ],
    ...[
      'x-auth-token',
      'x-auth-token ',
      '=',
      '&a',
      'Bearer ',
      ':',
      'a:\n',
      '\n',
      'SDK-HMAC-SHA256 ',
      'a-',
      '?a=',
    ],
  ];
  const startedMs = performance.now();
  for (const piece of pieces) redactText(piece.repeat(Math.floor((512 * 1024) / piece.length)));
  // Some 0.2 s here; minutes if any of the patterns were quadratic.
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});

describe('Retry-After', () => {
  const now = Date.UTC(2023, 0, 1);
  it.each([
    ['5', 5_000],
    ['Sun, 01 Jan 2023 00:00:30 GMT', 30_000],
    ['Sun, 01 Jan 2022 00:00:30 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});

it('names the version of the package', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
});
