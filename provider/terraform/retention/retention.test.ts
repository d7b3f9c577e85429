// The pure parts of the retention: rules as text and back, what is noted as due.
import type { PrivateState } from '@imagebridge/terraform-plugin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueOf, noteDue, notedDue } from './due.ts';
import { completeRules, parseRules, pruneRules, type Rules, rulesText } from './rules.ts';
import { ACTIONS } from './schema.ts';

const text = fc.option(fc.string({ unit: 'grapheme', minLength: 1 }));
const anyRules: fc.Arbitrary<Rules> = fc.record({
  name_prefix: text,
  name_regex: fc.constantFrom(null, '^web-[0-9]+$', 'a/b', 'ü&=#'),
  channel: text,
  with_tags: fc.option(fc.dictionary(fc.string(), fc.string(), { minKeys: 1, noNullPrototype: true })),
  keep: fc.nat(),
  min_age_days: fc.double({ min: 0, max: 1e6, noNaN: true }).map((days) => days + 0),
  action: fc.constantFrom(...ACTIONS),
  reason: text,
  exclude_image_ids: fc.option(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 })),
  include_shared: fc.boolean(),
});

describe('rules', () => {
  it('are the same after being written and read, whatever they hold', () => {
    fc.assert(
      fc.property(anyRules, (rules) => {
        const written = rulesText(rules);
        expect(written).not.toContain('/');
        expect(rulesText(parseRules(written))).toBe(written);
        expect(parseRules(written)).toMatchObject({
          name_prefix: rules.name_prefix,
          with_tags: rules.with_tags,
          keep: rules.keep,
          min_age_days: rules.min_age_days,
          action: rules.action,
          include_shared: rules.include_shared,
        });
      }),
    );
  });

  it.each([
    ['', /keep must be a number/],
    ['keep=x', /keep must be a number/],
    ['keep=-1', /keep must be a number/],
    ['keep=1&min_age_days=', /min_age_days must be a number/],
    ['keep=1&action=burn', /action must be one of delete, deactivate/],
    ['keep=1&nmae=x', /there is no rule "nmae"/],
    ['keep=1&name_regex=(', /name_regex is no regular expression/],
    ['i-1', /there is no rule "i-1"/],
  ])('refuses %j', (id, why) =>
    expect(() => parseRules(id)).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ detail: expect.stringMatching(why) })],
      }),
    ),
  );

  it('have their defaults after an import, and are handed to the core', () => {
    const rules = completeRules({ ...parseRules('keep=2&name_regex=%5Eweb&tag.a=b'), min_age_days: null });
    expect(pruneRules(rules)).toEqual({
      namePrefix: undefined,
      namePattern: /^web/u,
      tags: { a: 'b' },
      channel: undefined,
      keep: 2,
      minAgeMs: 14 * 86_400_000,
      spare: [],
      force: false,
      action: 'delete',
      reason: undefined,
    });
  });
});

describe('what is due', () => {
  function memory(): PrivateState & { readonly values: Map<string, unknown> } {
    const values = new Map<string, unknown>();
    return {
      values,
      get: (key, parse) => (values.has(key) ? parse(values.get(key)) : undefined),
      set: (key, value) => void values.set(key, JSON.parse(JSON.stringify(value))),
      delete: (key) => void values.delete(key),
      getBytes: () => undefined,
      setBytes: () => {},
    };
  }
  const image = (id: string) =>
    ({ id, name: `n-${id}`, status: 'active', rawStatus: 'active', tags: {}, properties: {} }) as const;

  it('is noted without what changes by itself, and not at all where nothing is', () => {
    const state = memory();
    const due = dueOf([
      { image: image('1'), action: 'keep', reason: 'new', ageMs: 1 },
      { image: image('2'), action: 'delete', reason: 'old', ageMs: 2 },
    ]);
    noteDue(state, due);
    expect(notedDue(state)).toEqual({
      retiring: [{ image_id: '2', name: 'n-2', reason: 'old', action: 'delete' }],
      keeping: [{ image_id: '1', name: 'n-1', reason: 'new' }],
    });
    noteDue(state, dueOf([{ image: image('1'), action: 'keep', reason: 'new' }]));
    expect(notedDue(state)).toEqual({ retiring: [], keeping: [] });
    expect(state.values.size).toBe(0);
  });

  it.each([[1], [{ retiring: 1, keeping: [] }], [{ retiring: [{ name: 'x' }], keeping: [] }]])(
    'is not believed when it reads %j',
    (json) => {
      const state = memory();
      state.set('due', json);
      expect(() => notedDue(state)).toThrow(/refresh it/);
    },
  );
});
