// imagebridge_image_export: an image as a file in a place of the user's.
import type { ImageCloud } from '@imagebridge/core';
import {
  type ConfigModel,
  type Diagnostics,
  failure,
  isKnown,
  type PlanModel,
  path,
  type StubModel,
} from '@imagebridge/terraform-plugin';
import { timeoutMs } from '../common-attributes.ts';
import type { Connections } from '../config/connections.ts';
import { isKind } from '../core.ts';
import { within } from '../deadline.ts';
import { defineResource } from '../definers.ts';
import { kept } from '../known.ts';
import { placeOf, planPlace, refuseWithout, replaceOnOtherCloud } from '../place.ts';
import { parseExportId } from './import-id.ts';
import { type Exported, type ExportPlace, placeOfExport } from './place.ts';
import { exportSchema } from './schema.ts';

type Config = ConfigModel<typeof exportSchema>;
type Stub = StubModel<typeof exportSchema>;

const PLACES = ['object', 's3', 'file'] as const;

export const exportResource = defineResource({
  schema: exportSchema,

  validateConfig: async ({ config, diagnostics }) => validate(config, diagnostics),

  async modifyPlan({ config, state, plan, provider, diagnostics, requiresReplace }) {
    if (plan === null || config === null) return undefined;
    const { cloud, region } = await planPlace(provider, plan);
    replaceOnOtherCloud(provider, state, plan, requiresReplace);
    if (cloud && state === null) refuse(cloud, config, diagnostics);
    const format = config.object !== null && config.quick !== true ? 'qcow2' : null;
    const planned: PlanModel<typeof exportSchema> = {
      ...plan,
      region,
      // Not said: the state's, of what is there already.
      disk_format: config.disk_format ?? (state === null ? format : state.disk_format),
    };
    return planned;
  },

  async create({ plan, provider, signal, log }) {
    const cloud = await provider.cloud(placeOf(plan));
    const limitMs = timeoutMs(plan.timeouts, 'create');
    try {
      return await at(provider, cloud, plan, plan.image_id, async (place) => {
        const made = await place.make({ signal, timeoutMs: limitMs, log });
        return {
          ...plan,
          id: place.id,
          region: kept(plan.region, cloud.region),
          disk_format: kept(plan.disk_format, null),
          ...made,
        };
      });
    } catch (error) {
      if (!isKind(error, 'cancelled')) throw error;
      throw failure(
        `Interrupted while exporting image ${plan.image_id}`,
        'What was begun is kept, and a cloud that exports by itself goes on. The next apply goes on from there.',
      );
    }
  },

  async read({ state, provider, signal, diagnostics }) {
    const cloud = await provider.cloud(placeOf(state));
    const { image_id: imageId } = state;
    if (imageId === null) return null;
    const limitMs = timeoutMs(state.timeouts, 'read');
    return within(limitMs, 'timeouts.read', `look at the export ${state.id}`, signal, (until) =>
      at(provider, cloud, state, imageId, async (place) => {
        const found = await place.find(until);
        if (found === undefined) return null;
        if (isReplaced(state, found)) {
          diagnostics.warning(
            `Something else is at ${place.id}`,
            `It is not what was exported of image ${imageId}, so the export counts as gone. It is left alone: remove it, or ` +
              'export to another place.',
          );
          return null;
        }
        await place.claim(until);
        return {
          ...state,
          ...found,
          image_id: imageId,
          region: state.region ?? cloud.region,
          on_destroy: state.on_destroy ?? 'delete',
        };
      }),
    );
  },

  /** What changes in place (`on_destroy`, `timeouts`, another name of the same cloud) is only recorded: nothing is sent. */
  update: async ({ state, plan }) => ({
    ...plan,
    id: state.id,
    region: kept(plan.region, state.region),
    disk_format: kept(plan.disk_format, state.disk_format),
    size_bytes: state.size_bytes,
    etag: state.etag,
    sha256: state.sha256,
  }),

  async delete({ state, provider, signal, log, diagnostics }) {
    const { image_id: imageId } = state;
    if (state.on_destroy === 'retain' || imageId === null) {
      log.info('the export stays where it is', { id: state.id });
      return;
    }
    const cloud = await provider.cloud(placeOf(state));
    const limitMs = timeoutMs(state.timeouts, 'delete');
    await within(limitMs, 'timeouts.delete', `remove the export ${state.id}`, signal, (until) =>
      at(provider, cloud, state, imageId, async (place) => {
        const found = await place.find(until);
        if (found !== undefined && isReplaced(state, found)) {
          diagnostics.warning(
            `${place.id} was left alone`,
            `It is not what was exported of image ${imageId}: somebody has put something else in its place.`,
          );
          return;
        }
        await place.claim(until);
        if (found !== undefined) await place.remove(until);
      }),
    );
  },

  importState: async ({ id }) => parseExportId(id),
});

/** Works on the place that is declared. */
async function at<T>(
  provider: Connections,
  cloud: ImageCloud,
  declared: Parameters<typeof placeOfExport>[2],
  imageId: string,
  work: (place: ExportPlace) => Promise<T>,
): Promise<T> {
  const place = await placeOfExport(provider, cloud, declared, imageId);
  if (place === undefined) throw failure('The export has no place', NO_PLACE, path('object'));
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

const NO_PLACE =
  'Name where the image is to be exported to: object, an object of its own cloud; s3, one of another store; or file.';

/** True where something else is at the place of an export. Of an import it is not known what was there. */
const isReplaced = (state: Stub, found: Exported): boolean =>
  (state.etag !== null && state.etag !== found.etag) ||
  (state.sha256 !== null && state.sha256 !== found.sha256);

function validate(config: Config, diagnostics: Diagnostics): void {
  const named = PLACES.filter((name) => config[name] !== null);
  if (named.length === 0) diagnostics.error('The export has no place', NO_PLACE);
  if (named.length > 1)
    diagnostics.error(
      'More than one place',
      `An image is exported to one place, and ${named.join(' and ')} are named. Make a resource for each.`,
      path(named[1] ?? 'object'),
    );
  if (named[0] === 'object' && named.length === 1) {
    if (config.quick === true && isKnown(config.disk_format) && config.disk_format !== null)
      diagnostics.error(
        'quick and disk_format contradict each other',
        'A quick export does not convert, so it has no format to choose. Leave one of them out.',
        path('disk_format'),
      );
    return;
  }
  for (const name of ['disk_format', 'quick'] as const) {
    if (config[name] === null || config[name] === false || named.length === 0) continue;
    diagnostics.error(
      `${name} goes with object only`,
      'By way of this machine an image is exported as its cloud stores it.',
      path(name),
    );
  }
}

/** Refuses at plan time what the cloud cannot do. */
function refuse(cloud: ImageCloud, config: Config, diagnostics: Diagnostics): void {
  const { exportImage, download } = cloud.capabilities;
  if (config.object !== null)
    refuseWithout(exportImage, 'export an image to a bucket', cloud, diagnostics, path('object'));
  if (config.file !== null)
    refuseWithout(download, 'export an image to a file', cloud, diagnostics, path('file'));
  if (config.s3 !== null && exportImage !== true)
    refuseWithout(download, 'export an image to a store', cloud, diagnostics, path('s3'));
}
