// What the first run prints: numbered steps, facts, checks. Writes to stdout.
import { stripVTControlCharacters } from 'node:util';

const color = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);

/** Thrown when a check of the first run does not hold. */
export class CheckFailed extends Error {}

let step = 0;
let checks = 0;
let live = false;
let nextLogMs = 0;

/** How many checks have held. */
export const checksDone = (): number => checks;

/** Begins a step. */
export function begin(title: string): void {
  endLive();
  step++;
  process.stdout.write(`\n${paint(1, `${String(step).padStart(2)}  ${title}`)}\n`);
}

/** Prints facts below the step. */
export function say(text: string): void {
  endLive();
  for (const line of text.split('\n')) process.stdout.write(`    ${line}\n`);
}

/** Prints one line that is redrawn in place; without a terminal, once a second at most. */
export function draw(text: string): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[2K    ${text.slice(0, Math.max(20, (process.stdout.columns ?? 80) - 5))}`);
    live = true;
  } else if (Date.now() >= nextLogMs) {
    nextLogMs = Date.now() + 1_000;
    process.stdout.write(`    ${stripVTControlCharacters(text)}\n`);
  }
}

/** Checks something and says so. @throws CheckFailed when it does not hold */
export function check(holds: boolean, claim: string, otherwise = ''): void {
  endLive();
  if (!holds) {
    process.stdout.write(`    ${paint(31, '✗')} ${claim}\n`);
    throw new CheckFailed(`This did not hold: ${claim}.${otherwise === '' ? '' : ` ${otherwise}`}`);
  }
  checks++;
  process.stdout.write(`    ${paint(32, '✓')} ${claim}\n`);
}

function endLive(): void {
  if (live) process.stdout.write('\n');
  live = false;
}
