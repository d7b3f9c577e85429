// Random configurations under the real terraform: whatever is applied plans nothing afterwards, also after it was changed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { LosslessNumber, stringify } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terraformIsThere, Workspace } from './workspace.ts';

const SOURCE = "import { serve } from '../index.ts'; void serve(() => import('../acceptance/things.ts'));";
/** Another one tries other configurations. */
const SEED = Number(process.env.RANDOM_SEED ?? 1);
const THINGS = 30;

/** Text for a configuration in JSON, where templates have to be masked. */
const text = (options: fc.StringConstraints = {}) =>
  fc.string({ unit: 'grapheme', ...options }).map((one) => one.replace(/([$%])(?=\{)/g, '$1$1'));
const word = fc.stringMatching(/^[a-z]{1,8}$/);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const keyed = <T>(one: fc.Arbitrary<T>) =>
  fc.dictionary(fc.oneof(text({ maxLength: 5 }), fc.constantFrom('__proto__', 'constructor')), one, {
    maxKeys: 4,
  });
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), maybe(fc.nat({ max: 99_999 })))
  .map(([whole, part]) => new LosslessNumber(part === undefined ? `${whole}` : `${whole}.${part}`));

const part = fc.record({ key: word, mode: maybe(fc.constantFrom('r', 'w', '')) }, { requiredKeys: ['key'] });
/** Two elements of a set that differ in a default alone would become the same one. */
const parts = fc.uniqueArray(part, { selector: ({ key }) => key, maxLength: 3 });
const { any } = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text(),
    fc.boolean(),
    decimal,
    fc.array(tie('any'), { maxLength: 3 }),
    keyed(tie('any')),
  ),
}));

const thing = fc.record(
  {
    name: fc.stringMatching(/^[a-z]{3,12}$/),
    title: maybe(fc.stringMatching(/^[a-zA-Z ]{1,9}$/)),
    secret: maybe(text()),
    password: maybe(text()),
    password_version: maybe(fc.nat()),
    count_of: maybe(double),
    exact: maybe(decimal),
    zones: maybe(fc.array(text(), { maxLength: 5 })),
    steps: maybe(fc.array(double, { maxLength: 5 })),
    sizes: maybe(keyed(decimal)),
    any: maybe(any),
    pair: maybe(fc.record({ left: text(), right: fc.option(fc.boolean()) })),
    one: maybe(part),
    some: maybe(fc.array(part, { maxLength: 3 })),
    bag: maybe(parts),
    by_name: maybe(keyed(part)),
    boot: maybe(part),
    disk: maybe(
      fc.array(
        fc.tuple(part, fc.array(part, { maxLength: 2 })).map(([one, hole]) => ({ ...one, hole })),
        { maxLength: 3 },
      ),
    ),
    port: maybe(parts),
    mount: maybe(fc.dictionary(word, part, { minKeys: 1, maxKeys: 3 })),
  },
  { requiredKeys: ['name'] },
);

describe.runIf(terraformIsThere)(
  'random configurations under terraform (needs the terraform binary on PATH)',
  { timeout: 120_000 },
  () => {
    let space: Workspace;
    beforeAll(async () => {
      space = await Workspace.create({ things: { source: SOURCE } });
      await space.declare('');
    });
    afterAll(() => space.remove());

    it.each(['made', 'changed'])('plan nothing once they are %s', async (what) => {
      const samples = fc.sample(thing, { numRuns: THINGS, seed: what === 'made' ? SEED : -SEED });
      const things = Object.fromEntries(samples.map((one, index) => [`t${index}`, one]));
      const config = stringify({ resource: { things_thing: things } }, null, 1) ?? '';
      await writeFile(join(space.work, 'things.tf.json'), config);
      const { code, output } = await space.apply();
      expect(code, `RANDOM_SEED=${SEED}: ${output.slice(-3000)}`).toBe(0);
      for (const mode of ['-refresh=true', '-refresh-only']) {
        const planned = await space.terraform(['plan', '-detailed-exitcode', mode]);
        expect(planned.code, `RANDOM_SEED=${SEED}: ${planned.output.slice(-3000)}`).toBe(0);
      }
    });
  },
);
