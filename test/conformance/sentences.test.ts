// The Chinese catalogue of what the core and the engine say is complete, and as the source has it (`npm run sentences`).
import { describe, expect, it } from 'vitest';
import { sentencesOf } from '../sentences/extract.ts';
import { allSentences, readCatalogue } from '../sentences/sources.ts';

const valuesOf = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort();
/** A value that only makes an English plural may be left out. */
const isPlural = (key: string) => /[a-z]\{\d+\}/i.test(key);

const sentences = allSentences();

describe('the catalogue of sentences', () => {
  it('knows what the source says', () => {
    const all = [...sentences.values()].flat().map(({ text }) => text);
    expect(all.length).toBeGreaterThan(1000);
    // One of each kind: an operation, a reason, a remedy with a file's name, a finding, a note of the engine.
    for (const text of [
      'upload image {0} in parts',
      'it is empty (0 bytes)',
      'Repair a copy: qemu-img check -r all {0}.',
      'The disk is encrypted, and the cloud takes no encrypted file.',
      'The cloud has an image of this name with the same content: nothing was sent.',
    ])
      expect(all).toContain(text);
  });

  it.each([...sentences.keys()])(
    '%s: every sentence is translated, and none is left that is no more',
    (part) => {
      const catalogue = readCatalogue(part);
      const texts = (sentences.get(part) ?? []).map(({ text }) => text);
      expect(Object.keys(catalogue).sort()).toEqual(texts.sort());
      const missing = Object.entries(catalogue).filter(([, translation]) => translation.trim() === '');
      expect(missing.map(([text]) => text)).toEqual([]);
    },
  );

  it.each([...sentences.keys()])('%s: the values of a sentence are in its translation', (part) => {
    const wrong = Object.entries(readCatalogue(part)).filter(
      ([text, said]) =>
        valuesOf(said).some((value) => !valuesOf(text).includes(value)) ||
        (valuesOf(said).length < valuesOf(text).length && !isPlural(text)),
    );
    expect(wrong).toEqual([]);
  });

  it('is Chinese, but for what is no sentence', () => {
    const all = [...sentences.keys()].flatMap((part) => Object.entries(readCatalogue(part)));
    const plain = all.filter(([text, said]) => !/\p{Script=Han}/u.test(said) && said !== text);
    expect(plain).toEqual([]);
    expect(all.filter(([text, said]) => said === text).length).toBeLessThan(all.length / 30);
  });
});

describe('finding sentences', () => {
  const texts = (source: string) => sentencesOf('a.ts', source).map(({ text }) => text);

  it('names values by number, and writes out what a condition chooses', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source code as text
    expect(texts('f(`the file ${name} has ${size} bytes`)')).toEqual(['the file {0} has {1} bytes']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source code as text
    expect(texts("f(`it ended${why ? `, because it was ${why}` : ''}`)")).toEqual(
      expect.arrayContaining(['it ended, because it was {0}', 'it ended']),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source code as text
    expect(texts("const e = { operation: `${ok ? 'accept' : 'reject'} image ${id}` }")).toEqual([
      'accept image {0}',
      'reject image {0}',
    ]);
  });

  it('takes single words only where they are shown, and leaves out what nobody sees', () => {
    expect(texts("const e = { reason: 'gone', kind: 'gone' }")).toEqual(['gone']);
    expect(
      texts("import a from 'no such thing'; type T = 'a b c'; throw new TypeError('a fault here')"),
    ).toEqual([]);
    expect(texts("context.log.warn('it is slow today')")).toEqual([]);
  });

  it('refuses patterns that fit every text', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source code as text
    expect(texts('const e = { operation: `${verb} image ${id}` }')).toEqual([]);
  });

  it('takes the names of files in a remedy as values', () => {
    expect(texts("f('Convert it: qemu-img convert IN OUT.')")).toEqual([
      'Convert it: qemu-img convert {0} {1}.',
    ]);
  });
});
