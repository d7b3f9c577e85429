// Writes API.md: the reference of the hand-written classes, from their comments, and a list of the generated ones. Pure but for
// reading the sources. It relies on the formatter: an export begins a line, a member is indented by two spaces.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { classesOf, functionsOf } from './model.ts';
import { parseSchema } from './schema-file.ts';

/** A documented export. */
interface Entry {
  readonly kind: 'class' | 'interface' | 'type';
  readonly name: string;
  /** What follows the name: `extends …`. */
  readonly heritage: string;
  readonly doc: string;
  readonly members: readonly Member[];
}

interface Member {
  readonly signature: string;
  readonly doc: string;
}

/** The text of API.md. @param packagePath folder of the package, with a slash at its end */
export function apiReference(packagePath: string): string {
  const index = readFileSync(join(packagePath, 'index.ts'), 'utf8');
  const sections = [...index.matchAll(/export (?:type )?\{([^}]*)\} from '\.\/([^']+)';/g)].flatMap(
    ([, names = '', file = '']) => {
      const wanted = names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter((name) => name !== '');
      const entries = entriesOf(readFileSync(join(packagePath, file), 'utf8'));
      return wanted.map((name) => {
        const entry = entries.find((one) => one.name === name);
        if (entry === undefined) throw new Error(`${file} has no documented export ${name}`);
        return { folder: dirname(file), entry };
      });
    },
  );
  const folders = [...new Set(sections.map(({ folder }) => folder))];
  return `${[
    '# API reference',
    '<!-- Written by `npm run generate` from the comments in the sources: do not edit. -->',
    ...folders.flatMap((folder) => [
      `## ${TITLES[folder] ?? folder}`,
      ...sections.filter((one) => one.folder === folder).map(({ entry }) => emit(entry)),
    ]),
    generated(packagePath),
  ].join('\n\n')}\n`;
}

const TITLES: Readonly<Record<string, string>> = {
  image: 'Images',
  cloud: 'Clouds',
  channel: 'Channels and retention',
  release: 'Releases',
  words: 'Words',
  '.': 'Base classes',
};

/** The documented exports of a source file. */
export function entriesOf(source: string): Entry[] {
  const pattern =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport (?:abstract )?(class|interface|type) (\w+)([^{;=]*)(?:\{\}\n|\{([\s\S]*?)\n\}\n|=[^;]*;)/g;
  return [...source.matchAll(pattern)].map(
    ([, doc = '', kind = '', name = '', heritage = '', body = '']) => ({
      kind: kind === 'class' ? 'class' : kind === 'type' ? 'type' : 'interface',
      name,
      heritage: heritage.replace(/\s+/g, ' ').trim(),
      doc: textOf(doc),
      members: membersOf(body),
    }),
  );
}

function membersOf(body: string): Member[] {
  const pattern = /^ {2}(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n {2}((?! )[\s\S]*?)(?:;| \{)$/gm;
  return [...body.matchAll(pattern)]
    .map(([, doc = '', code = '']) => ({ doc: textOf(doc), signature: signatureOf(code) }))
    .filter(
      ({ signature, doc }) => !/^(private |protected |#)/.test(signature) && !doc.includes('@internal'),
    );
}

const signatureOf = (code: string): string =>
  code
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/,? \)/g, ')')
    .replace(/^([^(]*?) = .*$/, '$1')
    .replace(/^readonly /, '')
    .replace(/static readonly /, 'static ')
    .replace(/^override /, '')
    .replace(/^get (\w+)\(\):/, '$1:')
    .replace(/ \| undefined$/, '')
    .trim();

/** A comment without its frame, in one paragraph per line. */
function textOf(comment: string): string {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .replace(/([^\n])\n(?!\n|@)/g, '$1 ')
    .replace(/\s*@default ([^\n@]*)/g, '\nDefault: $1.')
    .replace(/\s*@param (\w+) ([^\n@]*)/g, '\n`$1`: $2.')
    .replace(/\s*@returns ([^\n@]*)/g, '\nReturns $1.')
    .replace(/\s*@throws (\w+) ([^\n@]*)/g, '\nThrows $1 $2.')
    .replace(/ ?\.+$/gm, '.')
    .trim();
}

function emit({ kind, name, heritage, doc, members }: Entry): string {
  const list = members.map(
    ({ signature, doc: text }) => `- \`${signature.replaceAll('`', '')}\`: ${text.replace(/\n+/g, ' ')}`,
  );
  const title = `### ${kind} ${name}`;
  return [
    title,
    ...(heritage ? [`\`${heritage}\``] : []),
    doc,
    ...(list.length > 0 ? [list.join('\n')] : []),
  ].join('\n\n');
}

/** The generated classes, each with the first sentence of what the schema says of it. */
function generated(packagePath: string): string {
  const schema = parseSchema(readFileSync(join(packagePath, 'schema.json'), 'utf8'));
  const first = (text: string) => (/^[\s\S]*?\.(?=\s|$)/.exec(text)?.[0] ?? text).replace(/\s+/g, ' ');
  const rows = classesOf('imagebridge', schema).map(
    ({ name, tfType, description }) => `| \`${name}\` | \`${tfType}\` | ${first(description)} |`,
  );
  const methods = functionsOf('imagebridge', schema).map(
    ({ name, tfName, summary }) => `| \`ImagebridgeFunctions.${name}\` | \`${tfName}\` | ${summary} |`,
  );
  return [
    '## Generated classes',
    'One for each type of the provider, and a method for each function. Their comments are those of the schema.',
    ['| class | in Terraform | what it is |', '|---|---|---|', ...rows, ...methods].join('\n'),
  ].join('\n\n');
}
