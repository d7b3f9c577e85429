// Tries harmlessly what documents cannot tell of a UCloudStack.
import { createHash } from 'node:crypto';
import { type CallOptions, ImageBridgeError, type Probe, type ProbeFinding } from '../../model/index.ts';
import * as api from './api.ts';
import { toOsVersions } from './convert.ts';
import { importRequest } from './images.ts';
import { s3PartTransport } from './part-transport.ts';
import type { Session } from './session.ts';

/** See `ImageCloud.probe`. */
export async function probe(session: Session, options: CallOptions = {}): Promise<Probe> {
  const findings: ProbeFinding[] = [];
  const attempt = async (subject: string, work: () => Promise<string>): Promise<boolean> => {
    try {
      findings.push({ subject, outcome: 'works', detail: await work() });
      return true;
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      const refused = ['permission', 'unsupported', 'quota', 'invalid-input'].includes(error.kind);
      findings.push({ subject, outcome: refused ? 'refused' : 'failed', detail: error.message });
      return false;
    }
  };
  const reached = await attempt('images', async () => {
    const { TotalCount } = await api.describeImage(session, { Limit: 1, Offset: 0 }, options);
    return `There are ${TotalCount ?? 'some'} images in region ${session.region}.`;
  });
  if (!reached) return { findings, settings: {} };
  let [system] = toOsVersions([]);
  await attempt('catalogue of operating systems', async () => {
    const { Infos } = await api.describeImageOsVersions(session, { Limit: 100, Offset: 0 }, options);
    const systems = toOsVersions(Infos);
    system = systems[0];
    return `It names ${systems.length} systems.`;
  });
  if (session.profile.partTransport === undefined) {
    findings.push({
      subject: 'upload in parts',
      outcome: 'not-tried',
      detail: 'The profile has no part_transport; files are imported from URLs.',
    });
    return { findings, settings: {} };
  }
  await attempt('upload in parts', async () => {
    const transport = s3PartTransport(session);
    const request = importRequest(session, {
      name: 'imagebridge-probe',
      diskFormat: 'qcow2',
      sizeBytes: 1,
      osType: system?.osType ?? 'Linux',
      osDistribution: system?.osDistribution ?? 'CentOS',
      osVersion: system?.osVersion ?? '7',
      architecture: system?.architecture ?? 'x86_64',
    });
    const bytes = Buffer.from('probe');
    const opened = await api.importImage(session, { ...request, ImportType: 'Local' }, options);
    const place = {
      imageId: opened.ImageID,
      imageName: request.ImageName,
      uploadId: opened.UploadID ?? '',
      bucket: opened.Bucket ?? 'mirror',
      sizeBytes: bytes.length,
    };
    try {
      const md5 = createHash('md5').update(bytes).digest();
      const body = async function* () {
        yield bytes;
      };
      const part = { uploadId: place.uploadId, partNumber: 1, sizeBytes: bytes.length, md5, body };
      await transport.uploadPart(place, part, options);
      let parts = 0;
      for await (const _ of transport.listParts(place, options)) parts++;
      return `A part of ${bytes.length} bytes was sent, ${parts} was listed, and the upload was ended.`;
    } finally {
      await api.abortImageMultipartUpload(session, { ImageID: place.imageId, UploadID: place.uploadId });
    }
  });
  return { findings, settings: {} };
}
