// Prints lists as they come, page by page: rows of a table for people, elements of one JSON array for programs.
import { blocks, fitTable, type Row, rowOf, widthsOf } from './format.ts';
import { type CommonOptions, output } from './outcome.ts';

/** So many rows are waited for before the widths of the columns are fixed. */
const FIRST_ROWS = 100;

/** How to print a list. */
export interface ListOptions<T> extends CommonOptions {
  headings: Row;
  row: (item: T) => Row;
  /** Headings of columns that narrow terminals can do without, the least important first. */
  droppable?: readonly string[] | undefined;
  /** Printed to people when there is nothing. */
  none: string;
  /** Stop after so many, and ask for no further page. */
  limit?: number | undefined;
}

/** Where it is printed; process.stdout fits. */
export interface ListSink {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** Prints the items, and gives how many there were. */
export async function printList<T>(
  items: AsyncIterable<T> | Iterable<T>,
  options: ListOptions<T>,
  sink: ListSink = process.stdout,
): Promise<number> {
  const printer = options.json ? jsonPrinter<T>(sink) : tablePrinter(options, sink);
  let count = 0;
  if (options.limit !== 0)
    for await (const item of items) {
      printer.item(item);
      if (++count === options.limit || output.closed) break;
    }
  printer.end();
  return count;
}

interface Printer<T> {
  item(item: T): void;
  end(): void;
}

function jsonPrinter<T>(sink: ListSink): Printer<T> {
  let empty = true;
  return {
    item(item) {
      const text = JSON.stringify(item, undefined, 2).replaceAll('\n', '\n  ');
      sink.write(`${empty ? '[' : ','}\n  ${text}`);
      empty = false;
    },
    end: () => void sink.write(empty ? '[]\n' : '\n]\n'),
  };
}

function tablePrinter<T>(options: ListOptions<T>, sink: ListSink): Printer<T> {
  let waiting: Row[] | undefined = [];
  let print: (rows: readonly Row[]) => string = () => '';
  const flush = () => {
    if (waiting === undefined) return;
    const columns = sink.isTTY ? sink.columns : undefined;
    const droppable = (options.droppable ?? []).map((heading) => options.headings.indexOf(heading));
    const widths = fitTable(widthsOf([options.headings, ...waiting]), columns, droppable);
    if (widths === undefined) print = (rows) => blocks(options.headings, rows);
    else {
      print = (rows) => rows.map((row) => `${rowOf(row, widths, columns !== undefined)}\n`).join('');
      sink.write(print([options.headings]));
    }
    sink.write(print(waiting));
    waiting = undefined;
  };
  return {
    item(item) {
      const row = options.row(item);
      if (waiting === undefined) sink.write(print([row]));
      else if (waiting.push(row) >= FIRST_ROWS) flush();
    },
    end() {
      if (waiting?.length === 0) sink.write(`${options.none}\n`);
      else flush();
    },
  };
}
