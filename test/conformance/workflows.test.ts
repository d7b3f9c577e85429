// The workflows are YAML that says what it means, and call only commands that there are.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const root = (name: string) => new URL(`../../${name}`, import.meta.url);

const step = z.strictObject({
  name: z.string().optional(),
  uses: z
    .string()
    .regex(/^[\w-]+\/[\w-]+@v\d+$/)
    .optional(),
  with: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  'working-directory': z
    .string()
    .refine((folder) => existsSync(root(folder)), 'is no folder')
    .optional(),
});
const workflow = z.looseObject({
  name: z.string(),
  on: z.looseObject({}),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  jobs: z.record(
    z.string(),
    z.looseObject({ 'runs-on': z.string(), 'timeout-minutes': z.number(), steps: z.array(step).min(1) }),
  ),
});
const { scripts } = z
  .looseObject({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(root('package.json'), 'utf8')));

describe.each(readdirSync(root('.github/workflows')))('.github/workflows/%s', (file) => {
  const document = parseDocument(readFileSync(root(`.github/workflows/${file}`), 'utf8'), { strict: true });

  it('is valid, and each step either uses an action of a fixed version or runs something', () => {
    expect(document.errors).toEqual([]);
    const { jobs } = workflow.parse(document.toJS());
    for (const { steps } of Object.values(jobs))
      for (const one of steps) expect([one.uses, one.run].filter(Boolean)).toHaveLength(1);
  });

  it('calls only scripts that there are', () => {
    const { jobs } = workflow.parse(document.toJS());
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    for (const [, name = ''] of commands.join('\n').matchAll(/npm run ([\w:-]+)/g))
      expect(Object.keys(scripts)).toContain(name);
  });
});
