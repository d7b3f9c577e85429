import { describe, expect, it } from 'vitest';
import { printList } from './listing.ts';

interface Thing {
  id: string;
  note: string;
}
const things = (count: number): Thing[] =>
  Array.from({ length: count }, (_, i) => ({ id: `id-${i}`, note: 'n'.repeat(i % 7) }));

async function print(
  items: AsyncIterable<Thing> | Thing[],
  more: { json?: boolean; limit?: number } = {},
  columns?: number,
) {
  let text = '';
  const sink = {
    write(part: string) {
      text += part;
    },
    isTTY: columns !== undefined,
    columns,
  };
  const row = ({ id, note }: Thing) => [id, note];
  const count = await printList(items, { headings: ['ID', 'NOTE'], row, none: 'nothing', ...more }, sink);
  return { text, count };
}

describe('a list', () => {
  it('of nothing says so', async () => {
    expect((await print([])).text).toBe('nothing\n');
    expect((await print([], { json: true })).text).toBe('[]\n');
  });

  it.each([1, 2, 250])('of %d is one JSON array, and a table with a heading', async (count) => {
    expect(JSON.parse((await print(things(count), { json: true })).text)).toEqual(things(count));
    const lines = (await print(things(count))).text.trimEnd().split('\n');
    expect(lines).toHaveLength(count + 1);
    expect(lines[0]).toMatch(/^ID +NOTE$/);
    expect(lines.at(-1)).toContain(`id-${count - 1}`);
  });

  it('asks for no more than the limit', async () => {
    let asked = 0;
    async function* pages() {
      for (const thing of things(1000)) {
        asked++;
        yield thing;
      }
    }
    expect((await print(pages(), { limit: 150 })).count).toBe(150);
    expect(asked).toBe(150);
  });

  it('cuts nothing where the reader is no terminal', async () => {
    const long = [...things(150), { id: 'last', note: 'x'.repeat(300) }];
    expect((await print(long)).text).toContain('x'.repeat(300));
    const shown = (await print(long, {}, 60)).text;
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});
