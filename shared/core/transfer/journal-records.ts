// The records of an upload's journal: their form on disk, their checksums, and what they add up to.
// Pure: bytes in, state out. A record never holds a secret.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TargetLocator } from '../model/index.ts';
import { stateMoment, stateWords, timelineLength } from './timeline.ts';
import type { FileIdentity, Moment, TimelineEntry, UploadProblem, UploadState } from './types.ts';

/**
 * Version of the form on disk. A reader refuses to go past a record of a newer one; older ones are read as they are,
 * and become new ones when the journal is made small.
 * 1: uploads in parts. 2: routes, streams, notes, the state of a SHA-256.
 */
export const journalVersion = 2;

const states = [
  'planned',
  'uploading',
  'paused',
  'verifying',
  'completing',
  'importing',
  'uploaded',
  'attention',
  'aborted',
] as const satisfies readonly UploadState[];

/** A file's identity, as it stands in journals and control messages. */
export const fileSchema = z.object({
  path: z.string(),
  sizeBytes: z.number().int().positive(),
  mtimeMs: z.number(),
  inode: z.number(),
});
/** A target's locator, as it stands in journals and control messages. */
export const targetSchema = z.object({
  cloud: z.string(),
  region: z.string(),
  bucket: z.string(),
  key: z.string(),
  route: z.enum(['bucket', 'parts', 'stream']).optional(),
});
/** An upload's state, as it stands in journals and control messages. */
export const stateSchema = z.enum(states);
const causeSchema = z.object({
  reason: z.string().optional(),
  code: z.string().optional(),
  httpStatus: z.number().optional(),
  requestId: z.string().optional(),
});
/** Why an upload stopped. */
export const problemSchema = z.object({
  kind: z.string(),
  message: z.string(),
  cause: causeSchema.optional(),
});

/** The kinds of notable moments, as they stand in journals and control messages. */
export const noteKind = z.enum(['state', 'retry', 'stalled', 'note']);

/** What a moment says as data. One that is not understood, of a newer version, is left out: its words are there. */
export const momentSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('state'), state: stateSchema, cause: causeSchema.optional() }),
    z.object({
      type: z.literal('retry'),
      partNumber: z.number().optional(),
      attempt: z.number(),
      waitMs: z.number(),
      cause: causeSchema,
    }),
    z.object({ type: z.literal('stalled'), stalledMs: z.number() }),
  ])
  .optional()
  .catch(undefined) satisfies z.ZodType<Moment | undefined>;

const partNumber = z.number().int().min(1);
const partSchema = z.object({ partNumber, etag: z.string(), md5: z.string().regex(/^[0-9a-f]{32}$/) });

const bodySchema = z.discriminatedUnion('type', [
  // How the file is cut. Always the first; a later one replaces it and forgets the parts.
  z.object({
    type: z.literal('plan'),
    uploadId: z.string(),
    createdAtMs: z.number(),
    file: fileSchema,
    target: targetSchema,
    partSizeBytes: z.number().int().positive(),
    partsTotal: z.number().int().positive(),
  }),
  // The source is another one that looks the same: what was known of its bytes is forgotten.
  z.object({ type: z.literal('file'), file: fileSchema }),
  // The service's upload id, or the id of its record for a stream, written before any byte is sent; null: there is
  // none any more. Forgets the parts of an earlier one.
  z.object({ type: z.literal('server'), serverUploadId: z.string().nullable() }),
  // A part that the service has confirmed.
  partSchema.extend({ type: z.literal('part') }),
  // All parts that the service has: what the journal said before is replaced.
  z.object({ type: z.literal('parts'), parts: z.array(partSchema) }),
  z.object({ type: z.literal('sha256'), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ type: z.literal('state'), state: stateSchema, problem: problemSchema.optional() }),
  // How far the SHA-256 of the whole has come, for sources that must be fetched.
  z.object({
    type: z.literal('whole'),
    parts: partNumber,
    state: z.string().regex(/^([0-9a-f]{2}){32,95}$/),
  }),
  // A notable moment; only the last ones count.
  z.object({
    type: z.literal('note'),
    at: z.number(),
    kind: noteKind,
    text: z.string().max(2000),
    moment: momentSchema,
  }),
  // A fact of another layer; null removes it.
  z.object({ type: z.literal('fact'), key: z.string(), value: z.string().nullable() }),
]);

/** What a record says. */
export type RecordBody = z.infer<typeof bodySchema>;

const recordSchema = z.object({
  v: z.number().int().min(1).max(journalVersion),
  n: z.number().int(),
  atMs: z.number(),
  r: bodySchema,
});

/** A record as it stands in the file: its place in the sequence, its time, what it says. */
export type JournalRecord = z.infer<typeof recordSchema>;

const prefix = '{"sum":"';
const middle = '","record":';
const sumLength = 16;

const checksum = (text: string | Uint8Array) =>
  createHash('sha256').update(text).digest('hex').slice(0, sumLength);

/** One line of the journal, with its line feed. Valid JSON: `{"sum":…,"record":…}`, `sum` over the record's bytes. */
export function encodeRecord(n: number, atMs: number, r: RecordBody): string {
  const text = JSON.stringify({ v: journalVersion, n, atMs, r } satisfies JournalRecord);
  return `${prefix}${checksum(text)}${middle}${text}}\n`;
}

function decodeLine(line: Buffer): JournalRecord | undefined {
  const head = prefix.length + sumLength + middle.length;
  if (line.length < head + 3 || line[line.length - 1] !== 0x7d) return undefined;
  const sum = line.toString('latin1', prefix.length, prefix.length + sumLength);
  const frame = line.toString('latin1', 0, head);
  const text = line.subarray(head, line.length - 1);
  if (frame !== `${prefix}${sum}${middle}` || checksum(text) !== sum) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(text.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** What a journal's bytes say. */
export interface DecodedJournal {
  /** The records of the good beginning, in order. */
  records: JournalRecord[];
  /** Length of the good beginning. */
  goodBytes: number;
  /**
   * `torn`: the last write was cut short, which is what a power loss does and loses nothing that was promised.
   * `damaged`: something in the middle or a whole last line is unreadable.
   */
  damage?: 'torn' | 'damaged' | undefined;
  /** Facts that stand behind the damage and are whole: no server could give them back. */
  salvagedFacts: { key: string; value: string | null }[];
}

/** Reads a journal's bytes as far as they can be believed. Never throws. */
export function decodeJournal(bytes: Buffer): DecodedJournal {
  const journal: DecodedJournal = { records: [], goodBytes: 0, salvagedFacts: [] };
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, at);
    if (feed === -1) {
      journal.damage ??= 'torn';
      break;
    }
    const record = decodeLine(bytes.subarray(at, feed));
    const first = journal.records.length === 0;
    const expected =
      record !== undefined &&
      (first ? record.r.type === 'plan' : record.n === (journal.records.at(-1)?.n ?? 0) + 1);
    if (journal.damage === undefined && expected && record !== undefined) {
      journal.records.push(record);
      journal.goodBytes = feed + 1;
    } else {
      journal.damage = 'damaged';
      if (record?.r.type === 'fact') journal.salvagedFacts.push({ key: record.r.key, value: record.r.value });
    }
    at = feed + 1;
  }
  return journal;
}

/** A part as the journal remembers it: the service's ETag, and the MD5 (hex) of the bytes that were sent. */
export interface JournalPart {
  etag: string;
  md5: string;
}

/** True when two locators name the same place, reached in the same way. */
export const sameTarget = (a: TargetLocator, b: TargetLocator): boolean =>
  a.cloud === b.cloud &&
  a.region === b.region &&
  a.bucket === b.bucket &&
  a.key === b.key &&
  (a.route ?? 'bucket') === (b.route ?? 'bucket');

/** What the records of a journal add up to. */
export interface JournalState {
  uploadId: string;
  createdAtMs: number;
  updatedAtMs: number;
  file: FileIdentity;
  target: TargetLocator;
  partSizeBytes: number;
  partsTotal: number;
  serverUploadId?: string | undefined;
  parts: Map<number, JournalPart>;
  sha256?: string | undefined;
  /** How far the SHA-256 of the whole has come: the first parts, and the state after them. */
  whole?: { parts: number; state: string } | undefined;
  state: UploadState;
  problem?: UploadProblem | undefined;
  facts: Map<string, string>;
  notes: TimelineEntry[];
}

/** Adds one record to a state. The first record must be a plan; undefined when it is not. */
export function applyRecord(
  state: JournalState | undefined,
  r: RecordBody,
  atMs: number,
): JournalState | undefined {
  if (r.type === 'plan') {
    const { type: _, ...plan } = r;
    return {
      ...plan,
      updatedAtMs: atMs,
      parts: new Map(),
      state: state?.state ?? 'planned',
      facts: state?.facts ?? new Map(),
      notes: state?.notes ?? [],
      sha256: state?.sha256,
    };
  }
  if (state === undefined) return undefined;
  state.updatedAtMs = atMs;
  switch (r.type) {
    case 'file':
      state.file = r.file;
      state.parts.clear();
      state.sha256 = undefined;
      state.whole = undefined;
      break;
    case 'whole':
      state.whole = { parts: r.parts, state: r.state };
      break;
    case 'server':
      if (state.serverUploadId !== r.serverUploadId) state.parts.clear();
      state.serverUploadId = r.serverUploadId ?? undefined;
      break;
    case 'part':
      state.parts.set(r.partNumber, { etag: r.etag, md5: r.md5 });
      break;
    case 'parts':
      state.parts = new Map(r.parts.map((p) => [p.partNumber, { etag: p.etag, md5: p.md5 }]));
      break;
    case 'sha256':
      state.sha256 = r.sha256;
      state.whole = undefined;
      break;
    case 'state':
      addState(state, r, atMs);
      state.state = r.state;
      state.problem = r.problem;
      break;
    case 'note': {
      const { type: _, ...note } = r;
      addNote(state, note);
      break;
    }
    case 'fact':
      if (r.value === null) state.facts.delete(r.key);
      else state.facts.set(r.key, r.value);
      break;
  }
  return state;
}

/** A new state is a notable moment by itself. */
function addState(state: JournalState, next: Pick<JournalState, 'state' | 'problem'>, at: number): void {
  const text = stateWords(next.state, next.problem);
  const told = state.notes.findLast((note) => note.kind === 'state')?.text;
  if (text === told || text === stateWords(state.state, state.problem)) return;
  addNote(state, { at, kind: 'state', text, moment: stateMoment(next.state, next.problem) });
}

function addNote(state: JournalState, note: TimelineEntry): void {
  state.notes.push(note);
  if (state.notes.length > timelineLength) state.notes.shift();
}

/** What a decoded journal adds up to, salvaged facts included; undefined when not even the plan can be read. */
export function foldJournal(journal: DecodedJournal): JournalState | undefined {
  let state: JournalState | undefined;
  for (const record of journal.records) state = applyRecord(state, record.r, record.atMs);
  if (state === undefined) return undefined;
  for (const fact of journal.salvagedFacts) applyRecord(state, { type: 'fact', ...fact }, state.updatedAtMs);
  return state;
}

/** The fewest records that add up to a state. */
export function recordsOf(state: JournalState): RecordBody[] {
  const { uploadId, createdAtMs, file, target, partSizeBytes, partsTotal } = state;
  const records: RecordBody[] = [
    { type: 'plan', uploadId, createdAtMs, file, target, partSizeBytes, partsTotal },
  ];
  if (state.serverUploadId !== undefined) {
    records.push({ type: 'server', serverUploadId: state.serverUploadId });
  }
  for (const [n, p] of state.parts) records.push({ type: 'part', partNumber: n, etag: p.etag, md5: p.md5 });
  if (state.sha256 !== undefined) records.push({ type: 'sha256', sha256: state.sha256 });
  for (const [key, value] of state.facts) records.push({ type: 'fact', key, value });
  if (state.whole !== undefined) records.push({ type: 'whole', ...state.whole });
  for (const note of state.notes) records.push({ type: 'note', ...note });
  records.push({ type: 'state', state: state.state, ...(state.problem ? { problem: state.problem } : {}) });
  return records;
}
