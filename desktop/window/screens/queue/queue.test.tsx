// @vitest-environment happy-dom

import type { ProfileView, TaskAction, TaskView } from '@imagebridge/desktop-contract';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { visible } from '../../kit/index.ts';
import { navigate } from '../../state/route.ts';
import { emptyHello, renderWith, someTask } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { AddProvider } from '../add/index.tsx';
import { QueueScreen } from './index.tsx';
import { sentFractionOf } from './state-words.tsx';

const HOSTILE = '<img src=x onerror=alert(1)>\u202Egpj.iso';

const profile = (name: string): ProfileView => ({
  name,
  family: 'openstack',
  region: 'r1',
  source: 'file',
  place: '/profiles.toml',
  isDefault: name === 'east',
  editable: true,
  isLocal: false,
});

const done = () => null;
const commands = {
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
};

const running = (over: Partial<TaskView> = {}): TaskView =>
  someTask({
    state: 'uploading',
    cloud: 'east',
    region: 'r1',
    imageName: 'ubuntu',
    startedAt: 1,
    actions: ['pause', 'cancel', 'move'],
    progress: {
      totalBytes: 1000 * 1024,
      confirmedBytes: 250 * 1024,
      fraction: 0.25,
      bytesPerSecond: 1024,
      etaMs: 65_000,
      partsTotal: 4,
      partsDone: 1,
      partSizeBytes: 250 * 1024,
      resumable: true,
      bottleneck: 'throttle',
    },
    ...over,
  });

const numbered = (count: number, over: (i: number) => Partial<TaskView> = () => ({})): TaskView[] =>
  Array.from({ length: count }, (_, i) =>
    running({ id: `t${i}`, order: i, fileName: `disk-${i}.img`, ...over(i) }),
  );

const open = (
  tasks: readonly TaskView[],
  options: Omit<NonNullable<Parameters<typeof renderWith>[1]>, 'hello'> & {
    hello?: NonNullable<Parameters<typeof renderWith>[1]>['hello'];
  } = {},
) =>
  renderWith(
    <AddProvider>
      <QueueScreen />
    </AddProvider>,
    {
      ...options,
      hello: { profiles: [profile('east'), profile('west')], ...options.hello, tasks: [...tasks] },
      answers: { ...commands, ...options.answers },
    },
  );

const rowOf = async (name: string): Promise<HTMLElement> => {
  const found = (await screen.findByRole('button', { name })).closest<HTMLElement>('.task-row');
  if (found === null) throw new Error(`${name} has no row`);
  return found;
};
const paramsOf = (calls: readonly { method: string; params: unknown }[], method: string) =>
  calls.filter((call) => call.method === method).map(({ params }) => params);

beforeEach(() => {
  fakeLayout({ heightPx: 720, rowPx: 72 });
  window.localStorage.clear();
  window.location.hash = '#/queue';
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  Reflect.deleteProperty(window, 'imagebridge');
});

describe('the list of uploads', () => {
  it('draws few of 10,000 rows, and counts, filters and finds all of them', async () => {
    const tasks = numbered(10_000, (i) => (i % 1000 === 0 ? { state: 'attention', actions: ['retry'] } : {}));
    const { container } = await open(tasks);
    await screen.findByText('disk-0.img');
    expect(container.querySelectorAll('.task-row').length).toBeLessThan(40);
    screen.getByText('All 10,000');
    await userEvent.click(screen.getByText('Attention 10'));
    await waitFor(() => expect(container.querySelectorAll('.task-row')).toHaveLength(10));
    await userEvent.type(screen.getByRole('searchbox'), 'DISK-9000');
    await waitFor(() => expect(container.querySelectorAll('.task-row')).toHaveLength(1));
    await userEvent.type(screen.getByRole('searchbox'), 'x');
    await userEvent.click(await screen.findByRole('button', { name: 'Show all' }));
    await screen.findByText('disk-0.img');
  }, 60_000);

  it('says in words what a task does, and follows its events', async () => {
    const { emit } = await open([running()]);
    const row = await rowOf('ubuntu-24.04.qcow2');
    for (const text of ['Uploading', '25%', 'limited by your setting', 'east / r1'])
      expect(row.textContent).toContain(text);
    expect(row.textContent).toContain('1 min 5 s left · 1 KiB/s · 250 KiB of 0.98 MiB');
    expect(within(row).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    emit({
      type: 'tasks',
      upserted: [running({ state: 'paused', actions: ['resume', 'cancel'] })],
      removed: [],
    });
    await within(row).findByText('Paused');
    emit({ type: 'tasks', upserted: [], removed: ['t1'] });
    await waitFor(() => expect(screen.queryByText('ubuntu-24.04.qcow2')).toBeNull());
  });

  it('tells that a pause loses what was sent in one single transfer', async () => {
    const task = running({ state: 'paused' });
    await open([{ ...task, progress: task.progress && { ...task.progress, resumable: false } }]);
    await screen.findByText('Paused; will begin again from 0');
    expect((await rowOf('ubuntu-24.04.qcow2')).textContent).not.toContain('25%');
  });

  it('shows hostile names and texts of services as text', async () => {
    const { baseElement } = await open([
      running({
        fileName: HOSTILE,
        imageName: HOSTILE,
        state: 'attention',
        problem: { kind: 'refused', message: HOSTILE },
        actions: ['retry', 'cancel'],
      }),
    ]);
    // What turns letters around in a name has become a mark.
    expect(await screen.findAllByText(visible(HOSTILE))).toHaveLength(2);
    expect(baseElement.querySelector('img[src="x"]')).toBeNull();
    for (const text of [HOSTILE, visible(HOSTILE)])
      for (const element of screen.getAllByText(text)) expect(element.closest('.foreign')).not.toBeNull();
  });

  it('is in Chinese when that is chosen', async () => {
    await open([running()], { language: 'zh-CN' });
    const row = await rowOf('ubuntu-24.04.qcow2');
    expect(row.textContent).toContain('正在上传');
    expect(row.textContent).toContain('剩余 1 分钟 5 秒');
  });
});

describe('actions', () => {
  it('pauses by its button, and cancels what has begun only after a question', async () => {
    const { calls, last } = await open([running()]);
    const row = await rowOf('ubuntu-24.04.qcow2');
    await userEvent.click(within(row).getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(last('tasks.pause')).toEqual({ ids: ['t1'] }));
    await userEvent.click(within(row).getByRole('button', { name: 'Cancel upload' }));
    const question = await screen.findByRole('alertdialog');
    expect(question.textContent).toContain('what has been sent (250 KiB)');
    expect(paramsOf(calls, 'tasks.cancel')).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Cancel upload' }));
    await waitFor(() => expect(last('tasks.cancel')).toEqual({ ids: ['t1'] }));
  });

  it('asks before a pause that loses what was sent, and not before another', async () => {
    const task = running({ id: 'once', fileName: 'once.img', order: 2 });
    const once = { ...task, progress: task.progress && { ...task.progress, resumable: false } };
    const { calls, last } = await open([running(), once]);
    const paused = () => paramsOf(calls, 'tasks.pause');
    await userEvent.click(within(await rowOf('ubuntu-24.04.qcow2')).getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(paused()).toEqual([{ ids: ['t1'] }]));
    await userEvent.click(within(await rowOf('once.img')).getByRole('button', { name: 'Pause' }));
    expect((await screen.findByRole('alertdialog')).textContent).toContain('(250 KiB) would be sent again');
    expect(paused()).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Pause all the same' }));
    await waitFor(() => expect(last('tasks.pause')).toEqual({ ids: ['once'] }));
    await userEvent.click(screen.getByRole('button', { name: 'Pause all' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Pause all the same' }));
    await waitFor(() => expect(last('tasks.pauseAll')).toEqual({}));
  });

  it('tells why an action failed, to be copied', async () => {
    await open([running()], {
      answers: {
        'tasks.pause': () => {
          throw new Error('the disk is full');
        },
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    expect((await screen.findByRole('alert')).textContent).toContain('the disk is full');
    screen.getByRole('button', { name: 'Copy error details' });
  });

  it('has a menu with everything that can be done, made when it is asked for', async () => {
    const { last } = await open(numbered(3));
    const row = await rowOf('disk-2.img');
    await userEvent.click(within(row).getByRole('button', { name: 'More' }));
    await screen.findByRole('menuitem', { name: 'Cancel upload' });
    await userEvent.click(screen.getByRole('menuitem', { name: 'Move to the top' }));
    await waitFor(() => expect(last('tasks.move')).toEqual({ id: 't2', before: 't0' }));
  });

  it('goes where an action leads: to the cloud, to the image', async () => {
    const failed = { kind: 'authentication', message: 'expired', cloud: 'east' };
    const { emit } = await open([running({ state: 'attention', actions: ['sign-in'], problem: failed })]);
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in again' }));
    expect(window.location.hash).toBe('#/profiles?edit=east');
    emit({
      type: 'tasks',
      upserted: [running({ state: 'done', imageId: 'i9', actions: ['open-image', 'remove'] })],
      removed: [],
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Open the image' }));
    expect(window.location.hash).toBe('#/images?cloud=east&region=r1&image=i9');
  });

  it('asks where a file has moved to, and before a changed file is sent from the start', async () => {
    Object.defineProperty(window, 'imagebridge', {
      value: { pickFiles: async () => ['/new/place.img'] },
      configurable: true,
    });
    const { last } = await open([
      running({ id: 'a', fileName: 'moved.img', state: 'attention', actions: ['locate', 'retry'] }),
      running({ id: 'b', fileName: 'changed.img', order: 2, state: 'attention', actions: ['accept-file'] }),
    ]);
    await userEvent.click(await screen.findByRole('button', { name: 'Locate the file…' }));
    await waitFor(() => expect(last('tasks.locate')).toEqual({ id: 'a', path: '/new/place.img' }));
    await userEvent.click(screen.getByRole('button', { name: 'Send the changed file…' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Send from the start' }));
    await waitFor(() => expect(last('tasks.acceptFile')).toEqual({ id: 'b' }));
  });

  it('goes to what is opened from elsewhere, however far below it is', async () => {
    const tasks = Array.from({ length: 100 }, (_, n) =>
      running({ id: `t${n}`, fileName: `disk-${n}.img`, order: n }),
    );
    await open(tasks, { answers: { 'tasks.detail': () => new Promise<never>(() => {}) } });
    expect(screen.queryByRole('button', { name: 'disk-90.img' })).toBeNull();
    act(() => navigate('queue', { task: 't90' }));
    await waitFor(() => expect(document.querySelector('[data-roving="t90"]')).not.toBeNull());
  });

  it('pauses and resumes everything, and changes limits while uploads run', async () => {
    const { last, emit } = await open([running()], {
      answers: { 'app.setSettings': ({ parallel = 2 }) => ({ ...emptyHello.settings, parallel }) },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause all' }));
    await waitFor(() => expect(last('tasks.pauseAll')).toEqual({}));
    emit({ type: 'totals', totals: { ...totals, paused: true } });
    await userEvent.click(await screen.findByRole('button', { name: 'Resume all' }));
    await waitFor(() => expect(last('tasks.resumeAll')).toEqual({}));
    await userEvent.click(screen.getByRole('button', { name: 'Limits' }));
    await userEvent.click(await screen.findByRole('button', { name: 'More at once' }));
    await waitFor(() => expect(last('app.setSettings')).toEqual({ parallel: 3 }));
    await userEvent.click(screen.getByRole('switch'));
    await waitFor(() => expect(last('app.setSettings')).toEqual({ limitBytesPerSecond: 10 * 1024 ** 2 }));
    emit({ type: 'settings', settings: { ...emptyHello.settings, limitBytesPerSecond: 10 * 1024 ** 2 } });
    const rate = await screen.findByLabelText('MiB per second');
    fireEvent.change(rate, { target: { value: '25' } });
    await waitFor(() => expect(last('app.setSettings')).toEqual({ limitBytesPerSecond: 25 * 1024 ** 2 }));
  });
});

const totals = {
  tasks: 1,
  uploading: 1,
  queued: 0,
  attention: 0,
  done: 0,
  totalBytes: 10,
  confirmedBytes: 5,
  bytesPerSecond: 1,
  paused: false,
};
describe('how far an upload is', () => {
  const progress = { totalBytes: 1000, confirmedBytes: 0 };

  it('counts what is on its way, and is whole only once all is confirmed', () => {
    expect(sentFractionOf({ ...progress, underWayBytes: 250 })).toBe(0.25);
    expect(sentFractionOf({ ...progress, underWayBytes: 1000 })).toBe(0.999);
    expect(sentFractionOf({ ...progress, confirmedBytes: 1000 })).toBe(1);
    expect(sentFractionOf({ totalBytes: 0, confirmedBytes: 0 })).toBe(1);
  });
});

describe('warnings of the list', () => {
  const warning = 'The list of uploads cannot be written: ENOSPC.';

  it.each([[numbered(1)], [[]]])(
    'are told with and without uploads, and go when they are over',
    async (tasks) => {
      const { emit } = await open(tasks);
      emit({ type: 'task-warnings', warnings: [warning] });
      await screen.findByText(warning);
      emit({ type: 'task-warnings', warnings: [] });
      await waitFor(() => expect(screen.queryByText(warning)).toBeNull());
    },
  );
});

describe('keyboard and selection', () => {
  const start = async (tasks = numbered(6)) => {
    const engine = await open(tasks);
    (await screen.findByRole('button', { name: 'disk-0.img' })).focus();
    return { ...engine, user: userEvent.setup() };
  };
  const focused = () => document.activeElement?.textContent;

  it('moves by arrows, opens by Enter, pauses by Space and resumes what is paused', async () => {
    const { user, last, emit } = await start();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(focused()).toBe('disk-2.img');
    await user.keyboard(' ');
    await waitFor(() => expect(last('tasks.pause')).toEqual({ ids: ['t2'] }));
    expect(window.location.hash).toBe('#/queue');
    const paused: TaskAction[] = ['resume', 'cancel'];
    emit({
      type: 'tasks',
      upserted: [running({ id: 't2', order: 2, fileName: 'disk-2.img', state: 'paused', actions: paused })],
      removed: [],
    });
    await screen.findByText('Paused');
    await user.keyboard(' ');
    await waitFor(() => expect(last('tasks.resume')).toEqual({ ids: ['t2'] }));
    await user.keyboard('{End}');
    expect(focused()).toBe('disk-5.img');
    await user.keyboard('{Home}{Enter}');
    expect(window.location.hash).toBe('#/queue?task=t0');
  });

  it('reaches one row by Tab, not each of them', async () => {
    const { container } = await start();
    const stops = [...container.querySelectorAll<HTMLElement>('.task-row [tabindex="0"]')];
    expect(new Set(stops.map((stop) => stop.closest('.task-row'))).size).toBe(1);
  });

  it('selects a range and all of them, and acts on what is selected', async () => {
    const { user, last } = await start();
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    await screen.findByText('3 selected');
    fireEvent.click(await rowOf('disk-3.img'), { shiftKey: true });
    await screen.findByText('4 selected');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select disk-4.img' }), { shiftKey: true });
    await screen.findByText('5 selected');
    await user.click(
      within(screen.getByRole('region', { name: 'Selected uploads' })).getByRole('button', { name: 'Pause' }),
    );
    await waitFor(() => expect(last('tasks.pause')).toEqual({ ids: ['t0', 't1', 't2', 't3', 't4'] }));
    (await screen.findByRole('button', { name: 'disk-0.img' })).focus();
    await user.keyboard('{Control>}a{/Control}');
    await screen.findByText('6 selected');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByText('6 selected')).toBeNull());
  });

  it('takes drafts off the list by Delete, and asks before it cancels', async () => {
    const { user, last, calls } = await start([
      someTask({ id: 't0', fileName: 'disk-0.img', order: 0 }),
      ...numbered(2).slice(1),
    ]);
    await user.keyboard('{Delete}');
    await waitFor(() => expect(last('tasks.remove')).toEqual({ ids: ['t0'] }));
    await user.keyboard('{ArrowDown}{Delete}');
    await screen.findByRole('alertdialog');
    expect(paramsOf(calls, 'tasks.cancel')).toEqual([]);
    await user.keyboard('{Escape}');
  });

  it('reorders by Alt and arrows', async () => {
    const { user, calls } = await start();
    await user.keyboard('{ArrowDown}{Alt>}{ArrowUp}{ArrowDown}{End}{Home}{/Alt}');
    await waitFor(() =>
      expect(paramsOf(calls, 'tasks.move')).toEqual([
        { id: 't1', before: 't0' },
        { id: 't1', before: 't3' },
        { id: 't1', before: null },
        { id: 't1', before: 't0' },
      ]),
    );
  });

  it('reorders by dragging a row', async () => {
    const { last } = await start();
    const data = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, value: string) => data.set(type, value),
      getData: (type: string) => data.get(type) ?? '',
      get types() {
        return [...data.keys()];
      },
    };
    fireEvent.dragStart(await rowOf('disk-4.img'), { dataTransfer });
    const target = await rowOf('disk-1.img');
    fireEvent.dragOver(target, { dataTransfer });
    fireEvent.drop(target, { dataTransfer, clientY: -1 });
    await waitFor(() => expect(last('tasks.move')).toEqual({ id: 't4', before: 't1' }));
  });
});

describe('starting many', () => {
  it('fills in each file, starts those that are taken, and tells the others', async () => {
    const drafts = ['one', 'two', 'three'].map((name, order) =>
      someTask({ id: name, fileName: `${name}.img`, path: `/d/${name}.img`, order }),
    );
    const { calls, last } = await open(drafts, {
      answers: {
        'clouds.describe': () => {
          throw new Error('not reachable');
        },
        'tasks.suggest': ({ id, cloud }) => ({ cloud, name: id, tags: { own: '1' } }),
        'tasks.start': () => ({
          refused: [{ id: 'two', problem: { kind: 'refused', message: '/d/two.img is too large.' } }],
        }),
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Start 3 ready…' }));
    await userEvent.type(await screen.findByLabelText(/Names begin with/), 'lab-');
    await userEvent.click(screen.getByRole('button', { name: 'Add a tag' }));
    await userEvent.type(screen.getByLabelText('Name of tag 1'), 'team');
    await userEvent.type(screen.getByLabelText('Value of tag 1'), 'a');
    await userEvent.click(screen.getByRole('button', { name: 'Start 3 uploads' }));
    await screen.findByText('2 uploads are in the queue');
    screen.getByText('/d/two.img is too large.');
    expect(paramsOf(calls, 'tasks.suggest')).toHaveLength(3);
    expect(last('tasks.start')).toEqual({
      tasks: ['one', 'two', 'three'].map((id) => ({
        id,
        form: { cloud: 'east', name: `lab-${id}`, tags: { own: '1', team: 'a' } },
      })),
    });
  });

  it('does not count files with problems as ready, and opens the form of a single one', async () => {
    await open([someTask({ id: 'a' }), someTask({ id: 'b', order: 2, fileName: 'bad.img', errors: 1 })], {
      answers: {
        'tasks.detail': () => {
          throw new Error('not now');
        },
      },
    });
    screen.getByText('Has problems');
    await userEvent.click(screen.getByRole('button', { name: 'Start 1 ready…' }));
    expect(window.location.hash).toBe('#/queue?task=a');
  });
});

describe('nothing in the list', () => {
  it('offers to choose files, and the first page while there is no cloud', async () => {
    await open([], { answers: { 'files.roots': () => ({ roots: [] }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Choose files…' }));
    await screen.findByRole('heading', { name: 'Choose files' });
    cleanup();
    await open([], { hello: { profiles: [] } });
    await act(async () => {});
    expect(screen.queryByText('Nothing to upload yet')).toBeNull();
  });
});
