// The customary `timeouts` attribute: how long each operation may take. Terraform sets no deadlines of its own.
import { type Attribute, a } from '../schema/attribute.ts';
import { check, type Validator } from './validator.ts';

/** The operations that may have a timeout. */
export type TimedOperation = 'create' | 'read' | 'update' | 'delete';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/y;

/**
 * Milliseconds of a duration as Terraform users write it: `90s`, `30m`, `1h30m`.
 * @returns undefined where the text is not such a duration
 */
export function durationMs(text: string): number | undefined {
  PART.lastIndex = 0;
  let total = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (part === null) return undefined;
    total += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0);
  }
  return text === '' ? undefined : total;
}

/** Accepts durations such as `30m` that are longer than nothing. */
export function duration(): Validator<string> {
  return check('must be a duration such as "90s", "30m" or "1h30m"', (text) => (durationMs(text) ?? 0) > 0);
}

const operation = (name: TimedOperation) =>
  a.string({
    optional: true,
    description: `How long ${name} may take, e.g. \`30m\` or \`1h30m\`.`,
    validators: [duration()],
  });

/** The attribute `timeouts = { create = "30m", … }` for all four operations; each one is optional. */
export function timeouts() {
  return a.single({
    optional: true,
    description: 'How long each operation may take.',
    attributes: {
      create: operation('create'),
      read: operation('read'),
      update: operation('update'),
      delete: operation('delete'),
    },
  }) satisfies Attribute;
}

/** The timeout of an operation in milliseconds: what the user wrote, or else the default. */
export function timeoutMs(
  configured: Readonly<Partial<Record<TimedOperation, string | null>>> | null,
  name: TimedOperation,
  defaultMs: number,
): number {
  const text = configured?.[name];
  return (typeof text === 'string' ? durationMs(text) : undefined) ?? defaultMs;
}
