// Reads and damages journals as a power loss, a bad disk or a careless user would. Its own few lines, apart from the product.
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Damage } from './plan.ts';

const recordSchema = z.object({
  record: z.object({
    r: z.looseObject({
      type: z.string(),
      serverUploadId: z.string().nullish(),
      partNumber: z.number().optional(),
      etag: z.string().optional(),
      parts: z.array(z.object({ partNumber: z.number(), etag: z.string() })).optional(),
      state: z.string().optional(),
      key: z.string().optional(),
      problem: z.object({ kind: z.string(), message: z.string() }).optional(),
    }),
  }),
});

/** What the readable lines of a journal add up to. */
export interface JournalView {
  uploadId: string;
  path: string;
  state: string | undefined;
  problem: { kind: string; message: string } | undefined;
  serverUploadId: string | undefined;
  /** It says what the upload is for, as publishing writes it down. */
  isExplained: boolean;
  /** ETags of the parts that it calls confirmed. */
  parts: ReadonlyMap<number, string>;
}

/** The journals of a state directory, the oldest first. */
export function readJournals(stateDir: string): JournalView[] {
  return namesIn(join(stateDir, 'uploads'))
    .map((uploadId) => view(stateDir, uploadId))
    .filter(({ path }) => sizeOf(path) > 0);
}

function view(stateDir: string, uploadId: string): JournalView {
  const path = join(stateDir, 'uploads', uploadId, 'journal.jsonl');
  const parts = new Map<number, string>();
  let state: string | undefined;
  let problem: JournalView['problem'];
  let serverUploadId: string | undefined;
  let isExplained = false;
  for (const line of linesOf(path)) {
    const found = recordSchema.safeParse(parsed(line));
    // Behind what cannot be read nothing counts.
    if (!found.success) break;
    const { r } = found.data.record;
    if (r.type === 'plan') parts.clear();
    if (r.type === 'server') {
      if (r.serverUploadId !== serverUploadId) parts.clear();
      serverUploadId = r.serverUploadId ?? undefined;
    }
    if (r.type === 'part' && r.partNumber !== undefined) parts.set(r.partNumber, r.etag ?? '');
    if (r.type === 'parts') {
      parts.clear();
      for (const part of r.parts ?? []) parts.set(part.partNumber, part.etag);
    }
    if (r.type === 'fact' && r.key === 'request') isExplained = true;
    if (r.type === 'state') ({ state, problem } = r);
  }
  return { uploadId, path, state, problem, serverUploadId, isExplained, parts };
}

/** Damages every journal of a state directory. @returns whether there was one */
export function damageJournals(stateDir: string, damage: Damage): boolean {
  const journals = readJournals(stateDir);
  for (const { path } of journals) damageFile(path, damage);
  return journals.length > 0;
}

/** Damages one file. */
export function damageFile(path: string, damage: Damage): void {
  const bytes = readFileSync(path);
  const kept = 'bytes' in damage ? Math.max(0, bytes.length - damage.bytes) : bytes.length;
  if (damage.kind === 'journal-lost') rmSync(path);
  else if (damage.kind === 'journal-torn') truncateSync(path, kept);
  else {
    if (damage.kind === 'journal-zeros') bytes.fill(0, kept);
    else {
      const at = Math.floor(bytes.length * damage.at);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    }
    writeFileSync(path, bytes);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

const sizeOf = (path: string): number => {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
};

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
