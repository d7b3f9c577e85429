// The operations of the family, for the table of all operations (14 to 52, and 59): each calls its typed client function.
import { z } from 'zod';
import { type HttpReply, parseUntrusted } from '../../http/index.ts';
import { type CallOptions, InvalidInputError, type OperationInput } from '../../model/index.ts';
import { defineOperation, type Operation, type OperationDefinition } from '../operation.ts';
import { listProjects, listProjectsRequest } from './iam.ts';
import * as api from './ims/api.ts';
import type { ImsTransport } from './ims/transport.ts';
import type { Session } from './session.ts';

type Facts<Request> = Omit<OperationDefinition<Session, Request>, 'family' | 'run'>;

/** An operation of the image service: the typed function reads the answer, and the caller gets it as it came. */
function ims<Request>(
  facts: Facts<Request>,
  call: (
    ims: ImsTransport,
    request: Request,
    options: CallOptions | undefined,
    bytes: OperationInput['bytes'],
  ) => Promise<unknown>,
): Operation<Session> {
  return defineOperation<Session, Request>({
    ...facts,
    family: 'huaweicloud',
    async run(session, request, options, bytes) {
      let reply: HttpReply | undefined;
      const observed = session.ims.observed((seen) => {
        reply = seen;
      });
      await call(observed, request, options, bytes);
      const text = reply?.text().trim() ?? '';
      return text === '' ? {} : { data: dataOf(text) };
    },
  });
}

/** An answer as data. Calls whose answer does not matter have not looked at it: what is no JSON stays a text. */
function dataOf(text: string): unknown {
  try {
    return parseUntrusted(text);
  } catch {
    return text;
  }
}

const nothing = z.strictObject({});

/** Every operation of the family. */
export const HUAWEICLOUD_OPERATIONS: readonly Operation<Session>[] = [
  ims(
    {
      number: 14,
      call: 'GET /v2/cloudimages',
      title: 'list images',
      seed: '001 §5.1.1',
      portMethods: ['listImages'],
      request: api.listCloudImagesRequest,
    },
    api.listCloudImages,
  ),
  ims(
    {
      number: 15,
      call: 'PATCH /v2/cloudimages/{image_id}',
      title: 'change an image',
      seed: '001 §5.1.2',
      portMethods: ['updateImage'],
      request: api.updateCloudImageRequest,
    },
    api.updateCloudImage,
  ),
  ims(
    {
      number: 16,
      call: 'POST /v2/cloudimages/action',
      title: 'create an image from a server, a file or a volume',
      seed: '001 §5.1.3, §7.1',
      starts: 'job',
      portMethods: ['createFromObject', 'createFromServer', 'createFromVolume'],
      request: api.createImageRequest,
    },
    api.createImage,
  ),
  ims(
    {
      number: 17,
      call: 'POST /v2/cloudimages/quickimport/action',
      title: 'create an image from a large file without conversion',
      seed: '001 §5.1.4',
      starts: 'job',
      portMethods: ['createFromObject'],
      request: api.quickImportAnyRequest,
    },
    api.quickImport,
  ),
  ims(
    {
      number: 18,
      call: 'POST /v1/cloudimages/dataimages/action',
      title: 'create the image of a data disk from a file',
      seed: '001 §5.1.5',
      starts: 'job',
      portMethods: ['createFromObject'],
      request: api.importDataFileRequest,
    },
    api.importDataFile,
  ),
  ims(
    {
      number: 19,
      call: 'POST /v1/cloudimages/wholeimages/action',
      title: 'create an image of a whole server, from it or from its backup',
      seed: '001 §5.1.6',
      starts: 'job',
      portMethods: ['createFromBackup', 'createFromWholeServer'],
      request: api.createWholeImageRequest,
    },
    api.createWholeImage,
  ),
  ims(
    {
      number: 20,
      call: 'PUT /v1/cloudimages/{image_id}/upload',
      title: 'fill the record of an image from a file in a bucket',
      seed: '001 §5.1.7',
      starts: 'job',
      portMethods: ['createFromObject'],
      request: api.registerImageRequest,
    },
    api.registerImage,
  ),
  ims(
    {
      number: 21,
      call: 'POST /v1/cloudimages/{image_id}/file',
      title: 'export an image to a bucket',
      seed: '001 §5.1.8',
      starts: 'job',
      portMethods: ['exportImage'],
      request: api.exportImageRequest,
    },
    api.exportImage,
  ),
  ims(
    {
      number: 22,
      call: 'GET /v1/cloudimages/os_version',
      title: 'list the operating systems that the region knows',
      seed: '001 §5.1.9',
      portMethods: ['listOsVersions', 'probe'],
      request: api.listOsVersionsRequest,
    },
    api.listOsVersions,
  ),
  ims(
    {
      number: 23,
      call: 'DELETE /v1/cloudimages/members',
      title: 'stop sharing images with projects',
      seed: '001 §5.2.1',
      starts: 'job',
      portMethods: ['removeShare'],
      request: api.membersRequest,
    },
    api.removeMembers,
  ),
  ims(
    {
      number: 24,
      call: 'POST /v1/cloudimages/members',
      title: 'share images with projects',
      seed: '001 §5.2.2',
      starts: 'job',
      portMethods: ['addShare'],
      request: api.membersRequest,
    },
    api.addMembers,
  ),
  ims(
    {
      number: 25,
      call: 'PUT /v1/cloudimages/members',
      title: 'accept or reject shared images',
      seed: '001 §5.2.3',
      starts: 'job',
      portMethods: ['answerShare'],
      request: api.answerMembersRequest,
    },
    api.answerMembers,
  ),
  ims(
    {
      number: 26,
      call: 'POST /v1/cloudimages/{image_id}/copy',
      title: 'copy an image inside the region',
      seed: '001 §5.3.1',
      starts: 'job',
      portMethods: ['copyImage'],
      request: api.copyInRegionRequest,
    },
    api.copyInRegion,
  ),
  ims(
    {
      number: 27,
      call: 'POST /v1/cloudimages/{image_id}/cross_region_copy',
      title: 'copy an image to another region',
      seed: '001 §5.3.2',
      starts: 'job',
      portMethods: ['copyImage'],
      request: api.copyCrossRegionRequest,
    },
    api.copyCrossRegion,
  ),
  ims(
    {
      number: 28,
      call: 'GET /v1/cloudimages/quota',
      title: 'read the image quota',
      seed: '001 §5.4.1',
      portMethods: ['getQuotas', 'probe'],
      request: nothing,
    },
    (service, _, options) => api.getQuota(service, options),
  ),
  ims(
    {
      number: 29,
      call: 'GET /v1/{project_id}/jobs/{job_id}',
      title: 'read a job',
      seed: '001 §5.5.1',
      portMethods: ['getJob'],
      request: api.getJobRequest,
    },
    api.getJob,
  ),
  ims(
    {
      number: 30,
      call: 'GET /v2/images',
      title: 'list images (native)',
      seed: '001 §6.1.1',
      portMethods: [],
      request: api.listNativeImagesRequest,
    },
    api.listNativeImages,
  ),
  ims(
    {
      number: 31,
      call: 'GET /v2/images/{image_id}',
      title: 'read an image (native)',
      seed: '001 §6.1.2',
      portMethods: ['getImage', 'updateImage', 'exportImage'],
      request: api.imageIdRequest,
    },
    api.showImage,
  ),
  ims(
    {
      number: 32,
      call: 'PATCH /v2/images/{image_id}',
      title: 'change an image (native)',
      seed: '001 §6.1.3',
      portMethods: [],
      request: api.updateNativeImageRequest,
    },
    api.updateNativeImage,
  ),
  ims(
    {
      number: 33,
      call: 'PUT /v2/images/{image_id}/file',
      title: 'send the file of an image (native)',
      seed: '001 §6.1.4',
      starts: 'image',
      bytes: 'request',
      portMethods: [],
      request: api.imageIdRequest,
    },
    async (service, request, options, bytes) => {
      if (bytes === undefined) {
        throw new InvalidInputError({ operation: 'send the file of an image', reason: 'no file is given' });
      }
      await api.uploadNativeImage(service, request, bytes, options);
    },
  ),
  ims(
    {
      number: 34,
      call: 'DELETE /v2/images/{image_id}',
      title: 'delete an image (native)',
      seed: '001 §6.1.5',
      portMethods: ['deleteImage'],
      request: api.deleteImageRequest,
    },
    api.deleteImage,
  ),
  ims(
    {
      number: 35,
      call: 'POST /v2/images',
      title: 'create the record of an image (native)',
      seed: '001 §6.1.6',
      portMethods: ['createFromObject'],
      request: api.createRecordRequest,
    },
    api.createRecord,
  ),
  ims(
    {
      number: 36,
      call: 'DELETE /v1.1/images/{image_id}',
      title: 'delete an image (v1.1)',
      seed: '001 §6.1.7',
      insteadUse: 34,
      portMethods: [],
      request: api.imageIdRequest,
    },
    api.softDeleteImage,
  ),
  defineOperation({
    number: 37,
    family: 'huaweicloud',
    call: 'HEAD /v1/images/{image_id}',
    title: 'read an image (v1), in headers',
    seed: '001 §6.1.8',
    insteadUse: 31,
    portMethods: [],
    request: api.imageIdRequest,
    async run(session: Session, request, options) {
      const { meta, etag } = await api.headImage(session.ims, request, options);
      const headers = Object.entries(meta).map(([name, value]) => [`x-image-meta-${name}`, value] as const);
      return { headers: { ...Object.fromEntries(headers), ...(etag === undefined ? {} : { etag }) } };
    },
  }),
  ims(
    {
      number: 38,
      call: 'GET /v1.1/images/detail',
      title: 'list images (v1.1)',
      seed: '001 §6.1.9',
      insteadUse: 30,
      portMethods: [],
      request: api.listImageDetailsRequest,
    },
    api.listImageDetails,
  ),
  ...(
    [
      [39, 'image', 'the schema of an image', '001 §6.2.1', api.showImageSchema],
      [40, 'images', 'the schema of a list of images', '001 §6.2.2', api.showImagesSchema],
      [41, 'member', 'the schema of a member', '001 §6.2.3', api.showMemberSchema],
      [42, 'members', 'the schema of a list of members', '001 §6.2.4', api.showMembersSchema],
    ] as const
  ).map(([number, name, what, seed, show]) =>
    ims(
      {
        number,
        call: `GET /v2/schemas/${name}`,
        title: `read ${what}`,
        seed,
        portMethods: ['getSchema'],
        request: nothing,
      },
      (service, _, options) => show(service, options),
    ),
  ),
  ims(
    {
      number: 43,
      call: 'POST /v2/images/{image_id}/members',
      title: 'share an image with a project (native)',
      seed: '001 §6.3.1',
      portMethods: [],
      request: api.addMemberRequest,
    },
    api.addMember,
  ),
  ims(
    {
      number: 44,
      call: 'PUT /v2/images/{image_id}/members/{member_id}',
      title: 'accept or reject a shared image (native)',
      seed: '001 §6.3.2',
      portMethods: [],
      request: api.answerMemberRequest,
    },
    api.answerMember,
  ),
  ims(
    {
      number: 45,
      call: 'GET /v2/images/{image_id}/members/{member_id}',
      title: 'read the share of an image with a project (native)',
      seed: '001 §6.3.3',
      portMethods: ['getShare'],
      request: api.memberRequest,
    },
    api.showMember,
  ),
  ims(
    {
      number: 46,
      call: 'GET /v2/images/{image_id}/members',
      title: 'list the shares of an image (native)',
      seed: '001 §6.3.4',
      portMethods: ['listShares'],
      request: api.imageIdRequest,
    },
    api.listMembers,
  ),
  ims(
    {
      number: 47,
      call: 'DELETE /v2/images/{image_id}/members/{member_id}',
      title: 'stop sharing an image with a project (native)',
      seed: '001 §6.3.5',
      portMethods: [],
      request: api.memberRequest,
    },
    api.removeMember,
  ),
  ims(
    {
      number: 48,
      call: 'GET /',
      title: 'list the versions of the API',
      seed: '001 §6.4.1',
      portMethods: ['listVersions'],
      request: nothing,
    },
    (service, _, options) => api.listVersions(service, options),
  ),
  ims(
    {
      number: 49,
      call: 'GET /{api_version}',
      title: 'read one version of the API',
      seed: '001 §6.4.2',
      portMethods: [],
      request: api.showVersionRequest,
    },
    api.showVersion,
  ),
  defineOperation({
    number: 50,
    family: 'huaweicloud',
    call: 'POST /v3/auth/tokens',
    title: 'get a token for the project of the profile',
    seed: '001 §3.1–3.3',
    portMethods: ['projectId'],
    request: z.strictObject({
      /** True: without the catalogue of the services, which is long. Default true. */
      nocatalog: z.boolean().optional(),
    }),
    async run(session: Session, { nocatalog = true }, options) {
      const token = await session.signIn(!nocatalog, options);
      return { data: token.body, headers: { 'x-subject-token': token.value } };
    },
  }),
  defineOperation({
    number: 51,
    family: 'huaweicloud',
    call: 'GET /v3/projects',
    title: 'list the projects of the account',
    seed: '001 §9.4',
    portMethods: ['projectId'],
    request: listProjectsRequest,
    async run(session: Session, request, options) {
      const sign = await session.auth.prepareUnscoped(options);
      const headersFor = (url: URL) => sign({ method: 'GET', url, headers: {} });
      return { data: await listProjects(session.iam, request, headersFor, options) };
    },
  }),
  ims(
    {
      number: 52,
      call: 'POST /v2/cloudimages/action',
      title: 'create an image from a server or a file (older edition)',
      seed: '002',
      starts: 'job',
      insteadUse: 16,
      portMethods: [],
      request: api.createImageOlderRequest,
    },
    api.createImageOlder,
  ),
  ims(
    {
      number: 59,
      call: 'PATCH /v2/images/{image_id}',
      title: 'change an image (native, older edition)',
      seed: '004',
      insteadUse: 32,
      portMethods: [],
      request: api.updateNativeImageRequest,
    },
    api.updateNativeImageOlder,
  ),
];
