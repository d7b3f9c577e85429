// @vitest-environment happy-dom
// The settings over a fake engine: saved at once, said so, and mistakes told at the field.
import { type Settings, settingsChange, settings as settingsSchema } from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyHello, renderWith } from '../../testing/fake-engine.tsx';
import { SettingsScreen } from './index.tsx';

afterEach(cleanup);

/** The screen with an engine that takes every change. */
async function open(over: Partial<Settings> = {}, variant: 'app' | 'web' = 'app', refuses = false) {
  let settings: Settings = { ...emptyHello.settings, ...over };
  const engine = await renderWith(<SettingsScreen />, {
    hello: {
      variant,
      settings,
      profiles: ['east', 'west'].map((name) => ({
        name,
        source: 'file' as const,
        place: '/p.yaml',
        isDefault: name === 'east',
        editable: true,
        isLocal: false,
      })),
    },
    answers: {
      'app.setSettings': (change) => {
        if (refuses) throw new Error('the disk is full');
        const entries = Object.entries({ ...settings, ...settingsChange.parse(change) });
        settings = settingsSchema.parse(Object.fromEntries(entries.filter(([, value]) => value !== null)));
        engine.emit({ type: 'settings', settings });
        return settings;
      },
    },
  });
  const changes = () =>
    engine.calls.flatMap(({ method, params }) => (method === 'app.setSettings' ? [params] : []));
  return { ...engine, changes };
}

describe('the settings', () => {
  it('are saved when they are changed, and it is said', async () => {
    const { changes } = await open();
    await userEvent.click(screen.getByRole('switch', { name: 'Start at once' }));
    await screen.findByText('Saved');
    await userEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    await waitFor(() => expect(changes()).toEqual([{ startAtOnce: true }, { theme: 'dark' }]));
    await waitFor(() =>
      expect(screen.getByRole('switch', { name: 'Start at once' }).getAttribute('aria-checked')).toBe('true'),
    );
  });

  it('tell at the field why one was not saved', async () => {
    await open({}, 'app', true);
    await userEvent.click(screen.getByRole('switch', { name: 'Notifications' }));
    await screen.findByText('the disk is full');
    expect(screen.queryByText('Saved')).toBeNull();
    expect(screen.getByRole('switch', { name: 'Notifications' }).getAttribute('aria-checked')).toBe('true');
  });

  it('take a limit as a number with a unit, and none when it is empty', async () => {
    const { changes } = await open({ limitBytesPerSecond: 2 * 1024 ** 2 });
    const field = screen.getByLabelText('Bandwidth limit') as HTMLInputElement;
    expect(field.value).toBe('2');
    await userEvent.clear(field);
    await userEvent.type(field, '1.5{Enter}');
    await screen.findByText('Saved');
    await userEvent.clear(field);
    await userEvent.type(field, 'fast');
    await userEvent.tab();
    await screen.findByText(/A number above 0/);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await userEvent.clear(field);
    await userEvent.type(field, '{Enter}');
    await waitFor(() =>
      expect(changes()).toEqual([{ limitBytesPerSecond: 1.5 * 1024 ** 2 }, { limitBytesPerSecond: null }]),
    );
  });

  it('take from 1 to 16 uploads at once', async () => {
    const { changes } = await open();
    const field = screen.getByLabelText('Uploads at once');
    await userEvent.clear(field);
    await screen.findByText(/A whole number from 1 to 16/);
    await userEvent.type(field, '17');
    await screen.findByText(/A whole number from 1 to 16/);
    await userEvent.clear(field);
    await userEvent.type(field, '8');
    await waitFor(() => expect(changes().at(-1)).toEqual({ parallel: 8 }));
    expect(changes()).not.toContainEqual({ parallel: 17 });
  });

  it.each(['http://mirror.example', 'mirror.example', 'https://me:secret@mirror.example'])(
    'take no feed of updates like %s',
    async (url) => {
      const { changes } = await open();
      await userEvent.type(screen.getByLabelText(/Address of updates/), `${url}{Enter}`);
      await screen.findByText(/This has to be an address that begins with https/);
      expect(changes()).toEqual([]);
    },
  );

  it('take a mirror as the feed of updates', async () => {
    const { changes } = await open();
    await userEvent.type(screen.getByLabelText(/Address of updates/), 'https://mirror.example.cn/x');
    await userEvent.tab();
    await waitFor(() => expect(changes()).toEqual([{ updateFeedUrl: 'https://mirror.example.cn/x' }]));
  });

  it('have in a browser none that are the app’s', async () => {
    await open({}, 'web');
    screen.getByLabelText('Bandwidth limit');
    for (const name of ['Notifications', 'Keep the computer awake during uploads'])
      expect(screen.queryByRole('switch', { name })).toBeNull();
    expect(screen.queryByLabelText(/Address of updates/)).toBeNull();
    expect(screen.queryByLabelText('When the window is closed')).toBeNull();
  });
});
