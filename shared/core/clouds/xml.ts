// Reads and writes the XML of the object store. Every value stays a text: part numbers and ids must not be guessed at.
import { XMLParser } from 'fast-xml-parser';

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  parseTagValue: false,
  htmlEntities: true,
  trimValues: true,
  isArray: (name) => name === 'Part' || name === 'Upload',
});

/**
 * Parses a document.
 * @throws Error when it is not well formed, a cut one included
 */
export function parseXml(text: string): unknown {
  return parser.parse(text, true);
}

/** Escapes a text for use between tags. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
