// An embedded cloud in a process of its own, so that it is not measured along with its clients. Prints its addresses as a
// line of JSON. Argument: its options as JSON; `tls` is read from files, so that no key is on the command line.
import { readFileSync } from 'node:fs';
import { startLocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';

const settings = z
  .object({
    dataDir: z.string(),
    objectBytes: z.enum(['keep', 'discard', 'discard-unchecked']).optional(),
    tls: z.object({ certificateFile: z.string(), keyFile: z.string() }).optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const { tls, ...options } = settings;
const cloud = await startLocalCloud({
  ...options,
  imageQuota: 1_000_000,
  ...(tls === undefined
    ? {}
    : {
        tls: {
          certificate: readFileSync(tls.certificateFile, 'utf8'),
          privateKey: readFileSync(tls.keyFile, 'utf8'),
        },
      }),
});
const [region = '', services] = Object.entries(cloud.endpoints.regions)[0] ?? [];
const { iam } = cloud.endpoints;
const facts = { region, iam, ims: services?.ims, obs: services?.obs, profilesPath: cloud.profilesPath };
process.stdout.write(`${JSON.stringify(facts)}\n`);
process.once('SIGTERM', () => void cloud.close());
