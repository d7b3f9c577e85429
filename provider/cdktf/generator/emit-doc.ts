// Writes doc comments from the schema's descriptions. Pure.
import type { Field } from './model.ts';

const WIDTH = 100;

/** A doc comment of paragraphs; empty ones are left out. Nothing at all where none is left. */
export function emitDoc(paragraphs: readonly string[], deprecated = false): string {
  const text = paragraphs.map((paragraph) => paragraph.trim()).filter((paragraph) => paragraph !== '');
  if (deprecated) text.push('@deprecated');
  if (text.length === 0) return '';
  const lines = text.join('\n').replaceAll('*/', '*\\/').split('\n').flatMap(wrap);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return `/** ${only} */`;
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

/** What a user must know of a field beside its description. */
export function note(field: Field): string {
  const said = [
    field.sensitive ? 'Sensitive.' : '',
    field.writeOnly ? 'Write-only: never kept in state.' : '',
  ].filter((sentence) => sentence !== '');
  return said.join(' ');
}

function wrap(paragraph: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
