// An image of one cloud, copied to another: that one fetches it where it can, else the bytes go through this machine.
import { ImageCloud, ImageTags, MachineImage } from '@imagebridge/cdktf';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'crossing');
ImageTags.of(stack).add('team', 'platform');

const image = MachineImage.fromFile(stack, 'base', {
  path: 'debian-12.qcow2',
  name: 'debian-12',
  cloud: ImageCloud.fromProfile('private', { family: 'openstack' }),
});
const copy = image.copyTo({
  cloud: ImageCloud.fromProfile('public', { family: 'huaweicloud' }),
  name: 'debian-12',
});

new TerraformOutput(stack, 'copy', { value: { id: copy.imageId, region: copy.resource.targetRegion } });
app.synth();
