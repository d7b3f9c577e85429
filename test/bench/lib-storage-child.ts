// Uploads one file with @aws-sdk/lib-storage and its defaults. Arguments: file, bucket, key. The rest comes from the
// environment, so that no secret is on the command line.
import { createReadStream } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const [file = '', bucket = '', key = ''] = process.argv.slice(2);
const client = new S3Client({ endpoint: process.env.BENCH_ENDPOINT ?? '', forcePathStyle: true });
await new Upload({ client, params: { Bucket: bucket, Key: key, Body: createReadStream(file) } }).done();
client.destroy();
