// The operations of the family, for the table of all operations (seed 003, operations 53 to 58).
import { z } from 'zod';
import { defineOperation, type Operation } from '../operation.ts';
import * as api from './glance/api.ts';
import { createRequest, listRequest, patchOperation } from './glance/schemas.ts';
import { createToken } from './keystone.ts';
import type { Session } from './session.ts';

const family = 'openstack';
const imageId = z.string().min(1);

/** Every operation of the family. */
export const OPENSTACK_OPERATIONS: readonly Operation<Session>[] = [
  defineOperation({
    number: 53,
    family,
    call: 'POST /v3/auth/tokens',
    title: 'get a token for the project of the profile',
    seed: '003 §4.2',
    portMethods: ['projectId'],
    request: z.strictObject({}),
    async run(session: Session, _request, options) {
      const token = await createToken(session.identity.keystone, options);
      return { data: token.body, headers: { 'x-subject-token': token.value } };
    },
  }),
  defineOperation({
    number: 54,
    family,
    call: 'GET /v2/images',
    title: 'list images',
    seed: '003 §4.3',
    portMethods: ['listImages'],
    request: listRequest,
    async run(session: Session, request, options) {
      return { data: (await api.listImages(session.glance, api.listQuery(request), options)).data };
    },
  }),
  defineOperation({
    number: 55,
    family,
    call: 'POST /v2/images',
    title: 'create the record of an image',
    seed: '003 §4.3',
    portMethods: ['uploadStream', 'createFromUrl'],
    request: createRequest,
    async run(session: Session, request, options) {
      return { data: (await api.createImage(session.glance, request, options)).image };
    },
  }),
  defineOperation({
    number: 56,
    family,
    call: 'PATCH /v2/images/{image_id}',
    title: 'change an image',
    seed: '003 §4.3',
    portMethods: ['updateImage'],
    request: z.strictObject({ image_id: imageId, changes: z.array(patchOperation).min(1) }),
    async run(session: Session, { image_id, changes }, options) {
      return { data: await api.patchImage(session.glance, image_id, changes, options) };
    },
  }),
  defineOperation({
    number: 57,
    family,
    call: 'GET /v2/images/{image_id}/file',
    title: 'download the data of an image',
    seed: '003 §4.3',
    bytes: 'reply',
    portMethods: ['downloadImage'],
    request: z.strictObject({ image_id: imageId }),
    async run(session: Session, { image_id }, options) {
      return { bytes: (await api.getFile(session.glance, image_id, 0, options)).body };
    },
  }),
  defineOperation({
    number: 58,
    family,
    call: 'DELETE /v2/images/{image_id}',
    title: 'delete an image',
    seed: '003 §4.3',
    portMethods: ['deleteImage'],
    request: z.strictObject({ image_id: imageId }),
    async run(session: Session, { image_id }, options) {
      await api.deleteImage(session.glance, image_id, options);
      return {};
    },
  }),
];
