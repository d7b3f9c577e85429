// Reads YAML that may hold secrets: no message quotes the text. Pure.
import { parseDocument } from 'yaml';

/** The text's value, or what is wrong with it as the end of a sentence. */
export function readYaml(text: string): { value: unknown } | { problem: string } {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    // The parser's message may quote the line, which may hold a secret: only its code is told.
    return { problem: `line ${line} is no correct YAML (${error.code.toLowerCase().replaceAll('_', ' ')})` };
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { problem: 'it has wrong or too many YAML aliases' };
  }
}
