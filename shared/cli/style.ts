// Colour, where the reader is a terminal that wants it. Pure but for the look at the environment.

/** Marks texts; plain where colour is not wanted. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
}

/** True when a stream should get colour: a terminal, no NO_COLOR, and a TERM that can (see no-color.org). */
export function wantsColor(stream: { isTTY?: boolean | undefined }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** A style with or without colour. */
export function styleFor(color: boolean): Style {
  const paint = (code: number) => (text: string) =>
    color && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { good: paint(32), bad: paint(31), warn: paint(33), dim: paint(2) };
}

/** The style of stderr of this process. */
export const stderrStyle: Style = styleFor(wantsColor(process.stderr, process.env));
