// Making the record of an image before its bytes (seed 001 operation 35).
import { z } from 'zod';
import { checkRoom, type ImsContext, readBody } from './context.ts';
import { newRecord } from './create.ts';
import { ImsError } from './errors.ts';
import { checkDisk, checkName, checkRam } from './fields.ts';
import { defaultOsVersion, findOsVersion } from './os-versions.ts';
import { describeImage } from './view.ts';

const recordSchema = z.object({
  __os_version: z.string().optional(),
  visibility: z.literal('private').optional(),
  name: z.string().optional(),
  protected: z.boolean().optional(),
  container_format: z.literal('bare').optional(),
  disk_format: z.enum(['zvhd2', 'zvhd', 'vhd', 'raw', 'qcow2', 'iso']).optional(),
  tags: z.array(z.string()).optional(),
  min_ram: z.unknown().optional(),
  min_disk: z.unknown().optional(),
});

/** `POST /v2/images`: a record in status `queued`. */
export async function createRecord(context: ImsContext): Promise<unknown> {
  const body = await readBody(context, recordSchema);
  const name = body.name === undefined || body.name === '' ? '' : checkName(body.name);
  const os = findOsVersion(body.__os_version ?? defaultOsVersion);
  if (os === undefined) throw new ImsError('IMG.0056');
  if (body.tags?.some((tag) => tag === '' || [...tag].length > 255)) throw new ImsError('IMG.0115');
  checkRoom(context, { region: context.region, projectId: context.projectId, name });
  const image = context.store.putImage({
    ...newRecord(context),
    name,
    description: '',
    status: 'queued',
    protected: body.protected ?? false,
    diskFormat: body.disk_format ?? 'zvhd2',
    virtualEnvType: body.disk_format === 'iso' ? 'IsoImage' : 'FusionCompute',
    osVersion: os.osVersion,
    minDiskGiB: body.min_disk === undefined ? 40 : checkDisk(body.min_disk),
    minRamMiB: checkRam(body.min_ram),
    tags: Object.fromEntries(
      (body.tags ?? []).map((tag) => {
        const [, key = tag, value = ''] = /^([^=]*)=(.*)$/s.exec(tag) ?? [];
        return [key, value];
      }),
    ),
    properties: {},
  });
  return { ...describeImage(image), properties: {} };
}
