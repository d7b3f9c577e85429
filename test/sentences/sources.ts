// Which sentences there are, and how the catalogue divides them. Reads shared/core, desktop/engine and desktop/contract.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Sentence, sentencesOf } from './extract.ts';

// The same from this folder and from the bundle in test/dist.
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files of the catalogue, and the folders whose sentences each has. The first folder that fits counts. */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  huaweicloud: ['shared/core/clouds/huaweicloud'],
  clouds: ['shared/core/clouds'],
  config: ['shared/core/config'],
  files: ['shared/core/inspect'],
  convert: ['shared/core/convert'],
  transfer: ['shared/core/transfer', 'shared/core/http'],
  workflow: ['shared/core/workflow', 'shared/core/model'],
  engine: ['desktop/engine', 'desktop/contract'],
};

/** What no window shows: tables of calls, the terminal and the first pages of the web variant, reports, what only tests use. */
const LEFT_OUT =
  /\/(dist|node_modules|testing)\/|\.test\.ts$|\.d\.ts$|\/test-[^/]+\.ts$|\/testing\.ts$|\/operations\.ts$|desktop\/engine\/web\/|desktop\/engine\/(diagnostics\/|history\/csv|process\/main)|desktop\/contract\/page\.ts$|shared\/core\/model\/errors\.ts$/;

/** A file of the catalogue in a language. */
export const catalogueFile = (part: string, language = 'zh-CN') =>
  path.join(root, 'desktop/window/i18n/sentences', language, `${part}.json`);

/** A file of the catalogue as it stands; an empty one where there is none. Throws for a file that is none. */
export function readCatalogue(part: string): Record<string, string> {
  const file = catalogueFile(part);
  return existsSync(file)
    ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))
    : {};
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (LEFT_OUT.test(entry.isDirectory() ? `${name}/` : name)) continue;
    if (entry.isDirectory()) yield* filesIn(name);
    else if (name.endsWith('.ts')) yield name;
  }
}

/** All sentences, by the file of the catalogue. Each is in one of them only. */
export function allSentences(): Map<string, Sentence[]> {
  const seen = new Set<string>();
  const parts = new Map<string, Sentence[]>(Object.keys(PARTS).map((part) => [part, []]));
  for (const [part, folders] of Object.entries(PARTS)) {
    const others = Object.values(PARTS)
      .flat()
      .filter(
        (other) => !folders.includes(other) && folders.some((folder) => other.startsWith(`${folder}/`)),
      );
    for (const file of folders.flatMap((folder) => [...filesIn(folder)])) {
      if (others.some((other) => file.startsWith(`${other}/`))) continue;
      for (const sentence of sentencesOf(file, readFileSync(path.join(root, file), 'utf8'))) {
        if (seen.has(sentence.text)) continue;
        seen.add(sentence.text);
        parts.get(part)?.push(sentence);
      }
    }
  }
  return parts;
}
