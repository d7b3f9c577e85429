// One image that exactly these projects can use: a project that is left out loses it with the next apply.
import { ImageCloud, MachineImage } from '@imagebridge/cdktf';
import { App, TerraformStack, TerraformVariable } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'sharing');
const projects = new TerraformVariable(stack, 'project_ids', { type: 'set(string)' });

const image = MachineImage.fromFile(stack, 'base', {
  path: 'debian-12.qcow2',
  name: 'debian-12-shared',
  cloud: ImageCloud.fromProfile('private', { family: 'openstack' }),
});
image.shareOnlyWith(projects.listValue);

app.synth();
