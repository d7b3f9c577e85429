// `npm run sentences`: brings the catalogue of sentences up to date with the source. New ones get an empty translation.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allSentences, catalogueFile, readCatalogue } from './sources.ts';

const sentences = allSentences();
// A sentence that moves to another part keeps its translation.
const known = Object.assign({}, ...[...sentences.keys()].map(readCatalogue)) as Record<string, string>;
let missing = 0;
for (const [part, list] of sentences) {
  const file = catalogueFile(part);
  const entries = list.map(({ text, place }) => {
    const translation = known[text] ?? '';
    if (translation === '') {
      missing += 1;
      process.stdout.write(`${place}: ${JSON.stringify(text)}\n`);
    }
    return [text, translation];
  });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
process.stdout.write(`${missing} sentences wait for a translation in desktop/window/i18n/sentences/zh-CN\n`);
