// What every package that is published has.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const packageFile = z.object({
  private: z.boolean().optional(),
  license: z.string().optional(),
  description: z.string().min(10),
});
const { workspaces } = z.object({ workspaces: z.array(z.string()) }).parse(JSON.parse(read('package.json')));
const published = workspaces.filter(
  (folder) => packageFile.parse(JSON.parse(read(`${folder}/package.json`))).private !== true,
);

it('there are packages to publish', () => expect(published).toContain('provider/cdktf'));

it.each(published)('%s carries the licence', (folder) => {
  expect(packageFile.parse(JSON.parse(read(`${folder}/package.json`))).license).toBe('Apache-2.0');
  expect(read(`${folder}/LICENSE`)).toBe(read('LICENSE'));
});
