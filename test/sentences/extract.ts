// Finds the sentences in source code that a user may see: what the core and the engine say in errors, findings and notes.
// English is the key of a sentence, with `{0}`, `{1}` … where values stand. Reads text, knows no file.
import { type ESTree, parseSync } from 'vite';

/** A sentence as the catalogue names it, and where it was found. */
export interface Sentence {
  text: string;
  /** `path:line` of its first place. */
  place: string;
}

/** Fields that are shown: a single word counts in them. */
const SHOWN = new Set([
  'operation',
  'reason',
  'hint',
  'remedy',
  'message',
  'text',
  'detail',
  'rule',
  'place',
]);

/** A value of which the source tells nothing. */
const HOLE = Symbol('hole');
type Parts = readonly (string | typeof HOLE)[];
/** More variants than these are not written out: a value stands for them. */
const MOST_VARIANTS = 24;

type Node = { type: string; start: number; end: number; [key: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** All forms that an expression of text can have, or undefined for an expression that is no text of its own. */
function formsOf(node: unknown): Parts[] | undefined {
  if (!isNode(node)) return undefined;
  const { expression, left, right, consequent, alternate } = node;
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [[node.value]] : undefined;
    case 'TemplateLiteral':
      return templateForms(node as unknown as ESTree.TemplateLiteral);
    case 'ConditionalExpression':
      return either(consequent, alternate);
    case 'LogicalExpression':
      return either(left, right);
    case 'BinaryExpression':
      return node.operator === '+' ? product([inner(left), inner(right)]) : undefined;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return formsOf(expression);
    default:
      return undefined;
  }
}

function either(one: unknown, other: unknown): Parts[] | undefined {
  const [a, b] = [formsOf(one), formsOf(other)];
  return a === undefined && b === undefined ? undefined : [...(a ?? [[HOLE]]), ...(b ?? [[HOLE]])];
}

/** Inside of a text: single words are values, and so is what has no words at all. */
function inner(node: unknown): Parts[] {
  const forms = formsOf(node);
  if (forms === undefined) return [[HOLE]];
  if (isNode(node) && node.type === 'Literal') return forms;
  const isPhrase = (parts: Parts) => parts.some((part) => part !== HOLE && /\s/.test(part.trim()));
  if (
    !forms.some(
      (parts) =>
        isPhrase(parts) || (parts.length > 1 && parts.some((p) => p !== HOLE && /[a-z]{3}/i.test(p))),
    )
  )
    return [[HOLE]];
  return forms.map((parts) => (parts.length === 1 && parts[0] !== '' && !isPhrase(parts) ? [HOLE] : parts));
}

function templateForms({ quasis, expressions }: ESTree.TemplateLiteral): Parts[] {
  return product(
    quasis.flatMap((quasi, index): Parts[][] => {
      const before = quasi.value.cooked ?? quasi.value.raw;
      const text: Parts[] = [[before]];
      if (index >= expressions.length) return [text];
      // A verb at the beginning changes the sentence: it is written out.
      const isVerb = index === 0 && before === '';
      return [text, (isVerb ? verbs(expressions[index]) : undefined) ?? inner(expressions[index])];
    }),
  );
}

const verbs = (node: unknown): Parts[] | undefined => {
  const forms = isNode(node) && node.type === 'ConditionalExpression' ? formsOf(node) : undefined;
  return forms?.every((parts) => parts.every((part) => part !== HOLE && /^[a-z]+$/.test(part)))
    ? forms
    : undefined;
};

function product(lists: Parts[][]): Parts[] {
  let all: Parts[] = [[]];
  for (const list of lists) {
    const forms: Parts[] = all.length * list.length > MOST_VARIANTS ? [[HOLE]] : list;
    all = all.flatMap((parts) => forms.map((form) => [...parts, ...form]));
  }
  return all;
}

/** Files that `nameFiles` of the core puts into a remedy. */
const FILES = /(?<=[ =])(?:IN|OUT)(?=[ .,;)]|$)/;

/** Values beside each other are one value. */
function keyOf(all: Parts): string {
  const parts = all.flatMap(
    (part): Parts =>
      part === HOLE ? [HOLE] : part.split(FILES).flatMap((text, i) => (i === 0 ? [text] : [HOLE, text])),
  );
  let values = 0;
  let key = '';
  let before: Parts[number] = '';
  for (const part of parts) {
    if (part === '') continue;
    if (part !== HOLE) key += part;
    else if (before !== HOLE) key += `{${values++}}`;
    before = part;
  }
  return key.trim();
}

const wordsOf = (key: string) => key.replace(/\{\d+\}/g, ' ').match(/[A-Za-z][a-z'’]+/g)?.length ?? 0;

/** Fits almost every text: the source has to write it out. */
const isWeak = (key: string) => /^\{0\}[a-z ]*(\{1\}[a-z ]*)?$/.test(key) && wordsOf(key) < 2;

/** Words with a space between them, as people write: no header, no command line, no list of names. */
const isProse = (key: string) =>
  wordsOf(key) >= 2 && /[a-z’'"})] [a-z({"]/i.test(key) && !(/\w=\{/.test(key) && !key.endsWith('.'));

/** Code whose texts no user sees: the program's own log, faults of its own code, types. */
function isUnseen(node: Node, source: string): boolean {
  if (
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportAllDeclaration' ||
    /^TS(Type|Interface|Literal)/.test(node.type)
  )
    return true;
  const callee = isNode(node.callee) ? source.slice(node.callee.start, node.callee.end) : '';
  if (node.type === 'NewExpression') return /^(Type|Range|Syntax)?Error$/.test(callee);
  return node.type === 'CallExpression' && /\blog\.\w+$|\.describe$|^Symbol$|^import$/.test(callee);
}

/** The sentences of one file, in its order. @param path only for `place` */
export function sentencesOf(path: string, source: string): Sentence[] {
  const found = new Map<string, Sentence>();
  const take = (node: Node, forms: Parts[], shown: boolean) => {
    for (const text of forms.map(keyOf)) {
      if (
        found.has(text) ||
        text.includes('\n') ||
        isWeak(text) ||
        !(shown ? wordsOf(text) > 0 : isProse(text))
      )
        continue;
      found.set(text, { text, place: `${path}:${source.slice(0, node.start).split('\n').length}` });
    }
  };
  /** @param whole part of a text that has been taken as a whole already */
  const visit = (value: unknown, shown: boolean, whole: boolean): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, shown, whole);
    if (!isNode(value) || isUnseen(value, source)) return;
    const forms = whole ? undefined : formsOf(value);
    if (forms !== undefined) take(value, forms, shown);
    const isText = whole ? formsOf(value) !== undefined : forms !== undefined;
    const key =
      value.type === 'Property' && isNode(value.key) ? (value.key.name ?? value.key.value) : undefined;
    for (const [name, child] of Object.entries(value)) {
      if (name === 'key' && value.type === 'Property' && value.computed !== true) continue;
      const isCondition = name === 'test';
      visit(
        child,
        name === 'value' && SHOWN.has(String(key)),
        isText && !isCondition && formsOf(child) !== undefined,
      );
    }
  };
  visit(parseSync(path, source).program, false, false);
  return [...found.values()];
}
