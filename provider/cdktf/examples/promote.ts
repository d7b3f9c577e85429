// From development to production: what was tested goes on, and nothing is built again. The first stack publishes a candidate;
// the second one, applied once it was tested, copies the channel's image to production and promotes it there.
import { ImageCloud, MachineImage } from '@imagebridge/cdktf';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

const development = ImageCloud.fromProfile('development', { family: 'openstack' });
const production = ImageCloud.fromProfile('production', { family: 'openstack' });

class Candidate extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    MachineImage.fromFile(this, 'base', {
      path: 'debian-12.qcow2',
      name: 'debian-12-candidate',
      cloud: development,
    }).promoteTo('debian-12-candidate');
  }
}

class Production extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const tested = MachineImage.lookup(this, 'tested', {
      cloud: development,
      channel: 'debian-12-candidate',
    });
    tested.copyTo({ cloud: production, name: 'debian-12' }).promoteTo('debian-12-stable');
  }
}

const app = new App();
new Candidate(app, 'candidate');
new Production(app, 'production');
app.synth();
