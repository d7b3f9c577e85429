// @vitest-environment happy-dom
// The screen over a fake engine: the list, the details, and what is done with an image.
import type { Activity, Handlers, ImageView, Params } from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { ImagesScreen } from './index.tsx';
import { someCloud, someImage, someProfile } from './testing.ts';
import { LIVE_MS } from './use-images.ts';

beforeEach(() => {
  fakeLayout({ rowPx: 600 });
  window.sessionStorage.clear();
  window.location.hash = '#/images';
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The screen over a cloud with these images, five to a page. */
function show(
  images: ImageView[],
  {
    answers = {},
    cloud = someCloud(),
    language = 'en',
    activities = [],
    profiles = [someProfile(), someProfile({ name: 'other', isDefault: false })],
  }: {
    answers?: Partial<Handlers>;
    cloud?: ReturnType<typeof someCloud>;
    language?: 'en' | 'zh-CN';
    profiles?: ReturnType<typeof someProfile>[];
    activities?: Activity[];
  } = {},
) {
  const list = ({ cursor }: Params<'images.list'>) => {
    const from = Number(cursor ?? 0);
    return {
      images: images.slice(from, from + 5),
      ...(from + 5 < images.length ? { cursor: String(from + 5) } : {}),
    };
  };
  const detail = ({ imageId }: Params<'images.detail'>) => ({
    image: images.find(({ id }) => id === imageId) ?? someImage({ id: imageId }),
    properties: { hw_disk_bus: 'virtio' },
    shares: [{ projectId: 'p-1', status: 'pending' }],
  });
  return renderWith(<ImagesScreen />, {
    language,
    hello: { profiles, activities },
    answers: {
      'images.list': list,
      'images.detail': detail,
      'clouds.describe': ({ cloud: name }) => ({ ...cloud, name }),
      ...answers,
    },
  });
}

const some = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    someImage({ id: `i${i}`, name: `image-${i}`, createdAt: 1000 - i }),
  );
const rows = () => screen.getAllByRole('row').filter((row) => row.hasAttribute('data-index'));
const openActions = async () => {
  const drawer = await screen.findByRole('dialog');
  await userEvent.click(await within(drawer).findByRole('button', { name: 'More' }));
};
const gone = () => waitFor(() => expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull());
const choose = async (label: RegExp) => userEvent.click(await screen.findByRole('menuitem', { name: label }));

describe('the list of images', () => {
  it('loads further pages as they come into sight', async () => {
    await show(some(12));
    await screen.findByText('image-11');
    expect(rows()).toHaveLength(12);
    screen.getByText('12 images');
  });

  it('with a search loads nothing by itself, says so, and loads all when asked', async () => {
    const { calls } = await show(some(60));
    await screen.findByText('image-0');
    await userEvent.type(screen.getByRole('searchbox'), 'image-59');
    await screen.findByText('No image matches');
    const asked = () => calls.filter(({ method }) => method === 'images.list').length;
    expect(asked()).toBeLessThan(12);
    await userEvent.click(screen.getByRole('button', { name: 'Load all' }));
    await screen.findByText('image-59');
    expect(asked()).toBe(12);
  });

  it('sorts by a column, told to screen readers', async () => {
    await show(some(3));
    await screen.findByText('image-0');
    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(rows().map((row) => row.getAttribute('aria-label'))).toEqual([
      'image-2, Active',
      'image-1, Active',
      'image-0, Active',
    ]);
    expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending');
  });

  it('is gone through by the keyboard, and opens an image by Enter', async () => {
    await show(some(4));
    await screen.findByText('image-0');
    rows()[0]?.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Home}{End}{ArrowUp}');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('image-2, Active');
    await userEvent.keyboard('{Enter}');
    const drawer = await screen.findByRole('dialog');
    within(drawer).getByRole('heading', { name: 'image-2' });
    expect(window.location.hash).toContain('image=i2');
  });

  it('shows names and reasons from outside as text', async () => {
    const html = '<img src=x onerror=alert(1)>';
    window.location.hash = '#/images?cloud=lab&image=i0';
    const images = [someImage({ id: 'i0', name: html, status: 'failed', failureReason: `${html} no disk` })];
    await show(images);
    await screen.findByText(`${html} no disk`);
    expect(document.querySelector('img')).toBeNull();
  });

  it('shows what a name hides, in the list and in the details', async () => {
    window.location.hash = '#/images?cloud=lab&image=i0';
    const tags = { 'k\u2066': 'v' };
    await show([
      someImage({ id: 'i0', name: 'invoice\u202Efdp.exe', description: 'two\nlines\u202E', tags }),
    ]);
    const marked = 'invoice⟨U+202E⟩fdp.exe';
    const drawer = await screen.findByRole('dialog', { name: marked });
    expect(rows().map((row) => row.getAttribute('aria-label'))).toEqual([`${marked}, Active`]);
    within(drawer).getByText('k⟨U+2066⟩ = v');
    within(drawer).getByText(/^two\s+lines⟨U\+202E⟩$/);
  });

  it('says what failed, tries again, and leads to the cloud', async () => {
    let fails = true;
    await show([], {
      answers: {
        'images.list': () => {
          if (fails) throw new Error('The credentials were refused.');
          return { images: some(1) };
        },
      },
    });
    await screen.findByText('The credentials were refused.');
    expect(screen.getByRole('link', { name: 'Edit this cloud' }).getAttribute('href')).toBe(
      '#/profiles?edit=lab',
    );
    fails = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('image-0');
  });

  it('without a cloud leads to adding one; without images to uploading', async () => {
    const { unmount } = await show([], { profiles: [] });
    screen.getByRole('link', { name: 'Add a cloud' });
    unmount();
    await show([]);
    await screen.findByRole('link', { name: 'Upload an image' });
  });

  it('asks for another scope, and remembers the place', async () => {
    const { last, unmount } = await show(some(1));
    await screen.findByText('image-0');
    await userEvent.click(screen.getByRole('radio', { name: 'Public' }));
    await waitFor(() => expect(last('images.list')?.query).toEqual({ cloud: 'lab', scope: 'public' }));
    unmount();
    window.location.hash = '#/images';
    const again = await show(some(1));
    await waitFor(() => expect(again.last('images.list')?.query.scope).toBe('public'));
  });

  it('refreshes when images have changed', async () => {
    const images = some(1);
    const { emit } = await show(images);
    await screen.findByText('image-0');
    images.push(someImage({ id: 'new', name: 'brand-new' }));
    emit({ type: 'images-changed', cloud: 'lab' });
    await screen.findByText('brand-new');
  });

  it('follows what is being imported, and asks for nothing else', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const images = [
      someImage({ id: 'i0', name: 'growing', status: 'importing', progress: 0.1 }),
      someImage({ id: 'i1', name: 'finished' }),
    ];
    const { calls } = await show(images);
    await screen.findByText(/10%/);
    images[0] = someImage({ id: 'i0', name: 'growing', status: 'active' });
    await vi.advanceTimersByTimeAsync(LIVE_MS + 100);
    await waitFor(() => expect(screen.queryByText(/10%/)).toBeNull());
    const asked = calls.filter(({ method }) => method === 'images.detail');
    expect(asked.map(({ params }) => (params as Params<'images.detail'>).imageId)).toEqual(['i0']);
  });

  it('speaks Chinese', async () => {
    await show(some(2), { language: 'zh-CN' });
    await screen.findByText('共 2 个镜像');
    screen.getByRole('searchbox', { name: '搜索名称、ID、系统、标签' });
  });
});

describe('actions on an image', () => {
  beforeEach(() => {
    window.location.hash = '#/images?cloud=lab&image=i0';
  });

  it('that the cloud has not are disabled, with its sentence', async () => {
    const { calls } = await show(some(1), { cloud: someCloud({ share: 'Copy it to a base image.' }) });
    await openActions();
    const item = await screen.findByRole('menuitem', { name: /Share with projects/ });
    expect(item.getAttribute('aria-disabled')).toBe('true');
    expect(item.textContent).toContain('Copy it to a base image.');
    await userEvent.click(item);
    expect(screen.queryByRole('dialog', { name: 'Share with projects' })).toBeNull();
    expect(calls.some(({ method }) => method === 'images.share')).toBe(false);
  });

  it('shares with several projects at once', async () => {
    const { last } = await show(some(1), { answers: { 'images.share': () => ({ activityId: 'a' }) } });
    await openActions();
    await choose(/Share with projects/);
    await userEvent.type(await screen.findByLabelText('Project ids'), 'p-2, p-3{Enter}p-2');
    await userEvent.click(screen.getByRole('button', { name: 'Share with 2 projects' }));
    await gone();
    expect(last('images.share')).toEqual({ cloud: 'lab', imageId: 'i0', projectIds: ['p-2', 'p-3'] });
  });

  it('sends of a form only what was changed, and shows why it was refused', async () => {
    const { last } = await show(some(1), {
      answers: {
        'images.update': () => {
          throw new Error('The name is taken.');
        },
      },
    });
    await openActions();
    await choose(/^Edit/);
    const save = await screen.findByRole('button', { name: 'Save' });
    expect(save.hasAttribute('disabled')).toBe(true);
    const name = screen.getByLabelText('Name');
    await userEvent.clear(name);
    await userEvent.type(name, 'NOT LEGAL');
    expect(name.getAttribute('aria-invalid')).toBe('true');
    screen.getByText('1 to 20 small letters');
    await userEvent.clear(name);
    await userEvent.type(name, 'web-1');
    await userEvent.click(save);
    await screen.findByText('The name is taken.');
    expect(last('images.update')).toEqual({ cloud: 'lab', imageId: 'i0', changes: { name: 'web-1' } });
  });

  it('deletes only what was named', async () => {
    const { last, calls } = await show(some(2), { answers: { 'images.delete': () => null } });
    await openActions();
    await choose(/^Delete/);
    const button = await screen.findByRole('button', { name: 'Delete the image' });
    const field = screen.getByLabelText('Type the name of the image to confirm');
    await userEvent.type(field, 'image-');
    await userEvent.click(button);
    expect(calls.some(({ method }) => method === 'images.delete')).toBe(false);
    await userEvent.type(field, '0');
    await userEvent.click(button);
    await screen.findByText('The image was deleted');
    expect(last('images.delete')).toEqual({ cloud: 'lab', imageId: 'i0', name: 'image-0' });
    expect(window.location.hash).not.toContain('image=');
  });

  it('asks for the id where the name cannot be typed', async () => {
    const { last } = await show([someImage({ id: 'i0', name: 'a\u202Eb' })], {
      answers: { 'images.delete': () => null },
    });
    await openActions();
    await choose(/^Delete/);
    await userEvent.type(await screen.findByLabelText('Type the id of the image to confirm'), 'i0');
    await userEvent.click(screen.getByRole('button', { name: 'Delete the image' }));
    await waitFor(() => expect(last('images.delete')?.name).toBe('a\u202Eb'));
  });

  it('says of a protected image what to do first, and does it', async () => {
    const images = [someImage({ id: 'i0', name: 'safe', protected: true })];
    const { last } = await show(images, {
      answers: {
        'images.update': () => {
          images[0] = someImage({ id: 'i0', name: 'safe', protected: false });
          return images[0];
        },
      },
    });
    await openActions();
    await choose(/^Delete/);
    await userEvent.click(await screen.findByRole('button', { name: 'Turn protection off' }));
    await screen.findByLabelText('Type the name of the image to confirm');
    expect(last('images.update')?.changes).toEqual({ protected: false });
  });

  it('copies to another cloud', async () => {
    const { last } = await show(some(1), {
      cloud: someCloud({ copyInRegion: 'Download it.', copyCrossRegion: 'Download it.' }),
      answers: { 'images.copy': () => ({ activityId: 'a' }) },
    });
    await openActions();
    await choose(/^Copy…/);
    await screen.findByText(/The other cloud fetches the image/);
    await userEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await gone();
    expect(last('images.copy')).toEqual({ cloud: 'lab', imageId: 'i0', name: 'image-0', toCloud: 'other' });
  });

  it('downloads, in a browser, to a path of the machine of the engine', async () => {
    const { last } = await show(some(1), {
      answers: {
        'files.roots': () => ({ roots: [{ name: 'srv', path: '/srv', kind: 'folder' as const }] }),
        'images.download': () => ({ activityId: 'a' }),
      },
    });
    await openActions();
    await choose(/^Download/);
    screen.getByText(/not where this browser runs/);
    await screen.findByDisplayValue('/srv/image-0.qcow2');
    const dialog = screen.getByRole('dialog', { name: 'Download the image' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Download' }));
    await waitFor(() => expect(last('images.download')?.path).toBe('/srv/image-0.qcow2'));
  });

  it('accepts an image that was shared', async () => {
    window.location.hash = '#/images?cloud=lab&scope=shared&image=far';
    const { last } = await show([], { answers: { 'images.answerShare': () => null } });
    await userEvent.click(await screen.findByRole('button', { name: 'Accept' }));
    await screen.findByText('The image was accepted');
    expect(last('images.answerShare')).toEqual({ cloud: 'lab', imageId: 'far', answer: 'accepted' });
  });
});

describe('work on an image', () => {
  const work = (over: Partial<Activity>): Activity => ({
    id: 'new',
    kind: 'copy',
    state: 'running',
    cloud: 'lab',
    region: 'one',
    imageId: 'i0',
    imageName: 'image-0',
    canCancel: true,
    startedAt: 1,
    ...over,
  });

  it('is shown with the image while it goes on and when it fails; what ended before is not', async () => {
    window.location.hash = '#/images?cloud=lab&image=i0';
    const { emit } = await show(some(1), { activities: [work({ id: 'old', state: 'failed' })] });
    await screen.findByRole('tab', { name: /Sharing/ });
    emit({ type: 'activity', activity: work({ fraction: 0.5 }) });
    await screen.findByText('Running 50%');
    const problem = { kind: 'quota', message: 'There is no room.' };
    emit({ type: 'activity', activity: work({ state: 'failed', canCancel: false, problem }) });
    await screen.findByText('There is no room.');
    expect(screen.getAllByText('Failed')).toHaveLength(1);
  });
});
