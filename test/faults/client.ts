// A client that uploads one file into a bucket with the engine alone, in a process that can be killed. Prints its result, or
// its error, as JSON. One argument: what to do, as JSON; the profile comes from IMAGEBRIDGE_CONFIG.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect, ImageBridgeError } from '@imagebridge/core';
import { z } from 'zod';
import { controlUpload, discardUpload, startUpload } from '../../shared/core/transfer/index.ts';
import { sabotaged } from './sabotage.ts';

const jobSchema = z.object({
  act: z.enum(['push', 'abort']),
  file: z.string(),
  bucket: z.string(),
  key: z.string(),
  stateDir: z.string(),
  uploadId: z.string().optional(),
  partSizeBytes: z.number(),
  parallelParts: z.number(),
  sabotage: z.string().optional(),
});

const job = jobSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

try {
  print(await act());
} catch (error) {
  const told =
    error instanceof ImageBridgeError ? error.toJSON() : { kind: 'internal', message: String(error) };
  print({ error: told });
  process.exitCode = told.kind === 'cancelled' ? 130 : 4;
}

async function act(): Promise<object> {
  const { stateDir, uploadId } = job;
  if (job.act === 'abort') {
    if (uploadId === undefined) throw new Error('no upload id');
    const snapshot = await controlUpload(uploadId, 'abort', { stateDir });
    if (snapshot === undefined) await withTarget((target) => discardUpload(uploadId, { stateDir }, target));
    return { uploadId };
  }
  return await withTarget(async (target) => {
    if (job.sabotage === 'crashes') throw new TypeError('x is not a function');
    if (job.sabotage === 'ends-early') return { sha256: await sha256Of(job.file) };
    if (job.sabotage === 'never-ends') setInterval(() => {}, 1_000);
    const upload = await startUpload(
      {
        path: job.file,
        target: sabotaged(target, job.sabotage),
        partSizeBytes: job.partSizeBytes,
        parallelParts: job.parallelParts,
      },
      { stateDir },
    );
    process.on('SIGINT', () => void upload.detach());
    const result = await upload.done;
    if (job.sabotage === 'wrong-hash') return { ...result, sha256: '0'.repeat(64) };
    return { ...result };
  });
}

async function withTarget<T>(
  work: (target: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['stage']>>) => Promise<T>,
): Promise<T> {
  const cloud = await connect({ cloud: 'local' });
  try {
    return await work(await cloud.stage({ bucket: job.bucket, key: job.key }));
  } finally {
    await cloud.close();
  }
}

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
