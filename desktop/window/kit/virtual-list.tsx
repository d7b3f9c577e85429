// A list that draws only what is seen, for thousands of rows.
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';

/**
 * A scrolling list. Fills the place that its parent gives.
 * @param rowHeightPx height of a row; rows that are higher are measured, unless all are `fixed`
 */
export function VirtualList({
  ids,
  row,
  rowHeightPx,
  label,
  onEnd,
  active,
  turn = 0,
  rowsTakeFocus = false,
  fixed = false,
}: {
  ids: readonly string[];
  row: (id: string, index: number) => ReactNode;
  rowHeightPx: number;
  label: string;
  /** Called when the last rows come into sight. */
  onEnd?: (() => void) | undefined;
  /** Row that the keyboard is at: it stays drawn wherever the list is scrolled to. */
  active?: number | undefined;
  /** Scrolls to the active row when it changes, and when that row goes elsewhere. */
  turn?: number;
  /** True where rows can be reached by the keyboard: the list itself is no stop then. */
  rowsTakeFocus?: boolean;
  /** Every row has exactly this height: nothing is measured, which is faster. */
  fixed?: boolean;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (active === undefined || active >= range.count || shown.includes(active)) return shown;
      return active < (shown[0] ?? 0) ? [active, ...shown] : [...shown, active];
    },
    [active],
  );
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => ids[index] ?? index,
    // Rows that need no measuring are drawn fast enough to come a little later.
    overscan: fixed ? 3 : 6,
    rangeExtractor,
    onChange: (list) => {
      const last = list.getVirtualItems().at(-1)?.index;
      if (last !== undefined && last >= ids.length - 3) onEnd?.();
    },
  });
  const last = useRef({ turn, active });
  useEffect(() => {
    const hasFocus = scroller.current?.contains(document.activeElement) === true;
    const isMoved = turn !== last.current.turn || (active !== last.current.active && hasFocus);
    if (active !== undefined && isMoved) virtual.scrollToIndex(active, { align: 'auto' });
    last.current = { turn, active };
  }, [active, turn, virtual]);
  return (
    <div ref={scroller} className="virtual-list" tabIndex={rowsTakeFocus ? undefined : 0}>
      <ul className="virtual-rows" aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={fixed ? undefined : virtual.measureElement}
            data-index={item.index}
            aria-setsize={ids.length}
            aria-posinset={item.index + 1}
            className="virtual-row"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {row(ids[item.index] ?? '', item.index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
