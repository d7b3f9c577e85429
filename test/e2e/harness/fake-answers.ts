// Plausible answers of an engine to everything that screens ask, from the made-up data.
import type { Handlers, TaskDetail } from '@imagebridge/desktop-contract';
import { cloudOf, someHistory, someImages } from './fake-clouds.ts';
import { GIB, HOSTILE, MIB, NOW, someFinding, someTimeline, taskIn } from './fake-data.ts';
import { type FakeEngine, Refusal } from './fake-engine.ts';
import { wrongPassword } from './fake-problems.ts';

/** Answers of the methods that screens call by themselves; commands are answered with "done". */
export function fakeAnswers(engine: FakeEngine): Partial<Handlers> {
  const images = someImages(60);
  const history = someHistory(120);
  const done = () => null;

  return {
    'app.hello': () => engine.hello,
    'app.setSettings': ({ limitBytesPerSecond, defaultCloud, ...change }) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const settings = { ...engine.hello.settings, ...given };
      if (limitBytesPerSecond !== undefined && limitBytesPerSecond !== null)
        Object.assign(settings, { limitBytesPerSecond });
      if (defaultCloud !== undefined && defaultCloud !== null) Object.assign(settings, { defaultCloud });
      engine.hello = { ...engine.hello, settings };
      engine.emit({ type: 'settings', settings });
      return settings;
    },
    'app.diagnostics': () => ({ fileName: 'imagebridge-diagnostics.txt', text: 'ImageBridge 0.1.0\n' }),

    'files.roots': () => ({ roots: [{ name: 'images', path: '/srv/images', kind: 'folder' }] }),
    'files.list': ({ path }) => ({
      path,
      ...(path === '/srv/images' ? {} : { parent: '/srv/images' }),
      entries: [
        { name: 'archive', path: `${path}/archive`, kind: 'folder', modifiedAt: NOW },
        ...['debian-13.qcow2', 'ubuntu-24.04.iso', 'windows-2022.vhd', HOSTILE.html, HOSTILE.long].map(
          (name, at) => ({
            name,
            path: `${path}/${name}`,
            kind: 'file' as const,
            sizeBytes: (at + 1) * 700 * MIB,
            modifiedAt: NOW - at * 86_400_000,
          }),
        ),
      ],
      truncated: false,
    }),

    'tasks.add': ({ paths }) => ({ added: paths.map((_, at) => `added-${at}`), refused: [] }),
    'tasks.suggest': ({ id, cloud, region }) => {
      const task = engine.hello.tasks.find((one) => one.id === id);
      return {
        cloud,
        ...(region === undefined ? {} : { region }),
        name: task?.imageName ?? 'ubuntu-24.04-server',
        diskFormat: 'qcow2',
        osVersion: 'Ubuntu 24.04 server 64bit',
        architecture: 'x86_64',
        bootMode: 'uefi',
        minDiskGiB: 40,
      };
    },
    'tasks.check': ({ form }) => ({
      verdict: 'ok',
      findings: [someFinding],
      ...(form.diskFormat === undefined ? {} : { diskFormat: form.diskFormat }),
      minDiskGiB: 40,
      route: {
        route: 'staged',
        method: 'multipart',
        reason:
          'The file goes to bucket images of prod-beijing in parts, which resume, and the cloud fetches it from there.',
        resumable: true,
      },
    }),
    'tasks.start': () => ({ refused: [] }),
    'tasks.pause': done,
    'tasks.resume': done,
    'tasks.cancel': done,
    'tasks.retry': done,
    'tasks.remove': done,
    'tasks.move': done,
    'tasks.pauseAll': done,
    'tasks.resumeAll': done,
    'tasks.locate': done,
    'tasks.acceptFile': done,
    'tasks.detail': ({ id }) => detailOf(engine, id),

    'profiles.detail': ({ name }) => {
      const profile = engine.hello.profiles.find((one) => one.name === name);
      if (profile === undefined)
        throw new Refusal({ kind: 'not-found', message: `there is no profile ${name}` });
      return {
        profile,
        fields: { region: profile.region ?? '', domain: 'acme', user: 'ada' },
        secrets: [{ field: 'password', kind: 'file', place: '/home/ada/.config/imagebridge/secrets.json' }],
      };
    },
    'profiles.test': () => ({
      ok: false,
      steps: [
        { step: 'settings', outcome: 'works' },
        { step: 'reach', outcome: 'works', detail: 'https://iam.cn-north-4.myhuaweicloud.com' },
        {
          step: 'sign-in',
          outcome: 'failed',
          problem: wrongPassword,
        },
        { step: 'project', outcome: 'not-tried' },
        { step: 'list-images', outcome: 'not-tried' },
        { step: 'upload', outcome: 'not-tried' },
      ],
    }),
    'profiles.secretStore': () => ({
      kind: 'file',
      place: '/home/ada/.config/imagebridge/secrets.json',
      reason: 'no keychain can be used here',
    }),
    'profiles.save': () => ({ kept: [] }),
    'profiles.remove': () => ({ notes: [] }),
    'localCloud.start': () => ({ profiles: ['local'] }),
    'localCloud.stop': done,

    'clouds.describe': ({ cloud, region }) => ({
      ...cloudOf(cloud),
      ...(region === undefined ? {} : { region }),
    }),
    'clouds.osVersions': () => [
      { platform: 'Ubuntu', osVersion: 'Ubuntu 24.04 server 64bit', osType: 'Linux', architecture: 'x86_64' },
      {
        platform: 'Debian',
        osVersion: 'Debian GNU/Linux 13.0.0 64bit',
        osType: 'Linux',
        architecture: 'x86_64',
      },
      {
        platform: 'Windows',
        osVersion: 'Windows Server 2022 Standard 64bit',
        osType: 'Windows',
        architecture: 'x86_64',
      },
    ],
    'clouds.quotas': () => [{ resource: 'image', used: 12, limit: 50 }],

    'images.list': ({ cursor }) => ({ images: cursor === undefined ? images : [] }),
    'images.detail': ({ imageId }) => {
      const image = images.find(({ id }) => id === imageId) ?? images[0];
      if (image === undefined) throw new Refusal({ kind: 'not-found', message: 'There is no such image.' });
      return {
        image,
        properties: {
          hw_firmware_type: 'uefi',
          build: '4711',
          stage: 'golden',
          hostile: HOSTILE.html,
          container_format: 'bare',
          imagebridge_sha256: 'a3f1'.repeat(16),
        },
        fixedProperties: ['container_format', 'imagebridge_sha256'],
        shares: [
          { projectId: '8d1f2c3b4a5968778695a4b3c2d1e0f9', status: 'accepted', createdAt: NOW - 86_400_000 },
          { projectId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', status: 'pending', createdAt: NOW },
        ],
      };
    },
    'activities.cancel': done,
    'activities.dismiss': done,

    'history.list': ({ offset, limit, filter }) => {
      const found = history.filter(
        (one) =>
          (filter.outcome === undefined || one.outcome === filter.outcome) &&
          (filter.text === undefined || one.fileName.includes(filter.text)),
      );
      return { entries: found.slice(offset, offset + limit), total: found.length };
    },
    'history.export': ({ format }) => ({
      fileName: `history.${format}`,
      text: format === 'csv' ? 'a,b\n' : '[]\n',
    }),
    'history.clear': done,
  };
}

function detailOf(engine: FakeEngine, id: string): TaskDetail {
  const task = engine.hello.tasks.find((one) => one.id === id) ?? taskIn('uploading', { id });
  const parts = task.progress?.partsTotal ?? 0;
  const confirmed = task.progress?.partsDone ?? 0;
  const sending = task.state === 'uploading' ? Math.min(6, parts - confirmed) : 0;
  return {
    task,
    inspection: {
      format: 'qcow2',
      fileSizeBytes: task.sizeBytes,
      virtualSizeBytes: 40 * GIB,
      boot: 'bios+uefi',
      encrypted: false,
      variant: 'v3',
      partitionTable: 'gpt',
      architecture: 'x86_64',
      osType: 'Linux',
      osHint: 'Ubuntu 24.04',
      findings: [someFinding],
    },
    ...(task.cloud === undefined
      ? {}
      : {
          form: {
            cloud: task.cloud,
            name: task.imageName ?? 'image',
            osVersion: 'Ubuntu 24.04 server 64bit',
            bootMode: 'uefi',
            architecture: 'x86_64',
            minDiskGiB: 40,
            ...(task.region === undefined ? {} : { region: task.region }),
          },
        }),
    timeline: someTimeline,
    partStates: `${'3'.repeat(confirmed)}${'2'.repeat(sending)}${'0'.repeat(Math.max(0, parts - confirmed - sending))}`,
    uploadId: 'u-01hx8',
    sha256: 'a3f1'.repeat(16),
    sentBytes: 1.6 * GIB,
    partsSkipped: 3,
    parallelParts: sending,
  };
}
