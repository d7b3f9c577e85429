// Native upload into a record (seed 001 operation 33).
import { header } from '../../http/exchange.ts';
import { type ImsContext, ownImage, startJob } from './context.ts';
import { ImsError } from './errors.ts';
import { sniff } from './sniff.ts';

/** The document says "less than 2 GB". */
const limitBytes = 2 * 2 ** 30;

/** `PUT /v2/images/{id}/file`: the image becomes active a while later, or `killed`. */
export async function uploadImage(context: ImsContext, id: string): Promise<void> {
  const { exchange, store } = context;
  const type = header(exchange, 'content-type') ?? '';
  if (!/^application\/octet-stream\b/i.test(type)) throw new ImsError('IMG.0001', 415);
  const image = ownImage(context, id, 404);
  if (image.status !== 'queued') throw new ImsError('IMG.0046', 409);
  if (Number(header(exchange, 'content-length') ?? 0) >= limitBytes) throw new ImsError('IMG.0059');
  store.putImage({ ...image, status: 'saving' });
  let kept = false;
  try {
    const { segment } = await store.blobs.receive(exchange.body, (count) => exchange.addBytesIn(count));
    try {
      if (segment.sizeBytes >= limitBytes) throw new ImsError('IMG.0059');
      if (segment.sizeBytes === 0) throw new ImsError('IMG.0057');
      const format = await sniff(store.blobs, [segment]);
      if (format === undefined) throw new ImsError('IMG.0057');
      if (format === 'iso') throw new ImsError('IMG.0072');
      const current = store.image(id);
      if (current === undefined) throw new ImsError('IMG.0027', 404);
      const { sizeBytes } = segment;
      const received = { ...current, status: 'saving' as const, manifest: [segment], sizeBytes };
      startJob(context, 'imsNativeUploadImageJob', { kind: 'receive', image: received });
      kept = true;
    } catch (error) {
      store.blobs.discard(segment);
      throw error;
    }
  } finally {
    // A refused or broken upload can be repeated.
    const current = store.image(id);
    if (!kept && current !== undefined) store.putImage({ ...current, status: 'queued' });
  }
}
