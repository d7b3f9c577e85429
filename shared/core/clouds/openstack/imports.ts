// How bytes get into the service: sent in one stream, by way of its staging area, or fetched by it from a URL.
// The methods are discovered from the server.
import {
  AuthenticationError,
  type CallOptions,
  ConflictError,
  type CreateFromUrlRequest,
  ImageBridgeError,
  type ImportChoice,
  type ImportQuestion,
  IntegrityError,
  InvalidInputError,
  type JobRef,
  RefusedError,
  UnsupportedError,
  type UploadStreamRequest,
} from '../../model/index.ts';
import { orUndefined } from '../or-undefined.ts';
import { toImage } from './convert.ts';
import * as api from './glance/api.ts';
import type { CreateRequest } from './glance/schemas.ts';
import { recordOf } from './images.ts';
import type { Session } from './session.ts';

const METHODS = { direct: undefined, staged: 'glance-direct', 'web-download': 'web-download' } as const;
type Method = keyof typeof METHODS;

/** Import methods that the service offers; none where it has no import. Asked once. */
export async function importMethods(session: Session, options?: CallOptions): Promise<readonly string[]> {
  if (session.profile.dialect === 'easystack') return [];
  session.importMethods ??= await askImportMethods(session, options);
  return session.importMethods;
}

/** The same, asked now and of any dialect. */
export async function askImportMethods(session: Session, options?: CallOptions): Promise<readonly string[]> {
  return (await orUndefined(api.importMethods(session.glance, options))) ?? [];
}

/** Makes a record, and notes what its answer tells of the service. */
async function makeRecord(session: Session, record: CreateRequest, options: CallOptions): Promise<string> {
  const { image, importMethods: methods } = await api.createImage(session.glance, record, options);
  if (session.profile.dialect !== 'easystack' && methods !== undefined) session.importMethods = methods;
  return image.id;
}

/** See `ImageCloud.chooseImport`. */
export async function chooseImport(
  session: Session,
  question: ImportQuestion,
  formats: readonly string[],
  options?: CallOptions,
): Promise<ImportChoice> {
  const operation = `import a ${question.diskFormat} file`;
  if (!formats.includes(question.diskFormat)) {
    throw new RefusedError({
      operation,
      cloud: session.label,
      reason: `the cloud takes ${formats.join(', ')}`,
      hint: 'Convert it: qemu-img convert -O qcow2 IN OUT.',
    });
  }
  const method = question.method;
  if (method === undefined || method === 'direct') {
    return {
      method: 'direct',
      route: 'stream',
      reason: 'The file goes straight to the image service.',
    };
  }
  if (!Object.hasOwn(METHODS, method)) {
    throw new InvalidInputError({
      operation,
      cloud: session.label,
      reason: `there is no import method ${method}`,
      hint: `Methods: ${Object.keys(METHODS).join(', ')}.`,
    });
  }
  await requireMethod(session, method as Method, operation, options);
  return method === 'staged'
    ? {
        method,
        route: 'stream',
        reason:
          'The file goes to the staging area of the image service in one stream, and is imported from there.',
      }
    : { method, route: 'url', reason: 'The service fetches the URL by itself.' };
}

async function requireMethod(
  session: Session,
  method: Method,
  operation: string,
  options?: CallOptions,
): Promise<void> {
  const wanted = METHODS[method];
  if (wanted === undefined) return;
  const offered = await importMethods(session, options);
  if (offered.includes(wanted)) return;
  throw new UnsupportedError({
    operation,
    cloud: session.label,
    reason: `the service does not offer the import method ${wanted}`,
    hint:
      offered.length === 0
        ? 'It has no import: upload the file directly.'
        : `It offers ${offered.join(', ')}. Or upload the file directly.`,
  });
}

/** Makes the record (or goes on with one), sends the bytes, starts the import where there is one. */
export async function uploadStream(
  session: Session,
  request: UploadStreamRequest,
  options: CallOptions = {},
): Promise<JobRef> {
  const operation = `upload image ${request.name}`;
  const method = request.method ?? 'direct';
  if (method !== 'direct' && method !== 'staged') {
    throw new InvalidInputError({ operation, cloud: session.label, reason: `${method} sends no file` });
  }
  const record = recordOf(session, operation, request, request.diskFormat);
  await requireMethod(session, method, operation, options);
  // A token that ends while the bytes travel costs the whole upload.
  await session.identity.fresh(options);
  const id = request.imageId ?? (await makeRecord(session, record, options));
  await request.onRecord?.(id);
  const ref = { id: `image:${id}` };
  try {
    const place = method === 'direct' ? 'file' : 'stage';
    if (request.imageId === undefined) await sendBytes(session, id, place, request, options);
    else await goOn(session, id, place, request, options);
    const { size, status } = await api.showImage(session.glance, id, options);
    const told = typeof size === 'number' && (size > 0 || status === 'active');
    if (told && size !== request.sizeBytes) {
      throw new IntegrityError({
        operation,
        cloud: session.label,
        object: id,
        reason: `the service has ${size} bytes, and ${request.sizeBytes} were sent`,
        hint: 'Delete the image and upload it again.',
      });
    }
    if (method === 'staged') {
      await api.importImage(session.glance, id, { method: { name: 'glance-direct' } }, options);
    }
    return ref;
  } catch (error) {
    throw withObject(error, id);
  }
}

/** Sends the bytes to a record of an earlier attempt, unless the service has them in its staging area already. */
async function goOn(
  session: Session,
  id: string,
  place: 'file' | 'stage',
  request: UploadStreamRequest,
  options: CallOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    if (await isStaged(session, id, request, place, options)) return;
    try {
      return await sendBytes(session, id, place, request, options);
    } catch (error) {
      // A broken-off attempt may reach the service's books only now, and end there as broken in a moment.
      if (attempt > 1 || !(error instanceof ConflictError)) throw error;
    }
  }
}

/** How long a service is given to notice that nobody sends the last attempt's bytes any more. */
const GIVE_UP_MS = 20_000;
const LOOK_AGAIN_MS = 500;

/**
 * True when an earlier attempt has put all bytes into the staging area already; false when the record takes bytes.
 * @throws ConflictError when the record takes no bytes any more, before any are sent in vain
 */
async function isStaged(
  session: Session,
  id: string,
  request: UploadStreamRequest,
  place: 'file' | 'stage',
  options: CallOptions,
): Promise<boolean> {
  const deadline = session.clock.now() + GIVE_UP_MS;
  for (;;) {
    const { status, size } = await api.showImage(session.glance, id, options);
    if (status === 'queued') return false;
    const hasSize = typeof size === 'number' && size > 0;
    if (place === 'stage' && status === 'uploading' && size === request.sizeBytes) return true;
    const passing = status === 'saving' || (status === 'uploading' && !hasSize);
    if (!passing || session.clock.now() >= deadline) {
      throw new ConflictError({
        operation: `go on with the upload of image ${id}`,
        cloud: session.label,
        object: id,
        reason: `the image is ${status ?? 'in an unknown state'}, and only a queued one takes data`,
        hint:
          status === 'active'
            ? 'It has its data already.'
            : 'Another upload may be under way. If not, delete the image and upload it again.',
      });
    }
    await session.clock.sleep(LOOK_AGAIN_MS, options.signal);
  }
}

/** Sends the bytes; once more when the token was refused and the service has taken nothing. */
async function sendBytes(
  session: Session,
  id: string,
  place: 'file' | 'stage',
  request: UploadStreamRequest,
  options: CallOptions,
): Promise<void> {
  const bytes = { sizeBytes: request.sizeBytes, open: () => counted(request) };
  try {
    await api.putFile(session.glance, id, place, bytes, options);
  } catch (error) {
    if (!(error instanceof AuthenticationError) || error.details.httpStatus !== 401) throw error;
    const { status } = await api.showImage(session.glance, id, options);
    if (status !== 'queued') {
      throw new AuthenticationError({
        ...error.details,
        reason: `the token ended while the bytes travelled, and the image is ${status ?? 'in an unknown state'}`,
        hint: 'Delete the image and upload it again.',
      });
    }
    await api.putFile(session.glance, id, place, bytes, options);
  }
}

async function* counted(request: UploadStreamRequest): AsyncGenerator<Uint8Array> {
  let sentBytes = 0;
  for await (const chunk of request.open()) {
    yield chunk;
    sentBytes += chunk.byteLength;
    request.onProgress?.(sentBytes);
  }
}

/** The same error, naming the record that was made. */
function withObject(error: unknown, id: string): unknown {
  if (!(error instanceof ImageBridgeError) || error.details.object !== undefined) return error;
  return new (error.constructor as new (details: ImageBridgeError['details']) => ImageBridgeError)({
    ...error.details,
    object: id,
  });
}

/** Makes a record and lets the service fetch the bytes. */
export async function createFromUrl(
  session: Session,
  request: CreateFromUrlRequest,
  options: CallOptions = {},
): Promise<JobRef> {
  const operation = `create image ${request.name} from a URL`;
  const record = recordOf(session, operation, request, request.diskFormat);
  if (!/^https?:\/\/\S+$/.test(request.url)) {
    throw new InvalidInputError({
      operation,
      cloud: session.label,
      reason: 'the URL is not an http or https URL',
    });
  }
  await requireMethod(session, 'web-download', operation, options);
  const id = await makeRecord(session, record, options);
  try {
    const method = { name: 'web-download', uri: request.url } as const;
    await api.importImage(session.glance, id, { method }, options);
  } catch (error) {
    // Nothing was taken on: the empty record is of no use to anybody.
    await api.deleteImage(session.glance, id).catch(() => undefined);
    throw withObject(error, id);
  }
  return { id: `image:${id}` };
}

/** Starts copying the data of an image to further stores; nothing is started where it lies, or is on its way to, already. */
export async function copyToStores(
  session: Session,
  id: string,
  stores: readonly string[],
  options?: CallOptions,
): Promise<JobRef> {
  if (stores.length === 0) {
    throw new InvalidInputError({
      operation: `copy image ${id} to further stores`,
      cloud: session.label,
      reason: 'no store is named',
    });
  }
  const { properties } = toImage(await api.showImage(session.glance, id, options));
  const known = `${properties.stores ?? ''},${properties.os_glance_importing_to_stores ?? ''}`.split(',');
  const missing = stores.filter((store) => !known.includes(store));
  if (missing.length > 0)
    await api.importImage(
      session.glance,
      id,
      { method: { name: 'copy-image' }, stores: missing, all_stores_must_succeed: true },
      options,
    );
  // The image is active all the while: the stores it lies in tell when the copy is done.
  return { id: `stores:${id}:${stores.join(',')}` };
}
