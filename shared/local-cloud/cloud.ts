// Puts the embedded cloud together: state on disk, one listener per service and region, and the way down.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { loadAccounts, writeProfiles } from './accounts.ts';
import { controlService } from './control.ts';
import { schemeSchema } from './environment.ts';
import { LocalCloudError } from './failure.ts';
import type { FamilyContext } from './family.ts';
import { Faults } from './faults.ts';
import { newId, type Service } from './http/exchange.ts';
import { Listener } from './http/listener.ts';
import { huaweiCloud } from './huaweicloud/index.ts';
import { shortBodyReply } from './object-store/index.ts';
import { ObsStore } from './object-store/records.ts';
import { openstackCloud } from './openstack/index.ts';
import type {
  LocalCloud,
  LocalCloudOptions,
  LocalEndpoints,
  LocalRegionEndpoints,
  UnfinishedUpload,
} from './options.ts';
import { BlobStore } from './store/blobs.ts';
import { readJsonFile, writeJsonFile, writeTextFile } from './store/json-file.ts';
import { ucloudstackCloud } from './ucloudstack/index.ts';

const stateSchema = z.object({
  /** Tells one data directory from another. */
  instance: z.string(),
  /** Ports of the former run, by service. */
  ports: z.record(z.string(), z.number()),
  scheme: schemeSchema,
});

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const regionName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Starts the embedded cloud.
 * @throws LocalCloudError when the address is not loopback, a port is taken, the data directory is in use by another
 * embedded cloud, or what is in it cannot be read
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const host = options.host ?? '127.0.0.1';
  const regions = options.regions ?? ['local-1', 'local-2'];
  if (!loopback.test(host)) throw new LocalCloudError(`${host} is not a loopback address: use 127.0.0.1.`);
  if (regions.length === 0 || !regions.every((region) => regionName.test(region))) {
    throw new LocalCloudError('Give at least one region; names have lower-case letters, digits and hyphens.');
  }
  const clock = options.clock ?? { now: () => Date.now() };
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const statePath = join(dataDir, 'state.json');
  const state = readJsonFile(statePath, stateSchema) ?? { instance: newId(), ports: {}, scheme: 'http' };
  await refuseSecondOwner(dataDir, host, state);

  const accounts = loadAccounts(join(dataDir, 'accounts.json'), regions);
  const faults = new Faults();
  const blobs = new BlobStore(join(dataDir, 'blobs'));
  let endpoints: LocalEndpoints | undefined;
  const objects = new ObsStore(join(dataDir, 'huaweicloud', 'obs'), blobs, options.objectBytes);
  const context = (family: string): FamilyContext => ({
    folder: join(dataDir, family),
    accounts,
    regions,
    blobs,
    objects,
    clock,
    endpoints: () => endpoints ?? { iam: '', keystone: '', ucloudstack: '', regions: {}, control: '' },
    jobDurationMs: options.jobDurationMs ?? 1500,
    tokenLifetimeMs: options.tokenLifetimeMs ?? 24 * 3_600_000,
    imageQuota: options.imageQuota ?? 50,
    maxImportSizeBytes: options.maxImportSizeBytes ?? 128 * 2 ** 30,
  });
  const huawei = huaweiCloud(context('huaweicloud'));
  const openstack = openstackCloud(context('openstack'));
  const ucloudstack = ucloudstackCloud(context('ucloudstack'));
  blobs.sweep();

  const listeners: Listener[] = [];
  const ports: Record<string, number> = {};
  const scheme = options.tls === undefined ? 'http' : 'https';
  const listen = async (name: string, service: string, region: string | undefined, handle: Service) => {
    const listener = new Listener({
      service,
      region,
      handle,
      faults,
      clock,
      // The control port stays plain: it is asked before anything is known of the cloud, and only on this machine.
      tls: service === 'control' ? undefined : options.tls,
      onRequest: options.onRequest,
      onShortBody: service === 'obs' || service === 'ucloudstack-s3' ? shortBodyReply : undefined,
    });
    listeners.push(listener);
    const fixed = options.basePort ? options.basePort + Object.keys(ports).length : undefined;
    const port = await listener.listen(host, fixed ?? state.ports[name] ?? 0, fixed === undefined);
    ports[name] = port;
    return `${service === 'control' ? 'http' : scheme}://${host === '::1' ? '[::1]' : host}:${port}`;
  };
  try {
    const iam = await listen('iam', 'iam', undefined, huawei.iam);
    const control = await listen(
      'control',
      'control',
      undefined,
      controlService(faults, { instance: state.instance }),
    );
    const ofHuawei: Record<string, { ims: string; obs: string }> = {};
    for (const region of regions) {
      ofHuawei[region] = {
        ims: await listen(`ims.${region}`, 'ims', region, huawei.ims(region)),
        obs: await listen(`obs.${region}`, 'obs', region, huawei.obs(region)),
      };
    }
    const keystone = await listen('keystone', 'keystone', undefined, openstack.keystone);
    const api = await listen('ucloudstack', 'ucloudstack', undefined, ucloudstack.api);
    const byRegion: Record<string, LocalRegionEndpoints> = {};
    for (const [region, services] of Object.entries(ofHuawei)) {
      byRegion[region] = {
        ...services,
        glance: await listen(`glance.${region}`, 'glance', region, openstack.glance(region)),
        ucloudstackS3: await listen(
          `ucloudstack-s3.${region}`,
          'ucloudstack-s3',
          region,
          ucloudstack.s3(region),
        ),
      };
    }
    endpoints = { iam, control, keystone, ucloudstack: api, regions: byRegion };
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
  writeJsonFile(statePath, { ...state, scheme, ports: { ...state.ports, ...ports } });
  const profilesPath = join(dataDir, 'profiles.yaml');
  const caFile = options.tls === undefined ? undefined : join(dataDir, 'ca.pem');
  if (caFile !== undefined && options.tls) writeTextFile(caFile, options.tls.certificate);
  writeProfiles(profilesPath, { accounts, regions, endpoints, caFile });

  let closing: Promise<unknown> | undefined;
  return {
    endpoints,
    accounts,
    profilesPath,
    faults,
    storedImages: async () => [
      ...(await huawei.storedImages()),
      ...(await openstack.storedImages()),
      ...(await ucloudstack.storedImages()),
    ],
    unfinishedUploads: async () => unfinishedUploads(objects),
    async close() {
      closing ??= Promise.all([ucloudstack.close(), ...listeners.map((listener) => listener.close())]);
      await closing;
    },
  };
}

function unfinishedUploads(objects: ObsStore): UnfinishedUpload[] {
  return objects.uploads().map(({ bucket, key, uploadId }) => {
    const parts = objects.partsOf(uploadId);
    return {
      region: objects.buckets.get(bucket)?.region ?? '',
      bucket,
      key,
      uploadId,
      parts: parts.length,
      sizeBytes: parts.reduce((sum, part) => sum + part.segment.sizeBytes, 0),
    };
  });
}

/** Two clouds over one directory would overwrite each other's state: ask the former control port who is there. */
async function refuseSecondOwner(dataDir: string, host: string, state: z.infer<typeof stateSchema>) {
  const port = state.ports.control;
  if (port === undefined) return;
  let health: unknown;
  try {
    const url = `http://${host === '::1' ? '[::1]' : host}:${port}/_health`;
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    health = await response.json();
  } catch {
    return;
  }
  const result = z.object({ instance: z.string() }).safeParse(health);
  if (result.success && result.data.instance === state.instance) {
    throw new LocalCloudError(
      `${dataDir} is served by another embedded cloud already (control port ${port}).`,
    );
  }
}
