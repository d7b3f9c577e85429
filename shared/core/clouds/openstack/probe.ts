// Tries harmlessly what documents cannot tell of an OpenStack cloud.
import { type CallOptions, ImageBridgeError, type Probe, type ProbeFinding } from '../../model/index.ts';
import * as api from './glance/api.ts';
import { importMethods, uploadStream } from './imports.ts';
import type { Session } from './session.ts';

/** A raw disk of one sector with a boot signature, which every format check takes for one. */
function tinyDisk(): Uint8Array {
  const sector = new Uint8Array(512);
  sector[510] = 0x55;
  sector[511] = 0xaa;
  return sector;
}

/** See `ImageCloud.probe`. */
export async function probe(session: Session, options: CallOptions = {}): Promise<Probe> {
  const findings: ProbeFinding[] = [];
  const attempt = async (subject: string, work: () => Promise<string>): Promise<boolean> => {
    try {
      findings.push({ subject, outcome: 'works', detail: await work() });
      return true;
    } catch (error) {
      if (!(error instanceof ImageBridgeError) || error.kind === 'cancelled') throw error;
      const refused = ['permission', 'unsupported', 'not-found', 'quota'].includes(error.kind);
      findings.push({ subject, outcome: refused ? 'refused' : 'failed', detail: error.message });
      return false;
    }
  };
  const signedIn = await attempt('sign-in', async () => {
    const token = await session.identity.token(options);
    const minutes = Math.round((token.expiresAtMs - session.clock.now()) / 60_000);
    return `The project is ${token.projectId ?? 'none'}; the token is good for ${minutes} minutes.`;
  });
  if (!signedIn) return { findings, settings: {} };
  await attempt('image service', async () => {
    const versions = await api.listVersions(session.glance, options);
    return `It offers ${versions.map(({ id }) => id).join(', ')}.`;
  });
  let hasImport = false;
  await attempt('import', async () => {
    const methods = await importMethods(session, options);
    hasImport = methods.length > 0;
    return hasImport
      ? `It imports by ${methods.join(', ')}.`
      : 'It has no import: files are uploaded directly.';
  });
  await attempt(
    'stores',
    async () => `Stores: ${(await api.listStores(session.glance, options)).join(', ')}.`,
  );
  await attempt('quotas', async () => {
    const usage = Object.entries(await api.getUsage(session.glance, options));
    return usage.length === 0
      ? 'It sets none.'
      : `${usage.map(([name, { usage: used, limit }]) => `${name} ${used} of ${limit}`).join(', ')}.`;
  });
  await attempt('upload', async () => {
    let id: string | undefined;
    try {
      const disk = tinyDisk();
      const image = { name: 'imagebridge-probe', visibility: 'private', diskFormat: 'raw' } as const;
      const bytes = {
        sizeBytes: disk.length,
        open: () => once(disk),
        onRecord: (made: string) => {
          id = made;
        },
      };
      await uploadStream(session, { ...image, ...bytes }, options);
      return 'A private image of 512 bytes was uploaded and deleted.';
    } finally {
      if (id !== undefined) await api.deleteImage(session.glance, id);
    }
  });
  return {
    findings,
    settings: hasImport || session.profile.dialect === 'easystack' ? {} : { dialect: 'easystack' },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
