// For component tests: there is no layout in happy-dom, so lists that draw what is seen would draw nothing.
import { vi } from 'vitest';

/** Gives every element a size: `heightPx` inside, `rowPx` outside. Undone by `vi.restoreAllMocks()`. */
export function fakeLayout({ heightPx = 400, rowPx = 40 } = {}): void {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(heightPx);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(rowPx);
}
