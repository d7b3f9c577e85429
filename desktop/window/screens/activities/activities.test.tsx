// @vitest-environment happy-dom
// The list of activities over a fake engine: how far they are, what came out, what can be done.
import type { Activity, DesktopBridge } from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { ActivitiesScreen } from './index.tsx';
import { resultPlace } from './result.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const some = (over: Partial<Activity> = {}): Activity => ({
  id: 'a1',
  kind: 'copy',
  state: 'running',
  cloud: 'lab',
  region: 'one',
  imageId: 'i0',
  imageName: 'debian-12',
  canCancel: true,
  startedAt: 1000,
  ...over,
});
const done = (over: Partial<Activity>): Activity =>
  some({ state: 'done', canCancel: false, endedAt: 61_000, ...over });

describe('activities', () => {
  it('show how far they are, and are cancelled', async () => {
    const { last, emit } = await renderWith(<ActivitiesScreen />, {
      hello: { activities: [some({ fraction: 0.25, text: 'job 7: RUNNING' })] },
      answers: { 'activities.cancel': () => null },
    });
    screen.getByText('Running 25%');
    screen.getByText('job 7: RUNNING');
    emit({ type: 'activity', activity: some({ fraction: 0.999 }) });
    await screen.findByText('Running 99%');
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('99');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(last('activities.cancel')).toEqual({ id: 'a1' });
  });

  it.each([
    ['en', '512 MiB of 2 GiB'],
    ['zh-CN', '512 MiB / 2 GiB'],
  ] as const)('show how much has passed through this machine (%s)', async (language, words) => {
    const some512 = { doneBytes: 512 * 1024 ** 2, totalBytes: 2 * 1024 ** 3 };
    const { emit } = await renderWith(<ActivitiesScreen />, {
      hello: { activities: [some({ kind: 'download', ...some512 })] },
      language,
    });
    screen.getByText(words);
    emit({ type: 'activity', activity: done({ kind: 'download', ...some512 }) });
    await waitFor(() => expect(screen.queryByText(words)).toBeNull());
  });

  it('that cannot be cancelled offer it not', async () => {
    await renderWith(<ActivitiesScreen />, {
      hello: { activities: [some({ kind: 'promote', canCancel: false })] },
    });
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
  });

  it('that failed say why, as text that can be copied', async () => {
    const html = '<b>refused</b>';
    await renderWith(<ActivitiesScreen />, {
      hello: {
        activities: [
          some({
            state: 'failed',
            imageName: html,
            problem: { kind: 'refused', message: html, requestId: 'r-1' },
          }),
        ],
      },
    });
    expect(screen.getAllByText(html)).toHaveLength(2);
    screen.getByText('Request id r-1');
    screen.getByRole('button', { name: 'Copy error details' });
  });

  it('lead to the image that came out, in the cloud where it is', async () => {
    await renderWith(<ActivitiesScreen />, {
      hello: {
        activities: [
          done({
            kind: 'copy-across',
            target: 'far/two',
            resultImageId: 'i9',
            resultCloud: 'far',
            resultRegion: 'two',
          }),
        ],
      },
    });
    expect(screen.getByRole('link', { name: 'Open the new image' }).getAttribute('href')).toBe(
      '#/images?cloud=far&region=two&image=i9',
    );
  });

  it('that ended are taken off the list, one or all', async () => {
    const dismissed: string[] = [];
    const { emit } = await renderWith(<ActivitiesScreen />, {
      hello: { activities: [some(), done({ id: 'a2' }), done({ id: 'a3' })] },
      answers: {
        'activities.dismiss': ({ id }) => {
          dismissed.push(id);
          emit({ type: 'activity-gone', id });
          return null;
        },
      },
    });
    const ended = screen.getByRole('region', { name: '2 ended' });
    await userEvent.click(within(ended).getAllByRole('button', { name: 'Dismiss' })[0] as HTMLElement);
    await screen.findByRole('region', { name: '1 ended' });
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss all that ended' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: /ended/ })).toBeNull());
    expect(dismissed.sort()).toEqual(['a2', 'a3']);
    screen.getByRole('region', { name: '1 running' });
  });

  it('in the app show the file, and say when it is gone', async () => {
    const reveal = vi.fn(async () => false);
    vi.stubGlobal('imagebridge', { reveal } as unknown as DesktopBridge);
    const path = '/home/me/a.qcow2';
    await renderWith(<ActivitiesScreen />, {
      hello: { activities: [done({ kind: 'download', target: path, resultPath: path })] },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Show in folder' }));
    expect(reveal).toHaveBeenCalledWith(path);
    await screen.findByText('The file is not there any more.');
  });

  it('in a browser give the path alone', async () => {
    await renderWith(<ActivitiesScreen />, {
      hello: { activities: [done({ kind: 'download', target: '/srv/a', resultPath: '/srv/a' })] },
      language: 'zh-CN',
    });
    expect(screen.queryByRole('button', { name: '在文件夹中显示' })).toBeNull();
    screen.getByRole('button', { name: '复制路径' });
  });

  it('that there are none lead to the images', async () => {
    await renderWith(<ActivitiesScreen />);
    screen.getByRole('link', { name: 'Go to the images' });
  });
});

describe('the resulting image', () => {
  it.each([
    [
      done({ target: 'x/y', resultImageId: 'n', resultCloud: 'a/b', resultRegion: 'two' }),
      { cloud: 'a/b', region: 'two', image: 'n' },
    ],
    [
      done({ kind: 'promote-base', target: 'x/y', resultImageId: 'n' }),
      { cloud: 'lab', region: 'one', image: 'n' },
    ],
    // The image itself came out: there is nothing new to open.
    [done({ kind: 'promote', resultImageId: 'i0' }), undefined],
    [done({}), undefined],
    [some({ resultImageId: 'n' }), undefined],
  ])('is known of %j', (activity, place) => {
    expect(resultPlace(activity)).toEqual(place);
  });
});
