import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { apiReference, entriesOf } from './api-reference.ts';

const packagePath = fileURLToPath(new URL('../', import.meta.url));

test('API.md is what the comments say; otherwise: npm run generate -w @imagebridge/cdktf', () => {
  expect(readFileSync(`${packagePath}API.md`, 'utf8')).toBe(apiReference(packagePath));
});

test('an export is read with its members, without what is private', () => {
  const source = `/**
 * A widget.
 * In two lines.
 */
export class Widget extends Thing {
  /** Its size, in mm. @default 3 */
  readonly size?: number | undefined;
  readonly undocumented: string;
  /** Not for users. */
  private hidden: string;

  /**
   * Makes one.
   * @param name its name
   * @throws Error when it is blank
   */
  static make(name: string, options: { a: 1 } = {}): Widget {
    return new Widget();
  }
}
`;
  expect(entriesOf(source)).toEqual([
    {
      kind: 'class',
      name: 'Widget',
      heritage: 'extends Thing',
      doc: 'A widget. In two lines.',
      members: [
        { signature: 'size?: number', doc: 'Its size, in mm.\nDefault: 3.' },
        {
          signature: 'static make(name: string, options: { a: 1 } = {}): Widget',
          doc: 'Makes one.\n`name`: its name.\nThrows Error when it is blank.',
        },
      ],
    },
  ]);
});
