// How profiles of the ucloudstack family are read. Pure.
import { z } from 'zod';
import { Secret } from '../../model/index.ts';
import {
  choice,
  connectionFields,
  connectionOf,
  type FamilyReader,
  httpUrl,
  optional,
  optionalUrl,
  readWith,
  secret,
  text,
} from './fields.ts';

// Ids of tenants are whole numbers; the environment can give only their digits.
const companyId = z
  .custom<number | string>((value) => Number.isSafeInteger(digits(value)) && digits(value) > 0, {
    error: 'must be a whole number above 0',
  })
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : digits(value)));

const digits = (value: unknown): number =>
  typeof value === 'string' && /^\d{1,15}$/.test(value)
    ? Number(value)
    : typeof value === 'number'
      ? value
      : 0;

const partTransport = z.strictObject({
  kind: z.literal('s3', { error: 'must be s3' }),
  endpoint: httpUrl,
  key_template: optional,
  signer: choice(['sigv4', 'obs', 'none']),
  access_key: optional,
  secret_key: secret,
  signing_region: optional,
});

const region = z.strictObject({ download_url: optionalUrl, part_endpoint: optionalUrl });

const schema = z.strictObject({
  family: z.literal('ucloudstack'),
  region: text,
  ...connectionFields,
  endpoint: httpUrl,
  public_key: text,
  private_key: text,
  security_token: secret,
  company_id: companyId,
  project_id: optional,
  request_form: choice(['form', 'json', 'get']),
  return_codes: choice(['v1', 'v2']),
  limits: choice(['documented', 'extended']),
  download_url: optionalUrl,
  part_transport: partTransport.nullish(),
  regions: z.record(z.string(), region).nullish(),
});

const TOP = Object.keys(schema.shape);
const TRANSPORT = Object.keys(partTransport.shape);
const REGION = Object.keys(region.shape);

/** Reads profiles of this family. */
export const ucloudstack: FamilyReader = {
  secretFields: ['private_key', 'security_token', 'part_transport.secret_key', 'proxy'],
  knownFields: ([first]) => (first === 'part_transport' ? TRANSPORT : first === 'regions' ? REGION : TOP),
  read: (name, values) =>
    readWith(schema, values, (data) => {
      const transport = data.part_transport ?? undefined;
      if (transport?.access_key !== undefined && transport.secret_key === undefined) {
        return { missing: 'part_transport.secret_key (part_transport.access_key is given)' };
      }
      if (transport?.secret_key !== undefined && transport.access_key === undefined) {
        return { missing: 'part_transport.access_key (part_transport.secret_key is given)' };
      }
      return {
        profile: {
          name,
          family: 'ucloudstack',
          region: data.region,
          ...connectionOf(data),
          endpoint: data.endpoint,
          publicKey: data.public_key,
          privateKey: new Secret(data.private_key),
          securityToken: data.security_token,
          companyId: data.company_id,
          projectId: data.project_id,
          requestForm: data.request_form,
          returnCodes: data.return_codes,
          limits: data.limits,
          downloadUrl: data.download_url,
          partTransport: transport && {
            kind: transport.kind,
            endpoint: transport.endpoint,
            keyTemplate: transport.key_template,
            signer: transport.signer,
            accessKey: transport.access_key,
            secretKey: transport.secret_key,
            signingRegion: transport.signing_region,
          },
          regions: Object.fromEntries(
            Object.entries(data.regions ?? {}).map(([name, settings]) => [
              name,
              { downloadUrl: settings.download_url, partEndpoint: settings.part_endpoint },
            ]),
          ),
        },
      };
    }),
};
