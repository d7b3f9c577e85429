// Writing and reading the object store's XML. Imports fast-xml-parser only.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A tree of elements: text, a list of same-named elements, or children. Undefined is left out. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | { [name: string]: XmlValue };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  const content =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([child, inner]) => element(child, inner))
          .join('')
      : String(value).replace(/[&<>"]/g, (character) => escapes[character] ?? character);
  return `<${name}>${content}</${name}>`;
}

/** An XML document. */
export function xml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${element(root, value)}`;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: true,
  // Clients write quotes as &#34; too.
  htmlEntities: true,
  isArray: (name) => name === 'Part',
});

/** Parses a document; undefined when it is not well-formed. The result is not validated yet. */
export function parseXml(text: string): unknown {
  if (XMLValidator.validate(text) !== true) return undefined;
  return parser.parse(text);
}
