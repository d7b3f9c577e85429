// Turns a provider's schema file into the classes of gen/: `npm run generate -w @imagebridge/cdktf`.
// Runs under run.mjs, which bundles it; reads and writes files of this package only, and runs the formatter.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { emitClass, emitIndex, emitMetadata } from './emit.ts';
import { classesOf } from './model.ts';
import { parseSchema } from './schema-file.ts';

/** What is generated from what. */
export interface Generation {
  /** Path of the schema file. */
  readonly schemaPath: string;
  /** Folder that the classes go to. */
  readonly outPath: string;
  /** The provider's name: the first part of its resource types. */
  readonly providerName: string;
  /** The provider's source address, e.g. `acme/widgets`. */
  readonly source: string;
  /** The provider's version. */
  readonly version: string;
  /** Path of synthesis.ts, which the classes import. */
  readonly synthesisPath: string;
}

const manifest = z.object({ version: z.string() });

/** The files of one generation by name, formatted. Nothing is written. */
export function generate(generation: Generation): Map<string, string> {
  const { providerName, source, version, schemaPath, outPath } = generation;
  const synthesisModule = relative(outPath, generation.synthesisPath).replaceAll('\\', '/');
  const models = classesOf(providerName, parseSchema(readFileSync(schemaPath, 'utf8')));
  const files = new Map<string, string>([
    ['metadata.ts', emitMetadata(providerName, source, version)],
    ['index.ts', emitIndex(models)],
    ...models.map((model): [string, string] => [`${model.fileName}.ts`, emitClass(model, synthesisModule)]),
  ]);
  for (const [name, text] of files) files.set(name, format(text, join(outPath, name)));
  return files;
}

/** Puts the files of one generation in place, and removes what an earlier one left. */
export function writeGeneration(generation: Generation): void {
  const files = generate(generation);
  mkdirSync(generation.outPath, { recursive: true });
  for (const name of readdirSync(generation.outPath)) {
    if (!files.has(name)) rmSync(join(generation.outPath, name), { recursive: true });
  }
  for (const [name, text] of files) writeFileSync(join(generation.outPath, name), text);
}

/** The generations of this package: the real classes, and those of the fixture that has every form of attribute. */
export function generationsOf(packagePath: string): Generation[] {
  const { version } = manifest.parse(JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8')));
  const synthesisPath = join(packagePath, 'synthesis.ts');
  return [
    {
      synthesisPath,
      schemaPath: join(packagePath, 'schema.json'),
      outPath: join(packagePath, 'gen'),
      providerName: 'imagebridge',
      source: 'imagebridge/imagebridge',
      version,
    },
    {
      synthesisPath,
      schemaPath: join(packagePath, 'generator/fixture/schema.json'),
      outPath: join(packagePath, 'generator/fixture/gen'),
      providerName: 'widgets',
      source: 'acme/widgets',
      version: '1.2.3',
    },
  ];
}

/** The project's own formatter, so that committed files look like all others. */
export function format(text: string, path: string): string {
  const biome = createRequire(path).resolve('@biomejs/biome/bin/biome');
  // `check --write` on standard input also sorts imports; it prints the result.
  return execFileSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
