// The parameters of a request, whichever form they came in, and how actions read them.
import { BodyTooLargeError, type Exchange, header, readText } from '../http/exchange.ts';
import { ApiError } from './codes.ts';

const maxBodyBytes = 1 << 20;
const maxDepth = 8;

/**
 * All parameters of a request, flattened: those of the query, and those of a form or JSON body, which win.
 * @throws ApiError 4 when the body is neither, or too large
 */
export async function readParameters(exchange: Exchange): Promise<Map<string, string>> {
  const parameters = new Map(exchange.query);
  if (exchange.method !== 'POST') return parameters;
  let text: string;
  try {
    text = await readText(exchange, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw new ApiError(4, '请求体过大');
    throw error;
  }
  if (/\bjson\b/i.test(header(exchange, 'content-type') ?? '')) {
    for (const [name, value] of flattenJson(text)) parameters.set(name, value);
  } else {
    for (const [name, value] of new URLSearchParams(text)) parameters.set(name, value);
  }
  return parameters;
}

/** The parameters of a JSON body: flattened keys as they are, nested values as `Name.0` and `Name.Key`. */
function flattenJson(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  if (text.trim() === '') return parameters;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(4, '请求体不是 JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(4, '请求体不是 JSON 对象');
  }
  flatten(value, '', parameters, 0);
  return parameters;
}

function flatten(value: unknown, name: string, into: Map<string, string>, depth: number): void {
  if (value === null || value === undefined) return;
  if (depth > maxDepth) throw new ApiError(4, '请求体嵌套过深');
  if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, name === '' ? key : `${name}.${key}`, into, depth + 1);
    }
  } else {
    into.set(name, scalar(value));
  }
}

/** A number without a fraction is an integer, and no number has an exponent. */
function scalar(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** What actions read their parameters with. An empty value is none. */
export class ActionParameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' ? undefined : value;
  }

  /** @throws ApiError 3 when it is absent */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new ApiError(3, name);
    return value;
  }

  /** @throws ApiError 4 when it is no whole number, 113 when it is out of range */
  integer(name: string, range: { min: number; max: number }): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) throw new ApiError(4, name);
    const number = Number(value);
    if (number < range.min || number > range.max) {
      throw new ApiError(113, `${name} ${value} 不在 ${range.min} 到 ${range.max} 之间`);
    }
    return number;
  }

  /** @throws ApiError 4 when it is neither `true` nor `false` */
  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw new ApiError(4, name);
    return value === 'true';
  }

  /** One of some words. @throws ApiError 113 */
  choice<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new ApiError(113, `${name} ${value}`);
    return word;
  }

  /** A list: `Name.0`, `Name.1`, … in the order of their numbers, or one text with commas (both are documented). */
  list(name: string): string[] {
    const numbered = [...this.#values]
      .flatMap(([key, value]) => {
        const index = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : '';
        return /^\d{1,6}$/.test(index) ? [{ index: Number(index), value }] : [];
      })
      .sort((a, b) => a.index - b.index)
      .map(({ value }) => value);
    const joined = this.text(name)?.split(',') ?? [];
    return [...numbered, ...joined].filter((value) => value !== '');
  }
}
