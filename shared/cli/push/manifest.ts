// The manifest: what became of every file on every target, as a file for the next step of a pipeline, and for trying again
// what failed. Written whole or not at all. Holds no secret.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LocalFileError } from '@imagebridge/core';
import { z } from 'zod';
import { UsageError } from '../outcome.ts';

const text = z.string();
const resultSchema = z.object({
  /** Absolute path of the file. */
  path: text,
  /** Profile, or `s3:` and the endpoint. */
  cloud: text,
  region: text,
  /** Name of the image, or key of the object. */
  name: text,
  /**
   * `pending`: not begun, or not ended when the manifest was written; `importing`: sent, and the cloud is still at work
   * (--no-wait).
   */
  status: z.enum(['published', 'skipped', 'failed', 'paused', 'importing', 'pending']),
  imageId: text.optional(),
  jobId: text.optional(),
  sha256: text.optional(),
  sizeBytes: z.number().optional(),
  error: z.looseObject({ kind: text, message: text }).optional(),
});

/** What became of one file on one target. */
export type ManifestResult = z.infer<typeof resultSchema>;

/** How the images were to be described; used again by --retry-from. */
const imageSchema = z.object({
  description: text.optional(),
  osVersion: text.optional(),
  osType: text.optional(),
  osDistribution: text.optional(),
  architecture: text.optional(),
  bootMode: z.enum(['bios', 'uefi']).optional(),
  minDiskGiB: z.number().optional(),
  minRamMiB: z.number().optional(),
  tags: z.record(text, text).optional(),
  visibility: text.optional(),
  properties: z.record(text, text).optional(),
  protected: z.boolean().optional(),
});

/** The description of images as a manifest keeps it. */
export const storedImage = (image: unknown): z.infer<typeof imageSchema> => imageSchema.parse(image);

const manifestSchema = z.object({
  version: z.literal(1),
  startedAt: text,
  /** Absent while the run goes on. */
  endedAt: text.optional(),
  image: imageSchema,
  results: z.array(resultSchema),
});

/** The whole manifest. */
export type Manifest = z.infer<typeof manifestSchema>;

/** True for what --retry-from does again. */
export const isUnfinished = ({ status }: Pick<ManifestResult, 'status'>): boolean =>
  status !== 'published' && status !== 'skipped';

/** @throws UsageError when there is no manifest of that name, or it is none */
export function readManifest(file: string): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is no JSON' : codeOf(error);
    throw new UsageError(`Cannot read the manifest ${file}: ${reason}.`);
  }
  const parsed = manifestSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file} is no manifest of push --result: ${issue?.path.join('.') || 'it'} ${issue?.message ?? 'is wrong'}.`,
  );
}

/** Writes it so that a reader finds the old one or the new one, never a half. @throws LocalFileError */
export function writeManifest(file: string, manifest: Manifest): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    const fd = openSync(draft, 'w', 0o644);
    try {
      writeSync(fd, `${JSON.stringify(manifest, undefined, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, file);
  } catch (cause) {
    try {
      rmSync(draft, { force: true });
    } catch {
      // There is none, then.
    }
    throw new LocalFileError({
      operation: `write the manifest ${path.resolve(file)}`,
      object: file,
      reason: codeOf(cause),
      hint: 'Check the path given with --result.',
      cause,
    });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
