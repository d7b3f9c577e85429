// Turns a provider's schema file into the classes of gen/: `npm run generate -w @imagebridge/cdktf`.
// Runs under run.mjs, which bundles it; reads and writes files of this package only, and runs the formatter.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { emitClass, emitFile, emitIndex, emitMetadata } from './emit.ts';
import { emitFunctions } from './emit-functions.ts';
import { classesOf, functionsOf } from './model.ts';
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
  /** Folder of the hand-written modules that the classes import: synthesis.ts, ephemeral-resource.ts, provider-function.ts. */
  readonly supportPath: string;
}

const manifest = z.object({ version: z.string() });

/** The files of one generation by name, formatted. Nothing is written. */
export function generate(generation: Generation): Map<string, string> {
  const { providerName, source, version, schemaPath, outPath } = generation;
  const importOf = (file: string) =>
    relative(outPath, join(generation.supportPath, file)).replaceAll('\\', '/');
  const support = {
    synthesis: importOf('synthesis.ts'),
    ephemeral: importOf('ephemeral-resource.ts'),
    functions: importOf('provider-function.ts'),
  };
  const schema = parseSchema(readFileSync(schemaPath, 'utf8'));
  const models = classesOf(providerName, schema);
  const functions = functionsOf(providerName, schema);
  const functionsFile = `${providerName}-functions`;
  const names = [...models.map(({ fileName }) => fileName), ...(functions.length > 0 ? [functionsFile] : [])];
  const files = new Map<string, string>([
    ['metadata.ts', emitMetadata(providerName, source, version)],
    ['index.ts', emitIndex(names)],
    ...models.map((model): [string, string] => [`${model.fileName}.ts`, emitClass(model, support)]),
  ]);
  if (functions.length > 0)
    files.set(`${functionsFile}.ts`, emitFile(emitFunctions(providerName, functions), support));
  return formatAll(files, join(generation.supportPath, '../../biome.json'));
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
  return [
    {
      supportPath: packagePath,
      schemaPath: join(packagePath, 'schema.json'),
      outPath: join(packagePath, 'gen'),
      providerName: 'imagebridge',
      source: 'imagebridge/imagebridge',
      version,
    },
    {
      supportPath: packagePath,
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
  // `check --write` on standard input also sorts imports; it prints the result.
  return biome(path, [`--stdin-file-path=${path}`], text);
}

/** Formats many at once: starting the formatter takes longer than its work. */
function formatAll(files: ReadonlyMap<string, string>, configPath: string): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'imagebridge-'));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const outside = ['--vcs-enabled=false', '--vcs-use-ignore-file=false'];
    biome(configPath, [`--config-path=${configPath}`, ...outside, folder]);
    return new Map([...files.keys()].map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param near a path inside the repository, where the formatter is found */
function biome(near: string, args: readonly string[], input?: string): string {
  const program = createRequire(near).resolve('@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [program, 'check', '--write', ...args], {
    ...(input !== undefined && { input }),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
