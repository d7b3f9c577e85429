// Answers of the system about proxies, as Chromium gives them, and broken ones.
import { expect, test } from 'vitest';
import { isWebAddress, proxyOf } from './proxy.ts';

test.each([
  ['DIRECT', null],
  ['', null],
  ['PROXY proxy.example.com:3128', 'http://proxy.example.com:3128'],
  ['PROXY a:3128; PROXY b:3128; DIRECT', 'http://a:3128'],
  ['HTTPS secure.example.com:443;DIRECT', 'https://secure.example.com:443'],
  ['  proxy   10.0.0.1:8080  ', 'http://10.0.0.1:8080'],
  ['PROXY [2001:db8::1]:3128', 'http://[2001:db8::1]:3128'],
  ['DIRECT; PROXY a:3128', null],
  ['SOCKS5 s:1080; PROXY a:3128', 'http://a:3128'],
  ['SOCKS5 s:1080', 'socks5://s:1080'],
  ['SOCKS s:1080; DIRECT', 'socks4://s:1080'],
  ['QUIC q:443; PROXY a:3128', 'http://a:3128'],
])('%j means %j', (answer, proxy) => {
  expect(proxyOf(answer)).toBe(proxy);
});

test.each([
  'PROXY a',
  'PROXY a:0',
  'PROXY a:65536',
  'PROXY a:3128/path',
  'PROXY user:secret@a:3128',
  'PROXY a:3128 b:3128',
  'PROXY a:3128\nHost: x',
  'PROXY file:///etc/passwd',
  'PROXY [::1',
  'PROXY -a:1',
  'toString a:1',
  '__proto__ a:1',
])('%j is not believed', (answer) => {
  expect(proxyOf(answer)).toBeNull();
});

test('only addresses of the web are asked about', () => {
  expect(isWebAddress('https://obs.example.com/')).toBe(true);
  expect(isWebAddress('http://10.0.0.1:8080/x')).toBe(true);
  expect(isWebAddress('file:///etc/passwd')).toBe(false);
  expect(isWebAddress('nonsense')).toBe(false);
});
