// Local imports: from the first action over the parts to the usable image.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send, sha256, startTestCloud, type TestCloud } from '../testing/client.ts';
import { callerOf, mirror, qcow2, tagPair } from './testing.ts';

let test: TestCloud;
let acme: ReturnType<typeof callerOf>;
beforeEach(async () => {
  test = await startTestCloud();
  acme = callerOf(test);
});
afterEach(() => test.remove());

const partBytes = 5 * 2 ** 20;

describe('a local import', () => {
  it('takes parts in any order and becomes an image with their bytes', async () => {
    const file = qcow2(2 * partBytes + 77, 3, 7);
    const tags = [tagPair('名', '值'), tagPair('b', '')];
    const begun = await acme.good('ImportImage', acme.draft({ TagKeyValuePairs: tags }));
    expect(begun).toMatchObject({
      Action: 'ImportImageResponse',
      RetCode: 0,
      Message: '',
      ImageID: expect.stringMatching(/^image-[a-z0-9]{14}$/),
      Bucket: 'mirror',
    });
    expect(Buffer.from(begun.UploadID, 'base64').toString()).toMatch(/^[\da-f-]{36}\.[\da-f-]{36}x\d{19}$/);
    expect((await acme.image(begun.ImageID)).ImageStatus).toBe('WaitUploading');
    for (const number of [3, 1, 2]) {
      const body = file.subarray((number - 1) * partBytes, number * partBytes);
      expect((await acme.part(begun.ImageID, begun.UploadID, number, body)).status).toBe(200);
      expect((await acme.image(begun.ImageID)).ImageStatus).toBe('Uploading');
    }
    const listed = await mirror(test, 'GET', begun.ImageID, `uploadId=${begun.UploadID}`);
    expect([...listed.text.matchAll(/<PartNumber>(\d)</g)].map((match) => match[1])).toEqual(['1', '2', '3']);
    await acme.good('CompleteImageMultipartUpload', { ImageID: begun.ImageID, UploadID: begun.UploadID });
    expect(await acme.image(begun.ImageID)).toMatchObject({ ImageStatus: 'WaitMaking', PreparePrecent: 0 });
    test.clock.ms += 500;
    expect(await acme.image(begun.ImageID)).toMatchObject({ ImageStatus: 'Making', PreparePrecent: 50 });
    expect(await acme.finish(begun.ImageID)).toMatchObject({
      ImageStatus: 'Used',
      PreparePrecent: 100,
      ImageSize: 3,
      Reason: '',
      ImageFrom: 'Local Upload',
      ImportType: 'Local',
      Tags: [
        { Key: '名', Value: '值' },
        { Key: 'b', Value: '' },
      ],
    });
    expect(await test.cloud.unfinishedUploads()).toEqual([]);
    expect(await test.cloud.storedImages()).toEqual([
      {
        family: 'ucloudstack',
        region: 'local-1',
        projectId: test.acme.ucloudstack.projectId,
        id: begun.ImageID,
        name: 'new',
        status: 'Used',
        sizeBytes: file.length,
        sha256: sha256(file),
        tags: { 名: '值', b: '' },
      },
    ]);
    const { Info } = await acme.good('GetImageDownloadURL', { ImageID: begun.ImageID });
    const base = test.cloud.endpoints.regions['local-1']?.ucloudstackS3;
    const reply = await send(`${base}/s3/download?${Info.DownloadQuery}`);
    expect([reply.status, sha256(reply.body)]).toEqual([200, sha256(file)]);
  });
});
