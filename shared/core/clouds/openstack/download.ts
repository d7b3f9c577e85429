// The bytes of an image, from any position: whole, in their place, and not one more than there are.
import {
  type CallOptions,
  ConflictError,
  type Image,
  type ImageDownload,
  InvalidInputError,
  ProtocolError,
} from '../../model/index.ts';
import { toImage } from './convert.ts';
import * as api from './glance/api.ts';
import type { Session } from './session.ts';

/**
 * The bytes of an image from a position on. The caller compares the checksums.
 * @throws NotFoundError; ConflictError when the image has no data yet; InvalidInputError when the position is beyond the
 *   end; ProtocolError when a store answers a range with other bytes than were asked for
 */
export async function downloadImage(
  session: Session,
  id: string,
  startByte = 0,
  options: CallOptions = {},
): Promise<ImageDownload> {
  const operation = `download image ${id}`;
  const base = { operation, cloud: session.label, object: id };
  const wire = await api.showImage(session.glance, id, options);
  const image = toImage(wire);
  const sizeBytes = wire.size ?? undefined;
  if (sizeBytes === undefined) {
    throw new ConflictError({ ...base, reason: `the image has no data (it is ${image.rawStatus})` });
  }
  if (!Number.isSafeInteger(startByte) || startByte < 0 || startByte > sizeBytes) {
    throw new InvalidInputError({
      ...base,
      reason: `it cannot begin at byte ${startByte}: the image has ${sizeBytes} bytes`,
    });
  }
  const result = (body: AsyncIterable<Uint8Array>): ImageDownload => ({
    sizeBytes,
    startByte,
    body,
    checksums: image.checksums ?? {},
  });
  // A range that holds nothing is refused by services.
  if (startByte === sizeBytes) return result(nothing());
  const file = await api.getFile(session.glance, id, startByte, options);
  const problem = problemOf(file, startByte, sizeBytes, image);
  if (problem !== undefined) {
    for await (const _ of file.body) break;
    throw new ProtocolError({ ...base, ...problem });
  }
  const fail = (reason: string) => new ProtocolError({ ...base, reason });
  return result(counted(file.body, sizeBytes - startByte, fail));
}

/** Some stores answer 206 with the whole image, or ignore the range: bytes in the wrong place would damage the file. */
function problemOf(
  file: api.FileStream,
  startByte: number,
  sizeBytes: number,
  image: Image,
): { reason: string; hint?: string } | undefined {
  if (file.status === 204)
    return { reason: `the service has no data of the image (it is ${image.rawStatus})` };
  const wholeHint = 'Download it from the start.';
  if (startByte > 0 && file.status !== 206) {
    return { reason: 'the service does not give a part of an image', hint: wholeHint };
  }
  if (file.status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(file.headers['content-range'] ?? '') ?? [];
    const placed = Number(first) === startByte && (total === '*' || Number(total) === sizeBytes);
    if (first === undefined || !placed) {
      return { reason: 'the service gave another part of the image than was asked for', hint: wholeHint };
    }
  }
  const length = file.headers['content-length'];
  return length !== undefined && Number(length) !== sizeBytes - startByte
    ? { reason: `${length} bytes are coming, and ${sizeBytes - startByte} were expected`, hint: wholeHint }
    : undefined;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  wantedBytes: number,
  fail: (reason: string) => Error,
): AsyncGenerator<Uint8Array> {
  let gotBytes = 0;
  for await (const chunk of body) {
    gotBytes += chunk.byteLength;
    // Bytes beyond the end would be written somewhere.
    if (gotBytes > wantedBytes) throw fail(`more than the expected ${wantedBytes} bytes came`);
    yield chunk;
  }
  if (gotBytes !== wantedBytes) throw fail(`${gotBytes} bytes came, and ${wantedBytes} were expected`);
}
