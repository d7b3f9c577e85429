// The provider's documents on disk: what they are made from, and where they stand. Reads and writes provider/terraform/{docs,examples}.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentSources } from './provider.ts';

// The same from this folder and from the bundle in test/dist.
const provider = (name: string) =>
  fileURLToPath(new URL(`../../provider/terraform/${name}`, import.meta.url));
const DOCS = provider('docs');

/** Folders of which everything is generated. */
const GENERATED = ['resources', 'data-sources', 'ephemeral-resources', 'functions'];

/** Examples and guides as they are. */
export function readSources(): DocumentSources {
  return {
    example(name) {
      const file = path.join(provider('examples'), name);
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    },
    guides: [...readGuides()].map(([file, text]) => {
      const title = /^page_title: "(.+)"$/m.exec(text)?.[1];
      if (title === undefined) throw new Error(`docs/guides/${file} has no page_title.`);
      return { file, title };
    }),
  };
}

/** The guides, which are written by hand, by file name. */
export function readGuides(): ReadonlyMap<string, string> {
  const folder = path.join(DOCS, 'guides');
  const names = readdirSync(folder).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

/** The generated documents as they stand, by path below `docs/`. */
export function readDocuments(): ReadonlyMap<string, string> {
  const names = GENERATED.flatMap((folder) =>
    existsSync(path.join(DOCS, folder))
      ? readdirSync(path.join(DOCS, folder)).map((file) => `${folder}/${file}`)
      : [],
  );
  return new Map(
    ['index.md', ...names]
      .filter((name) => existsSync(path.join(DOCS, name)))
      .map((name) => [name, readFileSync(path.join(DOCS, name), 'utf8')]),
  );
}

/** Writes the documents, and removes those of things that are no more. */
export function writeDocuments(pages: ReadonlyMap<string, string>): void {
  for (const folder of GENERATED) rmSync(path.join(DOCS, folder), { recursive: true, force: true });
  for (const [name, text] of pages) {
    mkdirSync(path.dirname(path.join(DOCS, name)), { recursive: true });
    writeFileSync(path.join(DOCS, name), text);
  }
}
