// An embedded cloud in a process of its own, so that it can be killed. Its owner talks to it over IPC.
import { startLocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';

const requestSchema = z.object({
  id: z.number(),
  call: z.enum(['images', 'unfinished', 'fault', 'clear-faults']),
  fault: z.unknown().optional(),
});

const [dataDir = ''] = process.argv.slice(2);
const cloud = await startLocalCloud({
  dataDir,
  regions: ['local-1'],
  imageQuota: 1_000_000,
  jobDurationMs: 120,
  onRequest: ({ error, service, method, path }) => {
    if (error !== undefined) process.send?.({ defect: `${service} ${method} ${path}: ${error}` });
  },
});

process.on('message', (message) => {
  const request = requestSchema.parse(message);
  const answer = (reply: object) => process.send?.({ id: request.id, ...reply });
  act(request).then(
    (value) => answer({ value: value ?? null }),
    (error: unknown) => answer({ error: String(error) }),
  );
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());

async function act({ call, fault }: z.infer<typeof requestSchema>): Promise<unknown> {
  if (call === 'images') return cloud.storedImages();
  if (call === 'unfinished') return cloud.unfinishedUploads();
  if (call === 'clear-faults') return cloud.faults.clear();
  cloud.faults.add(fault as Parameters<typeof cloud.faults.add>[0]);
  return undefined;
}

const services = cloud.endpoints.regions['local-1'];
if (services === undefined) throw new Error('the region is missing');
const account = cloud.accounts[0];
process.send?.({
  ready: {
    profilesPath: cloud.profilesPath,
    accessKey: account?.accessKey,
    secretKey: account?.secretKey,
    endpoints: {
      iam: cloud.endpoints.iam,
      keystone: cloud.endpoints.keystone,
      ucloudstack: cloud.endpoints.ucloudstack,
      ims: services.ims,
      obs: services.obs,
      glance: services.glance,
      'ucloudstack-s3': services.ucloudstackS3,
    },
  },
});
