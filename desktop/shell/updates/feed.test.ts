// Updates are off unless a plain https address is set; nobody is asked twice.
import { expect, test } from 'vitest';
import { feedUrl, Questions } from './feed.ts';

test.each([
  ['', undefined],
  ['  ', undefined],
  ['http://mirror.example.cn/imagebridge', undefined],
  ['ftp://mirror.example.cn/', undefined],
  ['file:///tmp/feed', undefined],
  ['https://user:secret@mirror.example.cn/', undefined],
  ['https://', undefined],
  ['mirror.example.cn', undefined],
  ['javascript:alert(1)', undefined],
  [' https://mirror.example.cn/imagebridge ', 'https://mirror.example.cn/imagebridge'],
  ['https://mirror.example.cn/a#b', 'https://mirror.example.cn/a'],
  ['https://镜像.example.cn/', 'https://xn--o1q148n.example.cn/'],
])('%j is %j', (setting, url) => {
  expect(feedUrl(setting)).toBe(url);
});

test('nobody is asked the same twice, but who looks for updates is always told', () => {
  const questions = new Questions();
  expect(questions.mayAsk('download', '1.1.0', false)).toBe(true);
  expect(questions.mayAsk('download', '1.1.0', false)).toBe(false);
  expect(questions.mayAsk('install', '1.1.0', false)).toBe(true);
  expect(questions.mayAsk('download', '1.2.0', false)).toBe(true);
  expect(questions.mayAsk('download', '1.1.0', true)).toBe(true);
});
