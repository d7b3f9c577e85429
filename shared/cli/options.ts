// Options that commands share, and the readers of their values.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseBytes } from './format.ts';
import { type CommonOptions, UsageError } from './outcome.ts';

/** Options of commands that talk to a cloud. */
export interface CloudCommandOptions extends CommonOptions {
  cloud?: string;
  region?: string;
}

/** Adds --cloud, --region and --json. */
export const cloudOptions = (command: Command): Command =>
  command
    .option(
      '--cloud <name>',
      'profile of the cloud (default: IMAGEBRIDGE_CLOUD, or the default of the profiles)',
    )
    .option('--region <region>', "region (default: the profile's)")
    .option('--json', 'print JSON');

/** The help of an argument that names an image. */
export const IMAGE_ARGUMENT = 'id of the image, name:NAME, channel:NAME or channel:NAME/previous';

/** Options of commands that show progress. */
export interface ProgressOptions {
  progress: 'auto' | 'line' | 'log' | 'json' | 'none';
  /** Seconds. */
  progressInterval: number;
  quiet?: boolean;
}

/** Adds --progress, --progress-interval and --quiet. */
export const progressOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--progress <how>',
        'how to show progress, on stderr; auto: a line on a terminal, else a log',
      )
        .choices(['auto', 'line', 'log', 'json', 'none'])
        .default('auto'),
    )
    .option('--progress-interval <s>', 'seconds between the lines of a log', seconds, 10)
    .option('--quiet', 'print results and errors only');

/** Adds examples to the help. */
export const examples = (command: Command, ...lines: string[]): Command =>
  command.addHelpText(
    'after',
    `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );

/** Reads a whole number from `min` on. */
export function integer(min: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min} on.`);
    return value;
  };
}

/** Reads a size or a rate of the command line. */
export function bytes(text: string): number {
  const value = parseBytes(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a size such as 500k, 60M or 1.5G.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 86_400))
    throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads a time such as `90s`, `30m`, `12h`, `14d`, `2w`. @returns ms */
export function duration(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(text.trim()) ?? [];
  const unitMs = UNIT_MS[unit?.toLowerCase() ?? ''];
  if (value === undefined || unitMs === undefined)
    throw new InvalidArgumentError('It must be a time such as 90s, 30m, 12h, 14d or 2w.');
  return Math.round(Number(value) * unitMs);
}

/** Reads 64 hexadecimal digits. */
export function sha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('It must be 64 hexadecimal digits.');
  return text.toLowerCase();
}

/** Collects `key=value`; a key alone has the value "". */
export function collectPair(text: string, pairs: Record<string, string> = {}): Record<string, string> {
  const { key, value } = keyAndValue(text);
  return { ...pairs, [key]: value };
}

/** Collects texts; commas separate too. */
export const collectList = (text: string, texts: string[] = []): string[] => [
  ...texts,
  ...text.split(',').filter((one) => one !== ''),
];

/** Reads `key=value`. @throws UsageError when there is no key */
export function keyAndValue(text: string): { key: string; value: string } {
  const at = text.indexOf('=');
  if (at === 0 || text === '') throw new UsageError(`${JSON.stringify(text)} has no key: write KEY=VALUE.`);
  return at < 0 ? { key: text, value: '' } : { key: text.slice(0, at), value: text.slice(at + 1) };
}
