import { describe, expect, it } from 'vitest';
import { formatsOf } from './format.ts';
import { languageOf, TEXTS } from './index.ts';

/** Keys of a tree; plural forms count as one key, because languages have different ones. */
function keysOf(tree: unknown, prefix = ''): string[] {
  if (typeof tree !== 'object' || tree === null)
    return [prefix.replace(/_(zero|one|two|few|many|other)$/, '')];
  return Object.entries(tree).flatMap(([key, value]) =>
    keysOf(value, prefix === '' ? key : `${prefix}.${key}`),
  );
}

const sorted = (tree: unknown) => [...new Set(keysOf(tree))].sort();

/** Texts with their keys. */
function textsOf(tree: unknown, prefix = ''): [string, string][] {
  if (typeof tree === 'string') return [[prefix, tree]];
  return Object.entries(tree ?? {}).flatMap(([key, value]) => textsOf(value, `${prefix}.${key}`));
}

const variables = (text: string) =>
  [...new Set([...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name))].sort();

describe('texts', () => {
  it('there are the same files in both languages', () => {
    expect(Object.keys(TEXTS['zh-CN']).sort()).toEqual(Object.keys(TEXTS.en).sort());
    expect(Object.keys(TEXTS.en)).toContain('common');
  });

  it.each(Object.keys(TEXTS.en))('%s has the same keys in both languages', (namespace) => {
    expect(sorted(TEXTS['zh-CN'][namespace])).toEqual(sorted(TEXTS.en[namespace]));
  });

  it.each(Object.keys(TEXTS.en))('%s has the same values in its texts, and none is empty', (namespace) => {
    const english = new Map(textsOf(TEXTS.en[namespace]));
    for (const [key, text] of textsOf(TEXTS['zh-CN'][namespace])) {
      expect(text.trim(), key).not.toBe('');
      const other = english.get(key) ?? english.get(key.replace(/_other$/, '_one')) ?? '';
      expect(variables(text), key).toEqual(variables(english.get(key) ?? other));
    }
  });

  it.each(Object.keys(TEXTS['zh-CN']))(
    '%s is translated: most Chinese texts have Chinese characters',
    (namespace) => {
      const texts = textsOf(TEXTS['zh-CN'][namespace]);
      const chinese = texts.filter(([, text]) => /\p{Script=Han}/u.test(text));
      expect(chinese.length / texts.length).toBeGreaterThan(0.7);
    },
  );

  it.each([
    ['en', 1536, '1.5 KiB'],
    ['en', 64 * 1024 ** 3, '64 GiB'],
    ['zh-CN', 0, '0 B'],
    ['en', 1023, '1 KiB'],
  ])('%s writes %d bytes as %s', (language, bytes, text) => {
    expect(formatsOf(language).bytes(bytes)).toBe(text);
  });

  it.each([
    ['en', 40_000, '40 s'],
    ['en', 3_900_000, '1 h 5 min'],
    ['en', 3_600_000, '1 h'],
    ['en', 0, '0 s'],
    ['zh-CN', 90_000, '1 分钟 30 秒'],
  ])('%s writes %d ms as %s', (language, ms, text) => {
    expect(formatsOf(language).duration(ms)).toBe(text);
  });

  it('never calls something whole that is not', () => {
    expect(formatsOf('en').percent(0.9999)).toBe('99%');
    expect(formatsOf('en').percent(1)).toBe('100%');
  });

  it('follows the system', () => {
    expect(languageOf('system', ['zh-TW', 'en'])).toBe('zh-CN');
    expect(languageOf('system', ['de', 'zh-CN'])).toBe('en');
    expect(languageOf('zh-CN', ['en'])).toBe('zh-CN');
  });
});
