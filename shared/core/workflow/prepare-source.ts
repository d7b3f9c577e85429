// What is really sent of a file: itself, or what is inside it. Composes inspect, convert and transfer.
import path from 'node:path';
import { conversionFor, convertToSpool, discardSpool, findQemuImg } from '../convert/index.ts';
import type { Inspection } from '../inspect/index.ts';
import { type CallOptions, type ImageCloud, IntegrityError, RefusedError } from '../model/index.ts';
import type { EngineOptions } from '../transfer/index.ts';
import { fileSha256 } from './file-sha256.ts';
import { packedFile } from './packed-file.ts';
import type { PublishEvent, PublishRequest } from './publish.ts';
import { localFile, type PublishSource } from './publish-source.ts';

/**
 * The source of a request.
 * @throws IntegrityError when a file that is unpacked or converted has not the checksum that was asked for; RefusedError,
 *   LocalFileError
 */
export async function prepareSource(
  cloud: ImageCloud,
  request: PublishRequest,
  engine: EngineOptions,
  emit: (event: PublishEvent) => void,
): Promise<PublishSource> {
  if (request.source !== undefined) return request.source;
  const file = localFile(request.path);
  if (request.unpack !== true && request.convert !== true) return file;
  const call = { signal: request.signal };
  const inspection = await file.inspect(call);
  const { compression } = inspection;
  if (compression === undefined && request.convert === true)
    return (await converted(cloud, inspection, request, engine, emit)) ?? file;
  if (compression === undefined || compression === 'lz4' || request.unpack !== true) return file;
  await requireChecksum(inspection.path, request.sha256, engine, call);
  emit({ type: 'note', text: `${inspection.path} is packed (${compression}): it is unpacked on the way.` });
  return packedFile(inspection.path, {
    stateDir: engine.stateDir,
    maxUnpackedBytes: cloud.capabilities.maxImportSizeBytes,
    onMeasure: ({ readBytes, archiveBytes }) =>
      emit({ type: 'measure', readBytes, totalBytes: archiveBytes }),
  });
}

/** Where conversions lie until they are images. */
export const spoolDirOf = ({ stateDir }: EngineOptions) => path.join(stateDir, 'spool');

/** A local file; one that is a conversion of ours is removed when it has become an image. */
export function localOrSpooled(file: string, engine: EngineOptions): PublishSource {
  const spoolDir = spoolDirOf(engine);
  const isSpooled = path.resolve(file).startsWith(`${spoolDir}${path.sep}`);
  return isSpooled ? { ...localFile(file), dispose: () => discardSpool(spoolDir, file) } : localFile(file);
}

/**
 * The file in a format that the cloud takes, made by qemu-img; undefined when it need not, or must not, be converted:
 * pre-flight then says what is wrong with it.
 * @throws RefusedError when it could be converted, but not here
 */
async function converted(
  cloud: ImageCloud,
  inspection: Inspection,
  request: PublishRequest,
  engine: EngineOptions,
  emit: (event: PublishEvent) => void,
): Promise<PublishSource | undefined> {
  const { importFormats, maxImportSizeBytes } = cloud.capabilities;
  const unsafe = inspection.encrypted || inspection.findings.some(({ severity }) => severity === 'error');
  if (request.diskFormat !== undefined || unsafe || importFormats.includes(inspection.format))
    return undefined;
  const facts = {
    ...inspection,
    subformat: inspection.variant,
    backingFile: (inspection.refersTo ?? []).length > 0,
    dataFile: false,
    damaged: false,
  };
  const formats = ['qcow2', 'raw', 'vmdk', 'vhd'].filter((format) => importFormats.includes(format));
  const advice = conversionFor(facts, { formats, maxFileSizeBytes: maxImportSizeBytes });
  const operation = `publish ${inspection.path}`;
  if (advice.kind === 'refuse') {
    const { reason, command, hint } = advice;
    const next = command === undefined ? hint : `${hint} Or run: ${command}`;
    throw new RefusedError({ operation, object: inspection.path, reason, hint: next });
  }
  if (advice.kind === 'none') return undefined;
  const qemuImg = await findQemuImg({ signal: request.signal });
  if (qemuImg === undefined) {
    const hint = `Install qemu-img, or run: ${advice.command}`;
    throw new RefusedError({ operation, object: inspection.path, reason: advice.reason, hint });
  }
  await requireChecksum(inspection.path, request.sha256, engine, { signal: request.signal });
  const { from, to } = advice.recipe;
  const why = `${inspection.path}: ${advice.reason}`;
  emit({ type: 'note', text: `${why}; it is converted from ${from} to ${to} by qemu-img first.` });
  for (const text of advice.warnings) emit({ type: 'note', text });
  const { path: spooled, reused } = await convertToSpool({
    path: inspection.path,
    recipe: advice.recipe,
    spoolDir: spoolDirOf(engine),
    virtualSizeBytes: inspection.virtualSizeBytes,
    qemuImg,
    signal: request.signal,
    onProgress: (fraction) => emit({ type: 'convert', fraction }),
  });
  if (reused) emit({ type: 'note', text: 'The conversion of an earlier run is used.' });
  return localOrSpooled(spooled, engine);
}

/** The checksum that a user knows of a packed file is that of the file, not of what is inside it. */
async function requireChecksum(
  file: string,
  wanted: string | undefined,
  { stateDir }: EngineOptions,
  { signal }: CallOptions,
): Promise<void> {
  if (wanted === undefined) return;
  const found = await fileSha256(file, { stateDir, signal });
  if (found === wanted) return;
  throw new IntegrityError({
    operation: `publish ${file}`,
    object: file,
    reason: `the file has SHA-256 ${found}, but ${wanted} was asked for`,
    hint: 'Get the right file, or correct the checksum. Nothing was sent.',
  });
}
