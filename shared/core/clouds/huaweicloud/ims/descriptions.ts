// Wire client: what the service says of itself, schemas and versions (operations 39 to 42, 48, 49).
import { z } from 'zod';
import type { CallOptions } from '../../../model/index.ts';
import { encodeRfc3986 } from '../../encode.ts';
import { checked } from './fields.ts';
import { schemaSchema, versionsSchema } from './schemas.ts';
import type { ImsTransport } from './transport.ts';

/** Request of operations that take nothing. */
export const nothing = z.strictObject({});

/** A JSON schema of a record of the service, as it comes. */
export type WireSchema = z.infer<typeof schemaSchema>;
/** Versions of the API, as they come. */
export type WireVersions = z.infer<typeof versionsSchema>;

const readSchema = (ims: ImsTransport, what: string, options: CallOptions | undefined) =>
  ims.call(
    { method: 'GET', path: `/v2/schemas/${what}`, operation: `read the schema ${what}` },
    schemaSchema,
    options,
  );

/** Operation 39, `GET /v2/schemas/image`: the schema of an image (seed 001 §6.2.1). */
export async function showImageSchema(ims: ImsTransport, options?: CallOptions): Promise<WireSchema> {
  return readSchema(ims, 'image', options);
}

/** Operation 40, `GET /v2/schemas/images`: the schema of a list of images (seed 001 §6.2.2). */
export async function showImagesSchema(ims: ImsTransport, options?: CallOptions): Promise<WireSchema> {
  return readSchema(ims, 'images', options);
}

/** Operation 41, `GET /v2/schemas/member`: the schema of a member (seed 001 §6.2.3). */
export async function showMemberSchema(ims: ImsTransport, options?: CallOptions): Promise<WireSchema> {
  return readSchema(ims, 'member', options);
}

/** Operation 42, `GET /v2/schemas/members`: the schema of a list of members (seed 001 §6.2.4). */
export async function showMembersSchema(ims: ImsTransport, options?: CallOptions): Promise<WireSchema> {
  return readSchema(ims, 'members', options);
}

/** Operation 48, `GET /`: the versions of the API. Its success has status 300. */
export async function listVersions(ims: ImsTransport, options?: CallOptions): Promise<WireVersions> {
  const call = {
    method: 'GET',
    path: '/',
    alsoSuccess: 300,
    operation: 'list the versions of the API',
  } as const;
  return ims.call(call, versionsSchema, options);
}

/** Request of operation 49 (seed 001 §6.4.2). */
export const showVersionRequest = z.strictObject({
  /** E.g. `v2` or `v2.0`. */
  api_version: z.string().regex(/^v\d+(\.\d+)?$/, 'must be a version such as v2.0'),
});
/** Request of operation 49. */
export type ShowVersionRequest = z.input<typeof showVersionRequest>;

/** Operation 49, `GET /{api_version}`: one version of the API. Its success has status 300. */
export async function showVersion(
  ims: ImsTransport,
  request: ShowVersionRequest,
  options?: CallOptions,
): Promise<WireVersions> {
  const operation = `read the version ${request.api_version} of the API`;
  const { api_version } = checked(ims, showVersionRequest, request, operation);
  const path = `/${encodeRfc3986(api_version)}`;
  return ims.call({ method: 'GET', path, alsoSuccess: 300, operation }, versionsSchema, options);
}
