// A list that draws only what is seen, for thousands of rows.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

/**
 * A scrolling list. Fills the place that its parent gives.
 * @param rowHeightPx height of a row; rows that are higher are measured
 */
export function VirtualList({
  ids,
  row,
  rowHeightPx,
  label,
  onEnd,
}: {
  ids: readonly string[];
  row: (id: string, index: number) => ReactNode;
  rowHeightPx: number;
  label: string;
  /** Called when the last rows come into sight. */
  onEnd?: (() => void) | undefined;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 6,
    onChange: (list) => {
      const last = list.getVirtualItems().at(-1)?.index;
      if (last !== undefined && last >= ids.length - 3) onEnd?.();
    },
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs it
    <div ref={scroller} className="virtual-list" tabIndex={0}>
      <ul className="virtual-rows" aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
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
