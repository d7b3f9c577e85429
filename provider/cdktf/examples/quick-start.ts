// One image from a file, for another project to use, and copied to a second region.
import { ImageCloud, MachineImage, OperatingSystem, Size } from '@imagebridge/cdktf';
import { App, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

class Images extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const partner = new TerraformVariable(this, 'partner_project_id', { type: 'string' });
    const profiles = ImageCloud.profiles(this, 'profiles', { defaultCloud: 'build' });

    const base = MachineImage.fromFile(this, 'base', {
      path: 'debian-12.qcow2',
      name: 'debian-12-base',
      cloud: profiles.cloud('build', { family: 'huaweicloud' }),
      os: OperatingSystem.debian('12'),
      minDisk: Size.gibibytes(40),
      tags: { team: 'platform' },
    });

    base.grantUse({ projectId: partner.stringValue, cloud: profiles.cloud('partner'), id: 'Partner' });

    const east = base.copyTo({ region: 'cn-east-3', name: 'debian-12-base', agencyName: 'image-copies' });

    new TerraformOutput(this, 'east_image_id', { value: east.imageId });
  }
}

const app = new App();
new Images(app, 'images');
app.synth();
