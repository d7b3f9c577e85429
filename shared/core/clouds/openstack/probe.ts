// Tries harmlessly what documents cannot tell of an OpenStack cloud.
import { type CallOptions, ImageBridgeError, type Probe, type ProbeFinding } from '../../model/index.ts';
import * as api from './glance/api.ts';
import { askImportMethods, uploadStream } from './imports.ts';
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
  let methods: readonly string[] | undefined;
  await attempt('import', async () => {
    methods = await askImportMethods(session, options);
    return methods.length > 0
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
  let multihash: boolean | undefined;
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
      const { os_hash_value: hash } =
        id === undefined ? {} : await api.showImage(session.glance, id, options);
      multihash = typeof hash === 'string' && hash !== '';
      return `A private image of 512 bytes was uploaded and deleted; the service ${multihash ? 'keeps a strong hash' : 'keeps no hash but MD5'}.`;
    } finally {
      // Also when the probe was stopped: nothing of it is to stay.
      if (id !== undefined) await api.deleteImage(session.glance, id);
    }
  });
  return { findings, settings: settingsOf(session, methods, multihash) };
}

/** Only what was seen is recorded: a call that failed says nothing of the service's age. */
function settingsOf(
  session: Session,
  methods: readonly string[] | undefined,
  multihash: boolean | undefined,
): Probe['settings'] {
  if (methods === undefined) return {};
  const { dialect } = session.profile;
  if (dialect === 'easystack' && methods.length > 0) return { dialect: 'upstream' };
  if (dialect === 'upstream' && methods.length === 0 && multihash === false) return { dialect: 'easystack' };
  return {};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
