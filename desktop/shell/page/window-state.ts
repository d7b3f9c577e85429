// Where the window was, and whether that is a place to open it again. Pure but for the two functions that read and write.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A rectangle on the desktop, in device-independent pixels. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const px = z.number().int().min(-100_000).max(100_000);
const stateSchema = z.object({
  place: z.object({ x: px, y: px, width: px, height: px }),
  isMaximized: z.boolean(),
  /** The engine's setting as of last time: the window has a colour before the engine runs. */
  theme: z.enum(['system', 'light', 'dark']),
});
/** What is remembered of the window. */
export type WindowState = z.infer<typeof stateSchema>;

/** Smallest size that everything fits into. */
export const SMALLEST = { width: 900, height: 600 };
const USUAL = { width: 1280, height: 800 };
/** So much of the title must be on a screen for the window to be moved by hand. */
const GRIP = { width: 120, height: 40 };

/**
 * Where to open the window: where it was, when enough of it is on a screen that is there now; else in the middle of the first
 * one, in its old size where that fits.
 * @param areas what of each screen can be used; the main one first
 */
export function placeFor(
  state: Pick<WindowState, 'place'> | undefined,
  areas: readonly Place[],
): Partial<Place> & typeof USUAL {
  const fits = (size: { width: number; height: number }, area: Place | undefined) => ({
    width: Math.round(Math.max(SMALLEST.width, Math.min(size.width, area?.width ?? size.width))),
    height: Math.round(Math.max(SMALLEST.height, Math.min(size.height, area?.height ?? size.height))),
  });
  if (state === undefined) return fits(USUAL, areas[0]);
  const { place } = state;
  const home = areas.find((area) => isReachable(place, area));
  if (home === undefined) return fits(place, areas[0]);
  return { x: place.x, y: place.y, ...fits(place, home) };
}

/** The title bar is at the top: that is what has to be seen. */
function isReachable(place: Place, area: Place): boolean {
  const seen = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x);
  return seen >= GRIP.width && place.y >= area.y && place.y + GRIP.height <= area.y + area.height;
}

/** What was remembered; undefined when there is nothing, or nothing that can be believed. */
export function readWindowState(path: string): WindowState | undefined {
  try {
    return stateSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Remembers it. Failures do no harm: the window then opens in the middle. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`);
    renameSync(`${path}.new`, path);
  } catch {
    // See above.
  }
}
