// Imports: of staged bytes, of a URL of this machine, and copies to further stores. They take their time, as jobs do.
import { get, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Reply } from '../../http/exchange.ts';
import { type GlanceContext, jsonBody, METHODS, newUuid, STORES, writable } from './context.ts';
import { activate, contentProblem, drop, receive } from './data.ts';
import { GlanceError } from './errors.ts';
import type { ImageRecord, ImageStore, TaskRecord } from './records.ts';

const bodySchema = z.object({
  method: z.object({ name: z.string(), uri: z.string().optional() }),
  stores: z.array(z.string()).optional(),
  all_stores: z.boolean().optional(),
  all_stores_must_succeed: z.boolean().optional(),
});

/** `POST /v2/images/{id}/import`. */
export async function importImage(context: GlanceContext, id: string): Promise<Reply> {
  const parsed = bodySchema.safeParse(await jsonBody(context));
  if (!parsed.success) throw new GlanceError(400, 'Request body must name a method.');
  const { method, stores: given, all_stores: all } = parsed.data;
  if (!METHODS.some((known) => known === method.name)) {
    throw new GlanceError(400, `Unknown import method name '${method.name}'.`);
  }
  if (all && given !== undefined)
    throw new GlanceError(
      400,
      "All_stores parameter can't be used with x-image-meta-store header or stores parameter",
    );
  const stores = all ? [...STORES] : (given ?? [STORES[0]]);
  const unknown = stores.find((store) => !STORES.some((known) => known === store));
  if (unknown !== undefined) throw new GlanceError(409, `Store for identifier ${unknown} not found`);
  if (method.name === 'web-download' && !fetchable(method.uri)) {
    throw new GlanceError(400, `URI for web-download does not pass filtering: ${method.uri ?? 'None'}`);
  }
  const image = writable(context, id, method.name === 'copy-image' ? 'copy_image' : 'modify_image');
  checkStatus(image, method.name, stores);
  const failure = context.exchange.takeJobFailure();
  const now = context.exchange.now;
  const task: TaskRecord = {
    id: newUuid(),
    method: method.name,
    stores,
    status: 'processing',
    message: failure === undefined ? '' : `${failure.code}: ${failure.reason}`,
    createdAtMs: now,
    // A stuck import ends after ten years, which nobody waits for.
    endsAtMs: now + (context.exchange.stallsJob ? 10 * 365 * 24 * 3_600_000 : context.jobDurationMs),
    fetching: method.name === 'web-download',
  };
  const status = method.name === 'copy-image' ? image.status : 'importing';
  context.store.put({ ...image, status, tasks: [...image.tasks, task], updatedAtMs: now });
  if (task.fetching) void fetchInto(context, id, task, method.uri ?? '');
  return { status: 202 };
}

function checkStatus(image: ImageRecord, method: string, stores: readonly string[]): void {
  const refuse = (message: string) => new GlanceError(409, message);
  if (image.tasks.some((task) => task.status === 'processing')) {
    throw refuse('Image has an active task');
  }
  if (method === 'copy-image') {
    if (image.status !== 'active') throw refuse('Only images with status active can be targeted for copying');
    const there = stores.find((store) => image.stores.includes(store));
    if (there !== undefined) throw new GlanceError(400, `Image is already present at store '${there}'`);
    return;
  }
  const wanted = method === 'glance-direct' ? 'uploading' : 'queued';
  if (method === 'glance-direct' && image.status === 'queued') {
    throw refuse("Image needs to be staged before 'glance-direct' method can be used");
  }
  if (image.status !== wanted) {
    throw refuse(`Image needs to be in '${wanted}' state to use '${method}' method.`);
  }
  if (image.diskFormat === null || image.containerFormat === null) {
    throw refuse('Properties disk_format, container_format must be set prior to import.');
  }
}

/** Fetches a URL of this machine into the staging place of an image. */
async function fetchInto(context: GlanceContext, id: string, task: TaskRecord, uri: string): Promise<void> {
  const { store, region } = context;
  const finish = (change: (image: ImageRecord) => ImageRecord) => {
    const image = store.get(region, id);
    if (image !== undefined) store.put(change(image));
    return image !== undefined;
  };
  const settled = (image: ImageRecord, message: string): ImageRecord => ({
    ...image,
    tasks: image.tasks.map((one) =>
      one.id === task.id ? { ...one, fetching: false, message: message || one.message } : one,
    ),
  });
  try {
    const { content } = await receive(store.blobs, await open(uri));
    if (!finish((image) => settled({ ...image, staged: content }, ''))) drop(store.blobs, content);
  } catch (error) {
    finish((image) =>
      settled(image, `Task failed: ${error instanceof Error ? error.message : 'the URI cannot be read'}`),
    );
  }
}

/** Only http URLs of this machine are fetched. */
function fetchable(uri: string | undefined): boolean {
  const url = uri !== undefined && URL.canParse(uri) ? new URL(uri) : undefined;
  return url?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

async function open(uri: string): Promise<IncomingMessage> {
  const url = new URL(uri);
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: 30_000 }, (reply) => {
      if (reply.statusCode === 200) resolve(reply);
      else {
        reply.resume();
        reject(new Error(`the URI answered ${reply.statusCode}`));
      }
    });
    request.on('error', (error) =>
      reject(new Error(`the URI cannot be read (${'code' in error ? String(error.code) : 'error'})`)),
    );
    request.on('timeout', () => request.destroy(new Error('timeout')));
  });
}

/** Lets time take effect: imports whose time has come end well or badly. */
export async function settle(store: ImageStore, region: string, now: number): Promise<void> {
  for (const image of store.of(region)) {
    const task = image.tasks.find((one) => one.status === 'processing');
    if (task === undefined || task.fetching || task.endsAtMs > now) continue;
    const ended = (status: TaskRecord['status'], message: string): ImageRecord => ({
      ...image,
      tasks: image.tasks.map((one) => (one.id === task.id ? { ...one, status, message } : one)),
      updatedAtMs: now,
    });
    const back =
      task.method === 'copy-image' ? image.status : task.method === 'glance-direct' ? 'uploading' : 'queued';
    const failed = (message: string) => {
      const { staged: _, ...rest } = ended('failure', message);
      store.put({ ...(back === 'uploading' ? ended('failure', message) : rest), status: back });
    };
    if (task.message !== '') failed(task.message);
    else if (task.method === 'copy-image') {
      const stores = [...new Set([...image.stores, ...task.stores])];
      store.put({
        ...ended('success', `Copied ${Math.ceil((image.content?.sizeBytes ?? 0) / 2 ** 20)} MiB`),
        stores,
      });
    } else if (image.staged === undefined) failed('Task failed: nothing was staged');
    else {
      const head = await headOf(store, image.staged.manifest);
      const current = store.get(region, image.id);
      if (current?.updatedAtMs !== image.updatedAtMs) continue;
      const problem = contentProblem(image.diskFormat, head);
      if (problem !== undefined) failed(`Task failed: ${problem}`);
      else store.put(activate(ended('success', 'Copied'), image.staged, task.stores, now));
    }
  }
}

async function headOf(
  store: ImageStore,
  manifest: NonNullable<ImageRecord['staged']>['manifest'],
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const size = manifest.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  for await (const chunk of store.blobs.read(manifest, 0, Math.min(size, 64 << 10))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
