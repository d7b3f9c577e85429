// The fault panel: which requests go wrong, and how. Pure bookkeeping; the listener carries the faults out.
import { z } from 'zod';
import { LocalCloudError } from './failure.ts';

const count = z.number().int().nonnegative();

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('cut'), afterBytes: count.optional() }),
  z.strictObject({ kind: z.literal('truncate') }),
  z.strictObject({ kind: z.literal('html'), status: z.number().int().min(200).max(599).optional() }),
  z.strictObject({ kind: z.literal('delay'), ms: count }),
  z.strictObject({ kind: z.literal('bandwidth'), bytesPerSecond: z.number().positive() }),
  z.strictObject({ kind: z.literal('lose-reply') }),
  z.strictObject({ kind: z.literal('lose-part') }),
  z.strictObject({ kind: z.literal('expire-token') }),
  z.strictObject({ kind: z.literal('stuck-job') }),
  z.strictObject({ kind: z.literal('fail-job'), code: z.string(), reason: z.string() }),
]);

const faultSchema = z.strictObject({
  service: z.enum(['iam', 'obs', 'ims', 'keystone', 'glance', 'ucloudstack', 'ucloudstack-s3']).optional(),
  region: z.string().optional(),
  method: z.string().optional(),
  path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  count: z.union([count, z.literal(Number.POSITIVE_INFINITY)]).optional(),
  after: count.optional(),
  action: actionSchema,
});

/** The same over HTTP: JSON has no RegExp and no Infinity, so `pathPattern` and `"always"` stand for them. */
const wireFaultSchema = faultSchema.extend({
  path: z.string().optional(),
  pathPattern: z.string().optional(),
  count: z.union([count, z.literal('always')]).optional(),
});

/**
 * What goes wrong.
 * - `status`: that reply instead of the work, e.g. 500, or 429 with `Retry-After`
 * - `cut`: the connection is destroyed; at once, or with `afterBytes` in the middle of the request's body, or of the reply
 *   when the request has none
 * - `truncate`: the right Content-Length, half of the body, then the connection is destroyed (a request without a reply body is cut)
 * - `html`: an HTML page instead of the work, as a proxy would send
 * - `delay`: waits before the work
 * - `bandwidth`: reads the request's body no faster than that
 * - `lose-reply`: does the work, then destroys the connection without a reply
 * - `lose-part`: a part of an upload is acknowledged, but not kept
 * - `expire-token`: the request's token counts as expired
 * - `stuck-job`: a job that the request starts never ends
 * - `fail-job`: the next job that a matching request starts ends with FAIL
 */
export type FaultAction = z.infer<typeof actionSchema>;

/** Which requests go wrong. Every given field must match. */
export interface Fault {
  service?: 'iam' | 'obs' | 'ims' | 'keystone' | 'glance' | 'ucloudstack' | 'ucloudstack-s3' | undefined;
  region?: string | undefined;
  method?: string | undefined;
  /** Matched against path and query, e.g. `/bucket/key?partNumber=2&uploadId=…`; a string matches as a part of it. */
  path?: RegExp | string | undefined;
  /** How many matching requests go wrong. Default 1; `Infinity` is allowed. */
  count?: number | undefined;
  /** How many matching requests are let through before. Default 0. */
  after?: number | undefined;
  action: FaultAction;
}

/** Injects faults into a running cloud. */
export interface FaultPanel {
  /** @throws LocalCloudError when the fault is not well-formed */
  add(fault: Fault): void;
  /** Removes every fault. Requests that suffer one already go on suffering. */
  clear(): void;
  /** The faults that have not been used up, as plain data. */
  list(): Fault[];
}

/** What a request is matched by. */
export interface FaultSubject {
  service: string;
  region?: string | undefined;
  method: string;
  /** Path and query as sent. */
  target: string;
}

/** Faults that change what a request does; any number of them can come together. */
type QuietKind = 'delay' | 'bandwidth' | 'lose-part' | 'expire-token' | 'stuck-job';
const quietKinds: readonly string[] = ['delay', 'bandwidth', 'lose-part', 'expire-token', 'stuck-job'];

/** The faults that one request suffers: any number of slow-downs, and at most one of the others (the oldest). */
export interface ChosenFaults {
  delayMs: number;
  bytesPerSecond?: number | undefined;
  losesPart?: boolean | undefined;
  expiresToken?: boolean | undefined;
  stallsJob?: boolean | undefined;
  main?: Exclude<FaultAction, { kind: QuietKind | 'fail-job' }> | undefined;
}

/** The panel's own half: bookkeeping of what is left. */
export class Faults implements FaultPanel {
  #rules: { fault: Fault; left: number; skip: number }[] = [];

  add(fault: Fault): void {
    const result = faultSchema.safeParse(fault);
    if (!result.success) throw new LocalCloudError(`Not a fault: ${z.prettifyError(result.error)}`);
    this.#rules.push({ fault: result.data, left: fault.count ?? 1, skip: fault.after ?? 0 });
  }

  /**
   * Adds faults from JSON.
   * @throws LocalCloudError when one is not well-formed; none is added then
   */
  addWire(value: unknown): void {
    const result = z.union([wireFaultSchema, z.array(wireFaultSchema)]).safeParse(value);
    if (!result.success) throw new LocalCloudError(`Not a fault: ${z.prettifyError(result.error)}`);
    const faults = [result.data].flat().map(({ pathPattern, count: times, path, ...rest }): Fault => {
      try {
        return {
          ...rest,
          path: pathPattern === undefined ? path : new RegExp(pathPattern),
          count: times === 'always' ? Number.POSITIVE_INFINITY : times,
        };
      } catch {
        throw new LocalCloudError(`Not a regular expression: ${pathPattern}`);
      }
    });
    for (const fault of faults) this.add(fault);
  }

  clear(): void {
    this.#rules = [];
  }

  list(): Fault[] {
    return this.#rules.map(({ fault, left, skip }) => ({ ...fault, count: left, after: skip }));
  }

  /** Takes the faults that this request suffers. */
  choose(subject: FaultSubject): ChosenFaults {
    const chosen: ChosenFaults = { delayMs: 0 };
    for (const { action } of this.#take(subject, (kind) => kind !== 'fail-job', chosen)) {
      if (action.kind === 'delay') chosen.delayMs += action.ms;
      else if (action.kind === 'bandwidth') chosen.bytesPerSecond = action.bytesPerSecond;
      else if (action.kind === 'lose-part') chosen.losesPart = true;
      else if (action.kind === 'expire-token') chosen.expiresToken = true;
      else if (action.kind === 'stuck-job') chosen.stallsJob = true;
      else if (action.kind !== 'fail-job') chosen.main = action;
    }
    return chosen;
  }

  /** Takes the failure that a job started by this request is to suffer. */
  takeJobFailure(subject: FaultSubject): { code: string; reason: string } | undefined {
    for (const { action } of this.#take(subject, (kind) => kind === 'fail-job')) {
      if (action.kind === 'fail-job') return { code: action.code, reason: action.reason };
    }
    return undefined;
  }

  *#take(subject: FaultSubject, kinds: (kind: string) => boolean, chosen?: ChosenFaults): Generator<Fault> {
    for (const rule of [...this.#rules]) {
      const { kind } = rule.fault.action;
      if (!kinds(kind) || !matches(rule.fault, subject)) continue;
      if (!quietKinds.includes(kind) && chosen?.main !== undefined) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.left <= 0) continue;
      rule.left -= 1;
      if (rule.left <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
      yield rule.fault;
    }
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  const { path } = fault;
  return (
    (fault.service === undefined || fault.service === subject.service) &&
    (fault.region === undefined || fault.region === subject.region) &&
    (fault.method === undefined || fault.method.toUpperCase() === subject.method) &&
    (path === undefined ||
      (typeof path === 'string'
        ? subject.target.includes(path)
        : new RegExp(path.source, path.flags.replace('g', '').replace('y', '')).test(subject.target)))
  );
}
