// The program of a user's project: `cdktf.json` names it.
import { ImageCloud } from '@imagebridge/cdktf';
import { App } from 'cdktf';
import { Images } from './images-stack';

const app = new App();
new Images(app, 'images', {
  cloud: ImageCloud.fromProfile('private', { family: 'openstack' }),
  path: 'debian-12.qcow2',
  version: process.env.RELEASE_VERSION ?? '1',
  projectIds: [],
});
app.synth();
