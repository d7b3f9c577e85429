// What is really sent of a file: itself, or what is inside it. Composes inspect, convert and transfer.
import { type CallOptions, IntegrityError } from '../model/index.ts';
import type { EngineOptions } from '../transfer/index.ts';
import { fileSha256 } from './file-sha256.ts';
import { packedFile } from './packed-file.ts';
import type { PublishEvent, PublishRequest } from './publish.ts';
import { localFile, type PublishSource } from './publish-source.ts';

/**
 * The source of a request.
 * @throws IntegrityError when a packed file has not the checksum that was asked for; LocalFileError
 */
export async function prepareSource(
  request: PublishRequest,
  engine: EngineOptions,
  emit: (event: PublishEvent) => void,
): Promise<PublishSource> {
  if (request.source !== undefined) return request.source;
  const file = localFile(request.path);
  if (request.unpack !== true) return file;
  const call = { signal: request.signal };
  const { compression, path } = await file.inspect(call);
  if (compression === undefined || compression === 'lz4') return file;
  await requireChecksum(path, request.sha256, engine, call);
  emit({ type: 'note', text: `${path} is packed (${compression}): it is unpacked on the way.` });
  return packedFile(path, {
    stateDir: engine.stateDir,
    onMeasure: ({ readBytes, archiveBytes }) =>
      emit({ type: 'measure', readBytes, totalBytes: archiveBytes }),
  });
}

/** The checksum that a user knows of a packed file is that of the file, not of what is inside it. */
async function requireChecksum(
  path: string,
  wanted: string | undefined,
  { stateDir }: EngineOptions,
  { signal }: CallOptions,
): Promise<void> {
  if (wanted === undefined) return;
  const found = await fileSha256(path, { stateDir, signal });
  if (found === wanted) return;
  throw new IntegrityError({
    operation: `publish ${path}`,
    object: path,
    reason: `the file has SHA-256 ${found}, but ${wanted} was asked for`,
    hint: 'Get the right file, or correct the checksum. Nothing was sent.',
  });
}
