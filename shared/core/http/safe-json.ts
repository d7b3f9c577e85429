// Parses JSON of a server that is not trusted: no deep nesting, no members that reach for prototypes. Pure.

/** Deepest nesting that is accepted. What services answer has less than a dozen levels. */
export const MAX_JSON_DEPTH = 100;

/** Thrown for JSON that is nested deeper than any honest answer. */
export class JsonTooDeep extends Error {}

/**
 * Parses JSON. Members named `__proto__`, and `constructor` with a `prototype` in it, are left out, so that copying the
 * value by whatever means cannot change a prototype.
 * @throws SyntaxError when it is no JSON; JsonTooDeep
 */
export function parseUntrusted(text: string): unknown {
  if (isTooDeep(text)) throw new JsonTooDeep();
  const value: unknown = JSON.parse(text);
  // Either name can only be there if it is spelled out, or hidden in escapes.
  if (/__proto__|constructor|\\u/.test(text)) removePrototypeMembers(value);
  return value;
}

/** Looks before the parser builds millions of nested values. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > MAX_JSON_DEPTH) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
    }
  }
  return false;
}

/** Position of the quote that ends the string which begins at `start`; the text's end when there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** The depth is limited before, so the recursion is. */
function removePrototypeMembers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  if (Object.hasOwn(value, 'constructor')) {
    const inner: unknown = Reflect.get(value, 'constructor');
    if (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype')) {
      Reflect.deleteProperty(value, 'constructor');
    }
  }
  for (const member of Object.values(value)) removePrototypeMembers(member);
}
