// The example of README.md: one image, shared with a project and copied to a second region.
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ImageCloud, MachineImage, OperatingSystem, Size } from '../index.ts';

class Images extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const profiles = ImageCloud.profiles(this, 'profiles', { defaultCloud: 'build' });

    const base = MachineImage.fromFile(this, 'base', {
      path: 'ubuntu-22.04.qcow2',
      name: 'ubuntu-22.04-base',
      os: OperatingSystem.huaweicloud('Ubuntu 22.04 server 64bit'),
      minDisk: Size.gibibytes(40),
      tags: { channel: 'stable' },
    });

    base.shareWith('0605767a5e80d5762fa5c0186b2ab3e5').acceptIn(profiles.cloud('production'));

    const east = base.copyTo({ region: 'cn-east-3', name: 'ubuntu-22.04-base', agencyName: 'image-copies' });

    new TerraformOutput(this, 'east_image_id', { value: east.imageId });
  }
}

const app = new App();
new Images(app, 'images');
app.synth();
