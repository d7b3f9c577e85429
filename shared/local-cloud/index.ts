// The public API of @imagebridge/local-cloud: a cloud image service on loopback.

/**
 * An embedded cloud for demos, tests and continuous integration: real servers on loopback that speak the APIs of
 * Huawei Cloud (IAM, IMS, OBS), OpenStack (Keystone, Glance) and UCloudStack over files on disk.
 *
 * @example
 * ```ts
 * const cloud = await startLocalCloud({ dataDir: './cloud-data' });
 * // Clients read their profile from the file, or from `cloud.endpoints` and `cloud.accounts`.
 * process.stdout.write(`profiles: ${cloud.profilesPath}\n`);
 * // The next two parts fail with 503, and the next job ends with FAIL.
 * cloud.faults.add({ service: 'obs', method: 'PUT', path: 'partNumber=', count: 2, action: { kind: 'status', status: 503 } });
 * cloud.faults.add({ service: 'ims', action: { kind: 'fail-job', code: 'IMG.0057', reason: 'on request' } });
 * for (const image of await cloud.storedImages()) process.stdout.write(`${image.name} ${image.sha256}\n`);
 * await cloud.close();
 * ```
 *
 * @packageDocumentation
 */
export { startLocalCloud } from './cloud.ts';
export { type ClientSettings, clientSettings, type LocalCloudFacts, readLocalCloud } from './environment.ts';
export { LocalCloudError } from './failure.ts';
export type { Fault, FaultAction, FaultPanel } from './faults.ts';
export { type Inventory, inventoryOf as huaweicloudInventory } from './huaweicloud/inventory.ts';
export type {
  LocalAccount,
  LocalCertificate,
  LocalCloud,
  LocalCloudOptions,
  LocalEndpoints,
  ObjectBytes,
  RequestLogEntry,
  StoredImage,
  UnfinishedUpload,
} from './options.ts';
export { type InventoryVm, inventoryOf as ucloudstackInventory } from './ucloudstack/inventory.ts';
