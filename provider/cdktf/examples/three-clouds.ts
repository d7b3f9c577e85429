// One file, published to three clouds under a version and a channel; the three newest versions stay in each.
import {
  Architecture,
  BaseImageRelease,
  ImageCloud,
  OperatingSystem,
  ReleaseSource,
} from '@imagebridge/cdktf';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'release');

new BaseImageRelease(stack, 'debian', {
  name: 'debian-12',
  version: process.env.RELEASE_VERSION ?? '2026.11.1',
  channel: 'stable',
  source: ReleaseSource.file('debian-12.qcow2'),
  os: OperatingSystem.debian('12'),
  architecture: Architecture.X86_64,
  tags: { team: 'platform' },
  retention: { keep: 3, minAgeDays: 30 },
  targets: {
    public: { cloud: ImageCloud.fromProfile('public', { family: 'huaweicloud' }) },
    private: { cloud: ImageCloud.fromProfile('private', { family: 'openstack' }) },
    edge: { cloud: ImageCloud.fromProfile('edge', { family: 'ucloudstack' }) },
  },
});

app.synth();
