// Images from servers and from other images (seed 000: CreateCustomImage, AbortCustomImage, CloneCustomImageToBaseImage).
import { ApiError } from './codes.ts';
import {
  type ActionContext,
  type ActionResult,
  imageOf,
  newImageId,
  ownerOf,
  usedImageOf,
} from './context.ts';
import { descriptionOf, nameOf, tagsOf } from './fields.ts';
import { type InventoryVm, inventoryOf, storageSets } from './inventory.ts';
import type { ImageRecord, Outcome } from './records.ts';

/** What a job that starts now will end with: the fault panel has the first word. */
export function plannedOutcome(context: ActionContext, success: Outcome): Outcome | undefined {
  if (context.stallsJob) return undefined;
  const failure = context.takeJobFailure();
  return failure === undefined ? success : { ok: false, reason: failure.reason };
}

/** CreateCustomImage: from one disk of a stopped server, the boot disk unless another is named. */
export function createCustomImage(context: ActionContext): ActionResult {
  const { parameters, store, region, now } = context;
  const name = nameOf(parameters, 'ImageName');
  const description = descriptionOf(parameters);
  const tags = tagsOf(parameters);
  const vm = stoppedVmOf(context);
  const diskId = parameters.text('DiskID');
  const disk = diskId === undefined ? vm.disks[0] : vm.disks.find((one) => one.id === diskId);
  if (disk === undefined) throw new ApiError(200, `DiskID ${diskId}`);
  checkStorageSet(parameters.text('StorageSetType'));
  const owner = ownerOf(context);
  const id = newImageId();
  const { osType, osDistribution, osVersion, arch, bootloader } = vm;
  store.put({
    id,
    region,
    ...owner,
    name,
    description,
    tags,
    type: 'Custom',
    system: false,
    format: 'qcow2',
    osType,
    arch,
    osDistribution,
    osVersion,
    bootloader,
    supportQga: true,
    supportCloudInit: true,
    encrypted: false,
    from: disk.kind === 'Boot' ? `${vm.id}-boot` : disk.id,
    sizeGiB: disk.sizeGiB,
    phase: 'making',
    phaseBeganAtMs: now,
    vmId: vm.id,
    outcome: plannedOutcome(context, {
      ok: true,
      content: { kind: 'generated', label: disk.id, virtualGiB: disk.sizeGiB },
      sizeGiB: disk.sizeGiB,
    }),
    createdAtMs: now,
    updatedAtMs: now,
  });
  return { ImageID: id };
}

/** @throws ApiError 1004, 1005, 1006, 1014 or 1016 */
function stoppedVmOf({
  account,
  accounts,
  companyId,
  parameters,
  region,
  store,
}: ActionContext): InventoryVm {
  const id = parameters.required('VMID');
  const companies = accounts.map((one) => one.ucloudstack.companyId);
  const vm = companies
    .filter((one) => one === (companyId ?? account.ucloudstack.companyId))
    .flatMap((one) => inventoryOf(one, region))
    .find((one) => one.id === id);
  if (vm === undefined) throw new ApiError(1004, id);
  if (vm.status === 'Running') throw new ApiError(1014, id);
  if (vm.status === 'Restarting') throw new ApiError(1005, id);
  if (vm.status === 'Failed') throw new ApiError(1006, id);
  if (store.images().some((image) => image.phase === 'making' && image.vmId === id)) {
    throw new ApiError(1016, id);
  }
  return vm;
}

function checkStorageSet(name: string | undefined): void {
  if (name === undefined) return;
  if (name === storageSets.full) throw new ApiError(1019, `StorageSetType ${name}`);
  if (!storageSets.usual.some((set) => set === name)) throw new ApiError(200, `StorageSetType ${name}`);
}

/** AbortCustomImage: the unfinished image goes away. */
export function abortCustomImage(context: ActionContext): ActionResult {
  const image = imageOf(context, 'ImageID', 'Custom');
  // The server is known for as long as the image is being made from it.
  if (image.vmId === undefined) throw new ApiError(202, image.id);
  context.lifecycle.remove(image, context.now);
  return {};
}

/** CloneCustomImageToBaseImage: the copy belongs to the platform, and every tenant may use it. */
export function cloneToBaseImage(context: ActionContext): ActionResult {
  const { account, parameters, store, now } = context;
  const name = nameOf(parameters, 'DestImageName');
  const source = usedImageOf(context, 'SourceImageID', 'Custom');
  if (source.format !== 'qcow2') throw new ApiError(1003, `${source.id} ${source.format}`);
  const { content, sha256: _, reason: __, importType: ___, ...facts } = source;
  if (content === undefined) throw new ApiError(1001, source.id);
  const clone: ImageRecord = {
    ...facts,
    id: newImageId(),
    companyId: account.ucloudstack.companyId,
    projectId: account.ucloudstack.projectId,
    name,
    type: 'Base',
    system: false,
    from: source.id,
    phase: 'making',
    phaseBeganAtMs: now,
    outcome: plannedOutcome(context, { ok: true, content, sizeGiB: source.sizeGiB }),
    createdAtMs: now,
    updatedAtMs: now,
  };
  store.put(clone);
  return { DestImageID: clone.id };
}
