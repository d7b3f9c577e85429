// A table that draws only what is seen, for thousands of rows: sorting by its heads, the keyboard, columns that come and go with the width.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed one by one cannot be those of a <table>
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import './table.css';

/** A column. */
export interface Column<T> {
  key: string;
  header: string;
  /** Width, as a track of a CSS grid: `minmax(160px, 2fr)`, `6rem`. */
  track: string;
  cell: (row: T) => ReactNode;
  /** Its head can be clicked to sort by it. */
  sortable?: boolean;
  align?: 'end';
  /** The table must be so wide, in px, for this column to be shown. */
  fromPx?: number;
}

/** What the rows are sorted by. */
export interface Sort {
  key: string;
  direction: 'ascending' | 'descending';
}

const HEAD_PX = 36;

/** Width of an element, in px; 0 until it is known. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = of.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return width;
}

/**
 * A scrolling table whose rows open something. Fills the place that its parent gives. Arrow keys, Page, Home and End move
 * along the rows; Enter, Space and a click open one. Columns and `rowName` should stay the same objects between drawings.
 * @param rowHeightPx height of every row
 */
export function DataTable<T>({
  label,
  rows,
  idOf,
  rowName,
  columns,
  rowHeightPx,
  total,
  sort,
  onSort,
  openId,
  onOpen,
  onEnd,
  onSeen,
}: {
  label: string;
  rows: readonly T[];
  idOf: (row: T) => string;
  /** What a screen reader calls the row. */
  rowName: (row: T) => string;
  columns: readonly Column<T>[];
  rowHeightPx: number;
  /** How many rows there are with those that are not loaded. */
  total?: number | undefined;
  sort?: Sort | undefined;
  onSort?: ((sort: Sort) => void) | undefined;
  /** The row whose details are open. */
  openId?: string | undefined;
  onOpen: (id: string) => void;
  /** Called when the last rows come into sight. */
  onEnd?: (() => void) | undefined;
  /** Told which rows are in sight, whenever they change. */
  onSeen?: ((first: number, last: number) => void) | undefined;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [active, setActive] = useState(0);
  const focusWanted = useRef(false);
  const current = Math.min(active, rows.length - 1);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
    overscan: 8,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    // The row that has the focus stays, so that the focus is not lost when it is scrolled out of sight.
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      if (current < 0 || inSight.includes(current)) return inSight;
      return [...inSight, current].sort((a, b) => a - b);
    },
  });
  const { startIndex, endIndex } = virtual.range ?? { startIndex: 0, endIndex: -1 };
  useEffect(() => onSeen?.(startIndex, endIndex), [onSeen, startIndex, endIndex]);
  useEffect(() => {
    if (rows.length > 0 && endIndex >= rows.length - 5) onEnd?.();
  }, [onEnd, endIndex, rows.length]);

  // A row that was far away is drawn first, and takes the focus then.
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"]`);
    if (!row) return;
    focusWanted.current = false;
    row.focus({ preventScroll: true });
  });

  const shown = columns.filter(({ fromPx = 0 }) => width === 0 || width >= fromPx);
  const style = { '--table-tracks': shown.map(({ track }) => track).join(' ') } as CSSProperties;

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, endIndex - startIndex - 1);
    const to: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = to[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, target));
    focusWanted.current = true;
    setActive(next);
    virtual.scrollToIndex(next);
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(total ?? rows.length) + 1}
      className="table"
      style={style}
    >
      <div role="rowgroup" className="table-head">
        {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus */}
        <div role="row" aria-rowindex={1} className="table-row">
          {shown.map((column) => (
            <Head key={column.key} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className="table-rows"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const id = idOf(row);
          return (
            <Row
              key={id}
              row={row}
              id={id}
              name={rowName}
              columns={columns}
              count={shown.length}
              width={width}
              index={index}
              startPx={start - HEAD_PX}
              heightPx={rowHeightPx}
              isActive={index === current}
              isOpen={id === openId}
              onActive={setActive}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}): ReactNode {
  const direction = sort?.key === column.key ? sort.direction : undefined;
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
    <div role="columnheader" aria-sort={direction ?? 'none'} className="table-cell" data-align={column.align}>
      {column.sortable && onSort ? (
        <button
          type="button"
          className="table-sort"
          onClick={() =>
            onSort({
              key: column.key,
              direction: direction === 'ascending' ? 'descending' : 'ascending',
            })
          }
        >
          <span className="one-line">{column.header}</span>
          {direction ? <Arrow size={14} aria-hidden /> : null}
        </button>
      ) : (
        <span className="one-line">{column.header}</span>
      )}
    </div>
  );
}

interface RowProps<T> {
  row: T;
  id: string;
  name: (row: T) => string;
  columns: readonly Column<T>[];
  /** How many columns are shown, and the width they are chosen by. */
  count: number;
  width: number;
  index: number;
  startPx: number;
  heightPx: number;
  isActive: boolean;
  isOpen: boolean;
  onActive: (index: number) => void;
  onOpen: (id: string) => void;
}

function PlainRow<T>({
  row,
  id,
  name,
  columns,
  width,
  index,
  startPx,
  heightPx,
  isActive,
  isOpen,
  onActive,
  onOpen,
}: RowProps<T>): ReactNode {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-label={name(row)}
      aria-selected={isOpen}
      tabIndex={isActive ? 0 : -1}
      data-index={index}
      className="table-row"
      style={{ transform: `translateY(${startPx}px)`, height: heightPx }}
      onFocus={() => onActive(index)}
      onClick={() => onOpen(id)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        onOpen(id);
      }}
    >
      {columns
        .filter(({ fromPx = 0 }) => width === 0 || width >= fromPx)
        .map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the row takes the focus
          <div key={column.key} role="gridcell" className="table-cell" data-align={column.align}>
            {column.cell(row)}
          </div>
        ))}
    </div>
  );
}

// Scrolling draws the table at every step; rows that stay are not drawn again.
const Row = memo(PlainRow) as typeof PlainRow;
