// The operations of the family, for the table of all operations (seed 000, operations 1 to 13).
import type { z } from 'zod';
import { Secret } from '../../model/index.ts';
import { defineOperation, type Operation } from '../operation.ts';
import * as api from './api.ts';
import { type Action, REQUESTS } from './schemas.ts';
import type { Session } from './session.ts';

type Facts = { starts?: 'image'; portMethods: readonly string[] };

function operation<A extends Action>(
  number: number,
  call: A,
  title: string,
  facts: Facts,
  run: (session: Session, request: never) => Promise<Record<string, unknown>>,
): Operation<Session> {
  return defineOperation({
    number,
    family: 'ucloudstack',
    call,
    title,
    seed: '000',
    ...facts,
    request: REQUESTS[call] as z.ZodType<unknown>,
    // The request was checked by this very action's schema.
    run: async (session: Session, request) => ({ data: await run(session, request as never) }),
  });
}

/** Every operation of the family. */
export const UCLOUDSTACK_OPERATIONS: readonly Operation<Session>[] = [
  operation(
    1,
    'CloneCustomImageToBaseImage',
    'copy a custom image to a base image',
    { starts: 'image', portMethods: ['copyImage'] },
    api.cloneCustomImageToBaseImage,
  ),
  operation(
    2,
    'CreateCustomImage',
    'make an image from a server',
    { starts: 'image', portMethods: ['createFromServer'] },
    api.createCustomImage,
  ),
  operation(
    3,
    'AbortCustomImage',
    'stop the making of an image',
    { portMethods: ['cancelCreate'] },
    api.abortCustomImage,
  ),
  operation(
    4,
    'DeleteBaseImage',
    'delete a base image',
    { portMethods: ['deleteImage'] },
    api.deleteBaseImage,
  ),
  operation(
    5,
    'DeleteCustomImage',
    'delete a custom image',
    { portMethods: ['deleteImage'] },
    api.deleteCustomImage,
  ),
  operation(
    6,
    'DescribeImage',
    'list images',
    { portMethods: ['listImages', 'getImage', 'getJob'] },
    api.describeImage,
  ),
  operation(
    7,
    'DescribeBaseImage',
    'read the permissions of base images',
    { portMethods: ['getImage'] },
    api.describeBaseImage,
  ),
  operation(
    8,
    'ImportImage',
    'import an image from a URL, or open an upload',
    { starts: 'image', portMethods: ['createFromUrl', 'uploadParts'] },
    api.importImage,
  ),
  operation(
    9,
    'CompleteImageMultipartUpload',
    'complete an upload',
    { starts: 'image', portMethods: ['uploadParts'] },
    api.completeImageMultipartUpload,
  ),
  operation(
    10,
    'AbortImageMultipartUpload',
    'end an upload',
    { portMethods: ['uploadParts'] },
    api.abortImageMultipartUpload,
  ),
  operation(
    11,
    'GetImageDownloadURL',
    'get a download address',
    { portMethods: ['getDownloadUrl', 'downloadImage'] },
    async (session, request) => {
      const reply = await api.getImageDownloadUrl(session, request);
      return { ...reply, Info: { ...reply.Info, DownloadQuery: new Secret(reply.Info.DownloadQuery) } };
    },
  ),
  operation(
    12,
    'DescribeImageOSVersions',
    'list operating systems',
    { portMethods: ['listOsVersions'] },
    api.describeImageOsVersions,
  ),
  operation(
    13,
    'UpdateImage',
    'change the facts of the system in an image',
    { portMethods: ['updateImage'] },
    api.updateImage,
  ),
];
