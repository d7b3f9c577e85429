// Uploads one file with @aws-sdk/lib-storage and its defaults, with a signer that the embedded cloud understands.
// Arguments: file, bucket, key. Settings come from the environment, so that no secret is on the command line.
import { createReadStream } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { obsAuthorization } from './obs-signature.ts';

const [file = '', bucket = '', key = ''] = process.argv.slice(2);
const {
  BENCH_ENDPOINT: endpoint = '',
  BENCH_ACCESS_KEY: accessKey = '',
  BENCH_SECRET_KEY: secretKey = '',
} = process.env;

const client = new S3Client({
  endpoint,
  region: 'bench',
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  signer: async () => ({
    sign: async (request) => {
      const date = new Date().toUTCString();
      const query: Record<string, string | null> = {};
      for (const [name, value] of Object.entries(request.query ?? {}))
        if (!Array.isArray(value)) query[name] = value;
      request.headers['x-obs-date'] = date;
      request.headers.authorization = obsAuthorization({
        method: request.method,
        path: request.path,
        query,
        contentMd5: request.headers['content-md5'],
        contentType: request.headers['content-type'],
        date,
        accessKey,
        secretKey,
      });
      return request;
    },
  }),
});

await new Upload({ client, params: { Bucket: bucket, Key: key, Body: createReadStream(file) } }).done();
client.destroy();
