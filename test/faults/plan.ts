// From a seed to a scenario: what is uploaded where, and what goes wrong when. Pure: the same seed, the same plan.
import { type Random, random } from './random.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Ways of an upload: the engine alone into a bucket, or a whole `imagebridge push` to a cloud of a family. */
export const PATHS = ['bucket', 'huaweicloud', 'ucloudstack', 'openstack'] as const;
export type PathName = (typeof PATHS)[number];

/** Requests that the proxy tells apart. */
export type What =
  | 'initiate'
  | 'part'
  | 'list-parts'
  | 'list-uploads'
  | 'complete'
  | 'abort'
  | 'head'
  | 'token'
  | 'import'
  | 'job'
  | 'create'
  | 'data'
  | 'look'
  | 'other';

/** When a fault happens: told by what is seen, so that a seed means the same on a slow machine as on a fast one. */
export type Moment =
  /** The request is here and goes no further yet; `held`: its whole body too, the server has none of it. */
  | { at: 'request' | 'held'; what: What; nth: number }
  /** This share of the body has gone on to the server. */
  | { at: 'body'; what: What; nth: number; share: number }
  /** The server has answered, the client does not know it yet. */
  | { at: 'reply'; what: What; nth: number }
  /** The nth change of the journal was seen, and a moment passed. */
  | { at: 'journal'; nth: number; afterMs: number }
  | { at: 'start'; afterMs: number };

export type FileChange = 'append' | 'truncate' | 'overwrite' | 'replace' | 'touch' | 'remove';

/** One thing that goes wrong while a client runs. */
export type Fault =
  | { kind: 'kill-client'; when: Moment }
  | { kind: 'kill-server'; when: Moment; downMs: number }
  | { kind: 'cut'; when: Moment }
  | { kind: 'lost-reply'; when: Moment }
  | { kind: 'stall'; when: Moment; ms: number }
  /** Nothing comes any more on that connection until the client gives it up; its long timers are short. */
  | { kind: 'stall-for-good'; when: Moment }
  | { kind: 'storm'; when: Moment; status: number; count: number; retryAfterS?: number | undefined }
  | { kind: 'lost-part'; partNumber: number }
  /** The same request reaches the server a second time. */
  | { kind: 'duplicate'; when: Moment; afterMs: number }
  /** The connection breaks, and the request reaches the server later, behind others. */
  | { kind: 'late'; when: Moment; afterMs: number }
  | { kind: 'expired-token'; nth: number }
  | { kind: 'vanished-upload'; when: Moment }
  | { kind: 'full-disk'; when: Moment }
  | { kind: 'changed-file'; when: Moment; how: FileChange; remedy: 'restore' | 'discard' }
  | { kind: 'second-process'; when: Moment; machine: 'same' | 'other' }
  | { kind: 'clock-jump'; when: Moment; byMs: number }
  | { kind: 'interrupt'; when: Moment }
  | { kind: 'abort'; when: Moment }
  | { kind: 'failed-job' };

/** What happens to the journal between two clients. Offsets are shares of its length. */
export type Damage =
  | { kind: 'journal-torn'; bytes: number }
  | { kind: 'journal-zeros'; bytes: number }
  | { kind: 'journal-flipped'; at: number }
  | { kind: 'journal-lost' };

export type FaultKind = Fault['kind'] | Damage['kind'];

/** One client, from its start to its end. */
export interface Round {
  damage?: Damage | undefined;
  faults: Fault[];
}

/** One run. After its rounds one more client runs undisturbed. */
export interface Scenario {
  seed: number;
  path: PathName;
  sizeBytes: number;
  partSizeBytes: number;
  partsTotal: number;
  parallelParts: number;
  rounds: Round[];
  /** The last client is told the id of the upload instead of the file, where one is left: `uploads resume ID`. */
  isResumedById: boolean;
}

const isMultipart = (path: PathName) => path !== 'openstack';

/** The scenario of a seed. @param only paths to choose from; others are left to the first of them */
export function planOf(seed: number, only: readonly PathName[] = PATHS): Scenario {
  const r = random(seed);
  const wanted = r.weighted<PathName>([
    [50, 'bucket'],
    [27, 'huaweicloud'],
    [8, 'ucloudstack'],
    [15, 'openstack'],
  ]);
  const path = only.includes(wanted) ? wanted : (only[0] ?? 'bucket');
  const { sizeBytes, partSizeBytes } = sizesOf(path, r);
  const partsTotal = isMultipart(path) ? Math.ceil(sizeBytes / partSizeBytes) : 1;
  const shape = { path, partsTotal };
  const count = r.weighted([
    [55, 1],
    [30, 2],
    [15, 3],
  ]);
  const rounds = Array.from({ length: count }, (_, i) =>
    roundOf(r, { ...shape, partsTotal: Math.ceil(partsTotal / (i + 1)) }, i),
  );
  const parallelParts = r.int(1, 6);
  const isResumedById = path !== 'bucket' && r.chance(0.4);
  return { seed, path, sizeBytes, partSizeBytes, partsTotal, parallelParts, rounds, isResumedById };
}

function sizesOf(path: PathName, r: Random): { sizeBytes: number; partSizeBytes: number } {
  // Behind the service of that family stands a store whose parts have 5 MiB at least.
  if (path === 'ucloudstack') return { partSizeBytes: 5 * MIB, sizeBytes: r.int(6 * MIB, 22 * MIB) };
  const partSizeBytes = r.pick([100 * KIB, 100 * KIB, 128 * KIB, 256 * KIB, 150_001]);
  return { partSizeBytes, sizeBytes: r.int(300 * KIB, 3 * MIB) };
}

interface Shape {
  path: PathName;
  /** Parts that a client can be expected to send: later ones have less to do. */
  partsTotal: number;
}

function roundOf(r: Random, shape: Shape, index: number): Round {
  const faults = [faultOf(r, shape)];
  // What disturbs the network goes with everything else.
  if (r.chance(0.35)) {
    const other = networkFault(r, { ...shape, partsTotal: Math.ceil(shape.partsTotal / 2) });
    if (!faults.some((fault) => fault.kind === other.kind)) faults.push(other);
  }
  const damage = index > 0 && isMultipart(shape.path) && r.chance(0.35) ? damageOf(r) : undefined;
  return { faults, ...(damage ? { damage } : {}) };
}

function damageOf(r: Random): Damage {
  return r.weighted<Damage>([
    [4, { kind: 'journal-torn', bytes: r.int(1, 300) }],
    [2, { kind: 'journal-zeros', bytes: r.int(1, 300) }],
    [4, { kind: 'journal-flipped', at: r.next() }],
    [1, { kind: 'journal-lost' }],
  ]);
}

function faultOf(r: Random, shape: Shape): Fault {
  const { path } = shape;
  const isPush = path !== 'bucket';
  const parts = isMultipart(path);
  // Every kind is made, so that the choice of one does not change what the next number means.
  const made: [number, Fault][] = [
    [26, { kind: 'kill-client', when: anyMoment(r, shape) }],
    [parts ? 10 : 0, { kind: 'kill-client', when: journalMoment(r, shape) }],
    [8, { kind: 'kill-server', when: networkMoment(r, shape), downMs: r.int(50, 900) }],
    [16, networkFault(r, shape)],
    [parts ? 4 : 0, { kind: 'lost-part', partNumber: r.int(1, shape.partsTotal) }],
    [isPush ? 4 : 0, { kind: 'expired-token', nth: r.int(1, 4) }],
    [parts && path !== 'ucloudstack' ? 5 : 0, { kind: 'vanished-upload', when: partMoment(r, shape) }],
    [5, { kind: 'full-disk', when: r.chance(0.3) ? { at: 'start', afterMs: 0 } : partMoment(r, shape) }],
    [
      7,
      {
        kind: 'changed-file',
        when: partMoment(r, shape),
        how: r.pick(['append', 'truncate', 'overwrite', 'replace', 'touch', 'remove']),
        remedy: r.chance(0.3) ? 'discard' : 'restore',
      },
    ],
    [
      7,
      {
        kind: 'second-process',
        when: r.chance(0.25) ? { at: 'start', afterMs: r.pick([0, 0, 60, 200]) } : partMoment(r, shape),
        machine: r.chance(0.7) ? 'same' : 'other',
      },
    ],
    [5, { kind: 'clock-jump', when: partMoment(r, shape), byMs: r.pick([-3_600_000, 3_600_000]) }],
    [5, { kind: 'interrupt', when: anyMoment(r, shape) }],
    [3, { kind: 'abort', when: partMoment(r, shape) }],
    [path === 'huaweicloud' ? 4 : 0, { kind: 'failed-job' }],
  ];
  return r.weighted(made);
}

/** Requests that are worth losing, repeating and delaying. */
const REPEATED: Readonly<Record<PathName, readonly [What, ...What[]]>> = {
  bucket: ['part', 'part', 'part', 'complete', 'complete', 'initiate'],
  huaweicloud: ['part', 'part', 'complete', 'initiate', 'import', 'import'],
  ucloudstack: ['part', 'part', 'complete', 'import'],
  openstack: ['data', 'create'],
};

function networkFault(r: Random, shape: Shape): Fault {
  const status = r.pick([500, 502, 503, 429]);
  const again = r.pick(REPEATED[shape.path]);
  const nth = again === 'part' ? r.int(1, shape.partsTotal) : 1;
  return r.weighted<Fault>([
    [5, { kind: 'cut', when: networkMoment(r, shape) }],
    [4, { kind: 'lost-reply', when: { at: 'reply', what: again, nth } }],
    [4, { kind: 'stall', when: networkMoment(r, shape), ms: r.int(200, 1_500) }],
    [1, { kind: 'stall-for-good', when: networkMoment(r, shape) }],
    [
      6,
      {
        kind: 'storm',
        when: anyMoment(r, shape),
        status,
        count: r.int(1, 12),
        ...(r.chance(0.2) ? { retryAfterS: 1 } : {}),
      },
    ],
    [3, { kind: 'duplicate', when: { at: 'reply', what: again, nth }, afterMs: r.int(0, 300) }],
    [3, { kind: 'late', when: { at: 'held', what: again, nth }, afterMs: r.int(0, 900) }],
  ]);
}

/** In the middle of the sending. */
function partMoment(r: Random, shape: Shape): Moment {
  const what: What = isMultipart(shape.path) ? 'part' : 'data';
  const nth = isMultipart(shape.path) ? r.int(1, shape.partsTotal) : 1;
  return momentOf(r, what, nth);
}

const HAS_BODY: readonly What[] = ['part', 'data', 'complete', 'create', 'import', 'token'];

function momentOf(r: Random, what: What, nth: number): Moment {
  const share = r.next();
  return r.weighted<Moment>([
    [2, { at: 'request', what, nth }],
    [HAS_BODY.includes(what) ? 3 : 0, { at: 'body', what, nth, share }],
    [2, { at: 'reply', what, nth }],
  ]);
}

/** Around any request. */
function networkMoment(r: Random, shape: Shape): Moment {
  const parts = partMoment(r, shape);
  const rarer: readonly [What, ...What[]] =
    shape.path === 'bucket'
      ? ['initiate', 'complete', 'complete', 'list-uploads', 'list-parts', 'head']
      : shape.path === 'huaweicloud'
        ? ['initiate', 'complete', 'complete', 'token', 'import', 'import', 'job', 'list-parts']
        : shape.path === 'ucloudstack'
          ? ['import', 'complete', 'complete', 'look', 'look']
          : ['token', 'create', 'create', 'look', 'data', 'data'];
  const rare = momentOf(
    r,
    r.pick(rarer),
    r.weighted([
      [4, 1],
      [1, 2],
    ]),
  );
  return r.chance(0.65) ? parts : rare;
}

function anyMoment(r: Random, shape: Shape): Moment {
  const seen = networkMoment(r, shape);
  const start: Moment = { at: 'start', afterMs: r.int(0, 700) };
  return r.chance(0.9) ? seen : start;
}

function journalMoment(r: Random, shape: Shape): Moment {
  // The journal of a new upload begins with its state and the server's id; each part adds a line.
  return {
    at: 'journal',
    nth: r.int(1, shape.partsTotal + 4),
    afterMs: r.weighted([
      [3, 0],
      [1, 1],
      [1, r.int(1, 5)],
    ]),
  };
}

/** A fault in a few words, for reports. */
export function describeFault(fault: Fault | Damage): string {
  const { kind, ...rest } = fault;
  const facts = Object.entries(rest).map(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, v]) => `${key}=${typeof v === 'number' && v < 1 && v > 0 ? v.toFixed(2) : v}`)
          .join(' ')
      : `${name}=${typeof value === 'number' && value < 1 && value > 0 ? value.toFixed(2) : String(value)}`,
  );
  return `${kind} (${facts.join(', ')})`;
}
