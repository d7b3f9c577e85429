// @vitest-environment happy-dom
// About, over a fake engine: what it is, its keys, the diagnostics.
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { AboutScreen } from './index.tsx';

const TEXT = 'ImageBridge diagnostics\n<b>not bold</b>';
const answers = { 'app.diagnostics': () => ({ fileName: 'diagnostics.txt', text: TEXT }) };
const button = (name: string) => screen.findByRole('button', { name });

afterEach(() => {
  cleanup();
  Reflect.deleteProperty(window, 'imagebridge');
  vi.restoreAllMocks();
});

describe('about', () => {
  it('asks for diagnostics only when they are wanted, and shows them as text', async () => {
    const { calls, container } = await renderWith(<AboutScreen />, { answers });
    screen.getByText('A local service, shown in a browser');
    expect(calls.map(({ method }) => method)).toEqual(['app.hello']);
    await userEvent.click(await button('Show'));
    await waitFor(() => expect(container.querySelector('pre')?.textContent).toBe(TEXT));
    expect(container.querySelector('pre b')).toBeNull();
  });

  it.each([
    ['Linux x86_64', 'Ctrl', 'Delete'],
    ['MacIntel', '⌘', '⌘ ⌫'],
  ])('tells the keys of the uploads, as the keyboard of %s has them', async (platform, mod, remove) => {
    vi.spyOn(navigator, 'platform', 'get').mockReturnValue(platform);
    await renderWith(<AboutScreen />, { answers });
    screen.getByRole('heading', { name: 'In the list of uploads' });
    const keysOf = (what: string) =>
      [...(screen.getByText(what).nextElementSibling?.querySelectorAll('kbd') ?? [])].map(
        (key) => key.textContent,
      );
    expect(keysOf('Select all')).toEqual([mod, 'A']);
    expect(keysOf('Cancel, or take off the list')).toEqual([remove]);
    expect(keysOf('Pause, go on')).toEqual(['Space']);
  });

  it('hands them to a browser as a file', async () => {
    const blobs: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      if (blob instanceof Blob) blobs.push(blob);
      return 'blob:x';
    });
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await renderWith(<AboutScreen />, { answers });
    await userEvent.click(await button('Show'));
    await userEvent.click(await button('Save…'));
    await screen.findByText('Saved by the browser as diagnostics.txt');
    expect(names).toEqual(['diagnostics.txt']);
    expect(await blobs[0]?.text()).toBe(TEXT);
  });

  it('saves them by the app’s dialog, tells where, and shows the file', async () => {
    const saveText = vi.fn(async () => '/home/ada/d.txt');
    const reveal = vi.fn(async () => true);
    Object.assign(window, { imagebridge: { saveText, reveal } });
    await renderWith(<AboutScreen />, { hello: { variant: 'app' }, answers });
    screen.getByText('Pause all uploads');
    await userEvent.click(await button('Show'));
    await userEvent.click(await button('Save…'));
    await screen.findByText('Saved as /home/ada/d.txt');
    expect(saveText).toHaveBeenCalledWith('diagnostics.txt', TEXT);
    await userEvent.click(await button('Show the file'));
    expect(reveal).toHaveBeenCalledWith('/home/ada/d.txt');
  });

  it('says why they could not be saved', async () => {
    Object.assign(window, {
      imagebridge: {
        saveText: async () => {
          throw new Error('The disk is full.');
        },
      },
    });
    await renderWith(<AboutScreen />, { answers });
    await userEvent.click(await button('Show'));
    await userEvent.click(await button('Save…'));
    await screen.findByText('It could not be saved: The disk is full.');
  });
});
