// Huawei Cloud's own kits for Node on the embedded cloud: the core of its kit signs and sends image service calls, the
// object store's kit moves objects. The generated image package is not in the npm registry: it is skipped by name.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import type { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { type LocalCloud, startLocalCloud } from '@imagebridge/local-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const has = (name: string) => {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
};
const IMS = '@huaweicloud/huaweicloud-sdk-ims';

let dir: string;
let server: LocalCloud;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imagebridge-kits-'));
  server = await startLocalCloud({ dataDir: join(dir, 'cloud'), jobDurationMs: 40 });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const region = () => {
  const found = server.endpoints.regions['local-1'];
  const account = server.accounts[0];
  if (found === undefined || account === undefined) throw new Error('the embedded cloud is not complete');
  return { ...found, account, projectId: account.projects['local-1'] ?? '' };
};

describe('huaweicloud-sdk-core', () => {
  async function client() {
    const { account, projectId, ims } = region();
    const credentials = new BasicCredentials()
      .withAk(account.accessKey)
      .withSk(account.secretKey)
      .withProjectId(projectId);
    const kit = new ClientBuilder<{ hcClient: HcClient }>(
      (hcClient: HcClient) => ({ hcClient }),
      'BasicCredentials',
    )
      .withCredential(credentials)
      .withEndpoint(ims)
      .build();
    return async (request: { method: string; url: string; data?: unknown; queryParams?: object }) => {
      const options = {
        method: request.method,
        url: request.url,
        contentType: 'application/json',
        queryParams: request.queryParams ?? {},
        pathParams: {},
        headers: { 'Content-Type': 'application/json' },
        data: request.data ?? {},
      };
      return kit.hcClient.sendRequest(options);
    };
  }

  it('lists images, reads the quota and the catalogue of systems, makes a record and deletes it', async () => {
    const call = await client();
    expect(await call({ method: 'GET', url: '/v2/cloudimages', queryParams: { limit: 3 } })).toMatchObject({
      images: expect.any(Array),
    });
    expect(await call({ method: 'GET', url: '/v1/cloudimages/quota' })).toHaveProperty('quotas');
    const made = z.looseObject({ id: z.string(), status: z.string() }).parse(
      await call({
        method: 'POST',
        url: '/v2/images',
        data: { name: 'kit', __os_version: 'CentOS 7.6 64bit', min_disk: 40 },
      }),
    );
    expect(made.status).toBe('queued');
    await call({ method: 'DELETE', url: `/v2/images/${made.id}` });
    const gone = await call({ method: 'GET', url: `/v2/images/${made.id}` }).catch((error: unknown) => error);
    expect(z.looseObject({ httpStatusCode: z.number() }).parse(gone).httpStatusCode).toBe(404);
  });

  it.skipIf(!has(IMS))(`${IMS}${has(IMS) ? '' : ' (it is not in the npm registry)'}`, async () => {
    expect(await import(IMS)).toHaveProperty('ImsClient');
  });
});

describe('esdk-obs-nodejs', () => {
  const reply = z.object({
    CommonMsg: z.object({ Status: z.number(), Code: z.string().optional() }),
    InterfaceResult: z.record(z.string(), z.unknown()).nullish(),
  });
  type Obs = Record<string, (parameters?: object) => Promise<unknown>>;

  async function client(): Promise<Obs> {
    const { account, obs } = region();
    const Kit = require('esdk-obs-nodejs') as new (options: object) => Obs;
    const kit = new Kit({
      access_key_id: account.accessKey,
      secret_access_key: account.secretKey,
      server: obs,
      // With buckets in the path this kit signs as AWS did before version 4.
      path_style: true,
    });
    // It sets itself up on its own time, and has no way to tell when it is ready.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return kit;
  }

  it('makes a bucket, sends parts, lists and completes them, reads ranges, presigns, aborts, deletes', async () => {
    const obs = await client();
    const call = async (name: string, parameters: object, status = [200, 201, 204, 206]) => {
      const found = reply.parse(await obs[name]?.(parameters));
      expect(status, `${name}: ${found.CommonMsg.Code}`).toContain(found.CommonMsg.Status);
      return found.InterfaceResult ?? {};
    };
    const Bucket = 'kit-bucket';
    const Key = 'dir/镜像 1.img';
    await call('createBucket', { Bucket, Location: 'local-1' });
    const parts = [randomBytes(5 << 20), randomBytes(12_345)];
    const { UploadId } = await call('initiateMultipartUpload', { Bucket, Key });
    const Parts = [];
    for (const [index, bytes] of parts.entries()) {
      const SourceFile = join(dir, `part-${index}`);
      writeFileSync(SourceFile, bytes);
      const ContentMD5 = createHash('md5').update(bytes).digest('base64');
      const place = {
        Bucket,
        Key,
        UploadId,
        PartNumber: index + 1,
        ContentMD5,
        Offset: 0,
        PartSize: bytes.length,
      };
      const { ETag } = await call('uploadPart', { ...place, SourceFile });
      Parts.push({ PartNumber: index + 1, ETag });
    }
    expect((await call('listParts', { Bucket, Key, UploadId })).Parts).toHaveLength(2);
    await call('completeMultipartUpload', { Bucket, Key, UploadId, Parts });
    const head = await call('getObjectMetadata', { Bucket, Key });
    expect(Number(head.ContentLength)).toBe((5 << 20) + 12_345);
    const range = await call('getObject', {
      Bucket,
      Key,
      Range: 'bytes=0-99',
      SaveAsFile: join(dir, 'range'),
    });
    expect(range).toBeDefined();

    const other = await call('initiateMultipartUpload', { Bucket, Key: 'other' });
    await call('abortMultipartUpload', { Bucket, Key: 'other', UploadId: other.UploadId });
    await call('listParts', { Bucket, Key: 'other', UploadId: other.UploadId }, [404]);
    await call('deleteObject', { Bucket, Key });
    await call('deleteBucket', { Bucket });
    await obs.close?.();
  });
});
