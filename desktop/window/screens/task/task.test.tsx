// @vitest-environment happy-dom
import type {
  CloudView,
  ProfileView,
  TaskDetail,
  TaskForm,
  TaskVerdict,
} from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderWith, someTask } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { AddProvider } from '../add/index.tsx';
import { QueueScreen } from '../queue/index.tsx';
import { cleaned, merged } from './drafts.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

const profile = (name: string): ProfileView => ({
  name,
  family: 'openstack',
  source: 'file',
  place: '/profiles.toml',
  isDefault: name === 'east',
  editable: true,
  isLocal: false,
});

const cloud = (name: string, abilities: CloudView['abilities'] = {}): CloudView => ({
  name,
  family: 'openstack',
  region: 'r1',
  regions: ['r1', 'r2'],
  abilities: {
    osCatalogue: 'This cloud has no list of systems.',
    updateTags: true,
    protect: true,
    uploadStream: true,
    stagedUpload: true,
    ...abilities,
  },
  imageName: { pattern: '.', flags: '', rule: '1 to 50 letters' },
  description: { maxLength: 100, rule: 'up to 100 letters' },
  importFormats: ['qcow2', 'raw'],
  isoNeedsOsVersion: false,
  maxImportSizeBytes: 1e12,
  minDiskGiB: { min: 1, max: 1024 },
});

const detail = (over: Partial<TaskDetail> = {}): TaskDetail => ({
  task: someTask(),
  timeline: [],
  partStates: '',
  ...over,
});

let nextId = 1;

/** A window with the details of one task open. Each task has an id of its own: forms are kept by it. */
async function openTask(
  over: Parameters<typeof someTask>[0],
  {
    verdict,
    suggest,
    answers = {},
    details,
    language,
    abilities,
  }: {
    verdict?: (form: TaskForm) => TaskVerdict;
    suggest?: (cloud: string, region: string | undefined) => TaskForm;
    answers?: NonNullable<Parameters<typeof renderWith>[1]>['answers'];
    details?: Partial<TaskDetail>;
    language?: 'zh-CN';
    abilities?: CloudView['abilities'];
  } = {},
) {
  const task = someTask({ id: `task-${nextId++}`, ...over });
  window.location.hash = `#/queue?task=${task.id}`;
  const engine = await renderWith(
    <AddProvider>
      <QueueScreen />
    </AddProvider>,
    {
      ...(language === undefined ? {} : { language }),
      hello: { profiles: [profile('east'), profile('west')], tasks: [task] },
      answers: {
        'tasks.detail': () => detail({ task, ...details }),
        'clouds.describe': (place) => cloud(place.cloud, abilities),
        'tasks.suggest': ({ cloud: to, region }) =>
          suggest?.(to, region) ?? {
            cloud: to,
            ...(region === undefined ? {} : { region }),
            name: `from-${to}`,
            diskFormat: 'qcow2',
            architecture: 'x86_64',
            minDiskGiB: 20,
          },
        'tasks.check': ({ form }) => verdict?.(form) ?? { verdict: 'ok', findings: [] },
        'tasks.start': () => ({ refused: [] }),
        ...answers,
      },
    },
  );
  return { ...engine, task, drawer: await screen.findByRole('dialog') };
}

const startButton = () => screen.getByRole('button', { name: 'Start upload' });
const isDisabled = (element: HTMLElement) => element.hasAttribute('disabled');

beforeEach(() => {
  fakeLayout({ heightPx: 720, rowPx: 72 });
  window.localStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('the form', () => {
  it('is filled in for the default cloud, checked, and sent as it stands', async () => {
    const { last, task } = await openTask({});
    const name = await screen.findByLabelText<HTMLInputElement>('Name of the image');
    expect(name.value).toBe('from-east');
    await screen.findByText('east takes this file');
    await userEvent.clear(name);
    await userEvent.type(name, 'golden{Enter}');
    expect(isDisabled(startButton())).toBe(true);
    await waitFor(() => expect(isDisabled(startButton())).toBe(false));
    await userEvent.type(screen.getByLabelText(/Description/), 'x');
    await userEvent.click(screen.getByRole('switch', { name: 'Protect against deletion' }));
    await waitFor(() => expect(isDisabled(startButton())).toBe(false));
    expect(last('tasks.start')).toBeUndefined();
    await userEvent.click(startButton());
    await waitFor(() => expect(window.location.hash).toBe('#/queue'));
    const form = {
      cloud: 'east',
      name: 'golden',
      diskFormat: 'qcow2',
      architecture: 'x86_64',
      minDiskGiB: 20,
      description: 'x',
      protected: true,
    };
    expect(last('tasks.start')).toEqual({ tasks: [{ id: task.id, form }] });
    expect(last('tasks.check')).toEqual({ id: task.id, form });
  });

  it('keeps what was typed when another cloud or region is chosen, and asks for the rest again', async () => {
    const { last, task } = await openTask({});
    const name = await screen.findByLabelText('Name of the image');
    await userEvent.clear(name);
    await userEvent.type(name, 'golden');
    await userEvent.click(screen.getByRole('combobox', { name: 'Cloud' }));
    await userEvent.click(await screen.findByRole('option', { name: /west/ }));
    await waitFor(() => expect(last('tasks.suggest')).toEqual({ id: task.id, cloud: 'west' }));
    // What the other cloud said is not shown as this one's answer.
    await waitFor(() => expect(screen.queryByText(/takes this file/)).toBeNull());
    await screen.findByText('west takes this file');
    expect(last('tasks.check')?.form).toMatchObject({ cloud: 'west', name: 'golden', minDiskGiB: 20 });
    await userEvent.click(screen.getByRole('combobox', { name: 'Region' }));
    await userEvent.click(await screen.findByRole('option', { name: 'r2' }));
    await waitFor(() =>
      expect(last('tasks.check')?.form).toMatchObject({ cloud: 'west', region: 'r2', name: 'golden' }),
    );
  });

  it('does not start what would be refused: it says why, what helps, and offers a legal name', async () => {
    const { last } = await openTask(
      {},
      {
        verdict: ({ name }) =>
          name === 'legal'
            ? { verdict: 'ok', findings: [] }
            : {
                verdict: 'refused',
                legalName: 'legal',
                problem: { kind: 'refused', message: 'The name is too long.', hint: 'Shorten it.' },
                findings: [
                  { severity: 'error', code: 'x', message: 'No boot sector.', remedy: 'Use another disk.' },
                ],
              },
      },
    );
    await screen.findByText('east would refuse this');
    for (const text of ['The name is too long.', 'Shorten it.', 'No boot sector.', 'Use another disk.'])
      screen.getByText(text);
    expect(isDisabled(startButton())).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Use “legal”' }));
    await waitFor(() => expect(isDisabled(startButton())).toBe(false));
    expect(last('tasks.check')?.form.name).toBe('legal');
  });

  it('lets it be started when the cloud cannot be asked, and says so', async () => {
    await openTask(
      {},
      {
        answers: {
          'tasks.check': () => {
            throw new Error('no route to host');
          },
        },
      },
    );
    await screen.findByText('It is not known whether east takes this');
    screen.getByText('no route to host');
    expect(isDisabled(startButton())).toBe(false);
  });

  it('says before the start that one single transfer cannot go on, and offers the way that can', async () => {
    const { last } = await openTask(
      {},
      {
        verdict: ({ route }) => ({
          verdict: 'ok',
          findings: [],
          route:
            route === 'staged'
              ? { route: 'staged', method: 'parts', reason: 'By a bucket.', resumable: true }
              : { route: 'direct', method: 'PUT', reason: 'Glance takes one request.', resumable: false },
        }),
      },
    );
    await screen.findByText('This way cannot go on after a break');
    screen.getByText(/begins again from 0/);
    await userEvent.click(screen.getByRole('button', { name: /by way of a bucket instead/ }));
    await screen.findByText(/goes on where it was after a break/);
    expect(last('tasks.check')?.form.route).toBe('staged');
  });

  it('shows what the engine refuses at the start, and stays open', async () => {
    await openTask(
      {},
      {
        answers: {
          'tasks.start': ({ tasks }) => ({
            refused: [
              { id: tasks[0]?.id ?? '', problem: { kind: 'conflict', message: 'It is there already.' } },
            ],
          }),
        },
      },
    );
    await screen.findByText('east takes this file');
    await userEvent.click(startButton());
    await screen.findByText('The upload was not started');
    screen.getByText('It is there already.');
  });

  it('chooses the system from the catalogue, with what the catalogue says of it', async () => {
    const { last } = await openTask(
      {},
      {
        abilities: { osCatalogue: true },
        answers: {
          'clouds.osVersions': () => [
            { platform: 'Debian', osVersion: 'Debian 13 64bit', osType: 'Linux', architecture: 'x86' },
          ],
        },
      },
    );
    const input = await screen.findByRole('combobox', { name: 'Operating system' });
    await userEvent.type(input, 'deb');
    await userEvent.click(await screen.findByRole('option', { name: 'Debian 13 64bit' }));
    await waitFor(() =>
      expect(last('tasks.check')?.form).toMatchObject({
        osVersion: 'Debian 13 64bit',
        osType: 'Linux',
        architecture: 'x86',
      }),
    );
  });

  it('begins with the cloud that was used last', async () => {
    window.localStorage.setItem('imagebridge.cloud', 'west');
    await openTask({});
    await screen.findByText('west takes this file');
    await userEvent.click(startButton());
    cleanup();
    window.localStorage.setItem('imagebridge.cloud', 'gone');
    await openTask({});
    await screen.findByText('east takes this file');
    await userEvent.click(startButton());
    await waitFor(() => expect(window.localStorage.getItem('imagebridge.cloud')).toBe('east'));
  });

  it('loses nothing when it is closed and opened again', async () => {
    const { task } = await openTask({});
    await userEvent.type(await screen.findByLabelText('Name of the image'), '-mine');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: task.fileName }));
    expect((await screen.findByLabelText<HTMLInputElement>('Name of the image')).value).toBe(
      'from-east-mine',
    );
  });

  it('tells why it cannot be filled in, and where to go', async () => {
    await openTask(
      {},
      {
        answers: {
          'tasks.suggest': () => {
            throw new Error('the password has expired');
          },
        },
      },
    );
    await screen.findByText('the password has expired');
    await userEvent.click(screen.getByRole('button', { name: "Open the cloud's settings" }));
    expect(window.location.hash).toBe('#/profiles?edit=east');
  });
});

describe('the details of an upload', () => {
  const running = {
    state: 'uploading' as const,
    actions: ['pause' as const, 'cancel' as const],
    cloud: 'east',
    imageName: HOSTILE,
    progress: {
      totalBytes: 1000,
      confirmedBytes: 500,
      fraction: 0.5,
      bytesPerSecond: 10,
      partsTotal: 2000,
      partsDone: 1000,
      partSizeBytes: 16 * 1024 ** 2,
      resumable: false,
      bottleneck: 'server' as const,
    },
  };

  it('draws at most a cell for each digit, and says the same in words', async () => {
    const { drawer } = await openTask(running, {
      details: { partStates: '3'.repeat(500) + '2'.repeat(500) },
    });
    await waitFor(() => expect(drawer.querySelectorAll('.parts-map > i')).toHaveLength(1000));
    within(drawer).getByRole('img', { name: '1000 of 2000 parts of 16 MiB are there' });
    within(drawer).getByText('Speed is limited by the cloud');
    within(drawer).getByText(/paused or cut off, it begins again from 0/);
  });

  it('asks again and again while it is open', async () => {
    const { calls } = await openTask(running);
    const asked = () => calls.filter(({ method }) => method === 'tasks.detail').length;
    await waitFor(() => expect(asked()).toBeGreaterThan(1), { timeout: 5000 });
  });

  it('says what is wrong and what can be done, and does it', async () => {
    const { last, drawer, task } = await openTask(
      {
        state: 'attention',
        actions: ['locate', 'retry', 'cancel'],
        problem: { kind: 'local-file', message: 'The file is gone.', code: 'ENOENT', requestId: 'r-1' },
      },
      { answers: { 'tasks.retry': () => null } },
    );
    within(drawer).getByText('The file is gone.');
    within(drawer).getByText(/r-1/);
    within(drawer).getByText(/show where the file is now/);
    await userEvent.click(within(drawer).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(last('tasks.retry')).toEqual({ ids: [task.id] }));
  });

  it.each([
    ['sign-in-page', true],
    ['unavailable', false],
  ])(
    'that waits for the network asks the user for something only where that helps: %s',
    async (kind, asks) => {
      const { drawer } = await openTask({
        ...running,
        state: 'waiting-network',
        actions: ['retry', 'pause', 'cancel', 'move'],
        problem: { kind, message: 'Something else answers.' },
      });
      within(drawer).getByText('Something else answers.');
      expect(within(drawer).queryByText('This upload needs you') !== null).toBe(asks);
      expect(within(drawer).queryByText(/open a browser/) !== null).toBe(asks);
    },
  );

  it('closes when its task is gone', async () => {
    const { emit, task } = await openTask(running);
    emit({ type: 'tasks', upserted: [], removed: [task.id] });
    await waitFor(() => expect(window.location.hash).toBe('#/queue'));
  });

  it('is in Chinese when that is chosen', async () => {
    const { drawer } = await openTask(running, { language: 'zh-CN' });
    within(drawer).getByText('速度受云端速度限制');
  });
});

describe('forms as data', () => {
  it('leaves out what is empty', () => {
    const form: TaskForm = {
      cloud: 'a',
      name: ' n ',
      description: '',
      tags: {},
      protected: undefined,
      minDiskGiB: 0,
    };
    expect(cleaned(form)).toEqual({ cloud: 'a', name: 'n', minDiskGiB: 0 });
  });

  it('keeps only what the user has touched', () => {
    const own: TaskForm = { cloud: 'a', name: 'mine', osVersion: 'A 1', minDiskGiB: 7 };
    const suggested: TaskForm = { cloud: 'b', name: 'theirs', osVersion: 'B 1', minDiskGiB: 9 };
    expect(merged(suggested, own, new Set(['name', 'osVersion']))).toEqual({ ...suggested, name: 'mine' });
  });
});
