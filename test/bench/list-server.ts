// An embedded cloud in a process of its own with room for many images, so that it is not measured along with its client.
import { startLocalCloud } from '@imagebridge/local-cloud';

const [dataDir = ''] = process.argv.slice(2);
const cloud = await startLocalCloud({ dataDir, imageQuota: 1_000_000 });
const region = Object.values(cloud.endpoints.regions)[0];
process.stdout.write(
  `${JSON.stringify({ iam: cloud.endpoints.iam, ims: region?.ims, profilesPath: cloud.profilesPath })}\n`,
);
process.once('SIGTERM', () => void cloud.close());
