// The program of cdktf-generated.test.ts. DISK names the image file.
import {
  Architecture,
  DataImagebridgeImages,
  EphemeralImagebridgeImageDownloadUrl,
  ImagebridgeFunctions,
  ImageCloud,
  MachineImage,
  OperatingSystem,
} from '@imagebridge/cdktf';
import { App, Fn, TerraformOutput, TerraformStack } from 'cdktf';

// The successor refuses features that not all versions have which a project says it runs on.
const app = new App({ context: { targetVersions: { terraform: '>=1.11' } } });
const stack = new TerraformStack(app, 'generated');
const disk = process.env.DISK ?? '';
const common = {
  cloud: ImageCloud.fromProfile('edge', { family: 'ucloudstack' }),
  os: OperatingSystem.debian('12'),
  architecture: Architecture.X86_64,
} as const;

const image = MachineImage.fromFile(stack, 'base', {
  ...common,
  path: disk,
  sha256: ImagebridgeFunctions.fileSha256(disk),
  name: ImagebridgeFunctions.imageName('ucloudstack', 'Débian', '12', 'disk'),
});
const url = new EphemeralImagebridgeImageDownloadUrl(stack, 'url', {
  cloud: common.cloud.cloudName,
  imageId: image.imageId,
});
const second = MachineImage.fromUrl(stack, 'second', {
  ...common,
  name: 'by-url',
  secretUrl: url.url,
});
second.resource.diskFormat = 'qcow2';
const all = new DataImagebridgeImages(stack, 'all', {
  cloud: common.cloud.cloudName,
  nameRegex: '^(Debian-12-disk|by-url)$',
  dependsOn: [second.resource],
});

new TerraformOutput(stack, 'format', { value: ImagebridgeFunctions.inspectFile(disk).format });
new TerraformOutput(stack, 'name', { value: image.imageName });
new TerraformOutput(stack, 'found', { value: Fn.lengthOf(all.ids) });
app.synth();
