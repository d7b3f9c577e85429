// Moving through a list by the keyboard: one row at a time can be reached by Tab, the arrows go from row to row.
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Where the keyboard is in a list. Elements that take the focus have `data-roving` with the row's id. */
export interface Roving {
  /** For the element around the list. */
  ref: RefObject<HTMLDivElement | null>;
  /** Index of the row that Tab reaches; the first one until the keyboard was used. -1 in an empty list. */
  active: number;
  activeId: string | undefined;
  /** Grows with each move: the list scrolls to the active row then. */
  turn: number;
  /** Makes a row the active one, and gives it the focus unless `focus` is false. */
  go: (index: number, options?: { focus?: boolean }) => void;
  /** Moves for arrows, Home, End, Page Up and Page Down. True when it was one of these keys. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Rows that a page key passes. */
const PAGE_ROWS = 8;

/** Keeps the place of the keyboard in a list of ids; it stays with its id when the list changes. */
export function useRoving(ids: readonly string[]): Roving {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ id: string; index: number; turn: number }>();
  const wantsFocus = useRef(false);
  const found =
    place === undefined ? -1 : ids[place.index] === place.id ? place.index : ids.indexOf(place.id);
  // Its row is gone: the one that took its place.
  const active = found >= 0 ? found : Math.min(place?.index ?? 0, ids.length - 1);
  const activeId = ids[active];
  const turn = place?.turn ?? 0;

  const go = useCallback(
    (index: number, { focus = true } = {}) => {
      const to = Math.min(Math.max(0, index), ids.length - 1);
      const id = ids[to];
      if (id === undefined) return;
      wantsFocus.current = focus;
      setPlace((before) => ({ id, index: to, turn: (before?.turn ?? 0) + 1 }));
    },
    [ids],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: after each move, also to the same row
  useEffect(() => {
    if (!wantsFocus.current || activeId === undefined) return;
    wantsFocus.current = false;
    ref.current
      ?.querySelector<HTMLElement>(`[data-roving="${CSS.escape(activeId)}"]`)
      ?.focus({ preventScroll: true });
  }, [activeId, turn]);

  const onKey = (event: KeyboardEvent): boolean => {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const to: Partial<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: ids.length - 1,
      PageDown: active + PAGE_ROWS,
      PageUp: active - PAGE_ROWS,
    };
    const index = to[event.key];
    if (index === undefined) return false;
    event.preventDefault();
    go(index);
    return true;
  };
  return { ref, active, activeId, turn, go, onKey };
}
