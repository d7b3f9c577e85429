// Finds out by harmless tries what documents cannot tell of an account.
import { createHash, randomUUID } from 'node:crypto';
import {
  type CallOptions,
  CancelledError,
  ImageBridgeError,
  type Probe,
  type ProbeFinding,
  UnavailableError,
} from '../../model/index.ts';
import * as store from '../object-store/api.ts';
import { ObsTarget } from '../object-store/target.ts';
import { toOsVersions } from './convert.ts';
import * as api from './ims/api.ts';
import type { Session } from './session.ts';
import { configuredBucket } from './staging.ts';

const PROBE_BYTES = 1024;

/**
 * Tries the sign-in, the quota, the catalogue, and a tiny upload in parts into the staging bucket, which is removed. Makes no
 * bucket.
 * @throws CancelledError, and nothing else
 */
export async function probe(session: Session, options?: CallOptions): Promise<Probe> {
  const { profile } = session;
  const findings: ProbeFinding[] = [];
  const settings: Probe['settings'] = {};
  const attempt = async (subject: string, work: () => Promise<string>): Promise<boolean> => {
    const finding = await findOut(subject, work);
    findings.push(finding);
    return finding.outcome === 'works';
  };
  const skip = (subject: string, detail: string) => findings.push({ subject, outcome: 'not-tried', detail });

  const byToken = profile.user !== undefined && profile.password !== undefined;
  const signedIn = await attempt('sign-in', async () => {
    const id = await session.projectId(options);
    // The profile's project_id belongs to its own region.
    if (session.region === profile.region) settings.project_id = id;
    const way = byToken ? 'a token of the user' : 'signatures with the access key';
    return `Requests are sent with ${way}; the project ${session.project} has the id ${id}.`;
  });
  if (signedIn) {
    await attempt('image quota', async () => {
      const { quotas } = await api.getQuota(session.ims, options);
      const all = quotas.resources.map(({ type, used, quota }) => `${used} of ${quota} (${type})`);
      return `The project uses ${all.join(', ')}.`;
    });
    await attempt('catalogue of operating systems', async () => {
      const versions = toOsVersions(await api.listOsVersions(session.ims, {}, options));
      return `The region knows ${versions.length} operating systems.`;
    });
  } else {
    skip('image quota', 'Nothing can be asked for without the sign-in.');
    skip('catalogue of operating systems', 'Nothing can be asked for without the sign-in.');
  }

  const upload = 'multipart upload to the object store';
  const bucket = configuredBucket(session);
  if (profile.accessKey === undefined || profile.secretKey === undefined) {
    skip(upload, 'The profile has no access_key and secret_key, which the object store needs.');
  } else if (bucket === undefined) {
    skip(upload, 'The profile names no staging_bucket, and none is made for a probe.');
  } else {
    await attempt(upload, () => tryUpload(session, bucket, options));
  }
  return { findings, settings };
}

async function tryUpload(session: Session, bucket: string, options?: CallOptions): Promise<string> {
  if (!(await store.headBucket(session.obs, bucket, options))) {
    return missing(`there is no bucket ${bucket}, and none is made for a probe`);
  }
  const { profile, region } = session;
  const key = `imagebridge-probe/${randomUUID()}`;
  const target = new ObsTarget(session.obs, { cloud: profile.name, region, bucket, key });
  const uploadId = await target.initiate(options);
  try {
    const bytes = new Uint8Array(PROBE_BYTES).fill(0x5a);
    const md5 = createHash('md5').update(bytes).digest();
    const body = async function* () {
      yield bytes;
    };
    const part = { uploadId, partNumber: 1, sizeBytes: bytes.byteLength, md5, body };
    const { etag } = await target.uploadPart(part, options);
    const known = [];
    for await (const remote of target.listParts(uploadId, options)) known.push(remote);
    if (etag !== md5.toString('hex')) return missing('the ETag of a part is not the MD5 of its bytes');
    if (known.length !== 1) return missing(`the store lists ${known.length} parts where 1 was sent`);
    return `A part of ${PROBE_BYTES} bytes reached the bucket ${bucket}, was listed, and was removed.`;
  } finally {
    // Parts that are not removed cost money for ever: also when the probe is stopped.
    await target.abort(uploadId);
  }
}

/** A failure that no service told. */
function missing(reason: string): never {
  throw new UnavailableError({ operation: 'upload in parts', reason });
}

async function findOut(subject: string, work: () => Promise<string>): Promise<ProbeFinding> {
  try {
    return { subject, outcome: 'works', detail: await work() };
  } catch (error) {
    if (!(error instanceof ImageBridgeError) || error instanceof CancelledError) throw error;
    const refused = error.kind === 'permission' || error.kind === 'authentication';
    return { subject, outcome: refused ? 'refused' : 'failed', detail: error.message };
  }
}
