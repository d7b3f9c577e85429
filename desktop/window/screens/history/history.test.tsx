// @vitest-environment happy-dom
// The history over a fake engine: pages, filters, details, export, clearing.
import type { DesktopBridge, Handlers, HistoryEntry, Params } from '@imagebridge/desktop-contract';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { filterOf, NO_FILTER } from './filter.ts';
import { HistoryScreen } from './index.tsx';

beforeEach(() => fakeLayout({ rowPx: 600 }));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const some = (over: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: 'h0',
  outcome: 'done',
  fileName: 'a.qcow2',
  path: '/srv/a.qcow2',
  sizeBytes: 2 * 1024 ** 3,
  cloud: 'lab',
  region: 'one',
  imageName: 'debian',
  imageId: 'i0',
  origin: 'desktop',
  startedAt: 0,
  endedAt: 60_000,
  ...over,
});

/** The screen over these entries. */
function show(entries: HistoryEntry[], answers: Partial<Handlers> = {}) {
  const list = ({ filter, offset, limit }: Params<'history.list'>) => {
    const found = entries.filter(
      (entry) =>
        (filter.outcome === undefined || entry.outcome === filter.outcome) &&
        (filter.text === undefined || entry.imageName.includes(filter.text)),
    );
    return { entries: found.slice(offset, offset + limit), total: found.length };
  };
  return renderWith(<HistoryScreen />, { answers: { 'history.list': list, ...answers } });
}
const rows = () => screen.queryAllByRole('row').filter((row) => row.hasAttribute('data-index'));

describe('the history', () => {
  it('loads a page at a time', async () => {
    const { calls } = await show(
      Array.from({ length: 250 }, (_, i) => some({ id: `h${i}`, imageName: `debian-${i}` })),
    );
    await screen.findByText('100 of 250 uploads loaded');
    screen.getByText('debian-0');
    expect(rows().length).toBeLessThan(40);
    fireEvent.scroll(screen.getByRole('grid'), { target: { scrollTop: 90 * 52 } });
    await screen.findByText('200 of 250 uploads loaded');
    const asked = calls.filter(({ method }) => method === 'history.list');
    expect(asked.map(({ params }) => (params as Params<'history.list'>).offset)).toEqual([0, 100]);
  });

  it('is filtered by the engine', async () => {
    const { last } = await show([some(), some({ id: 'h1', imageName: 'rocky' })]);
    await screen.findByText('2 uploads');
    await userEvent.type(screen.getByRole('searchbox'), 'rocky');
    await screen.findByText('1 upload');
    fireEvent.change(screen.getByLabelText('From this day'), { target: { value: '2026-01-31' } });
    await waitFor(() =>
      expect(last('history.list')?.filter).toEqual({
        text: 'rocky',
        from: new Date(2026, 0, 31).getTime(),
      }),
    );
    await userEvent.type(screen.getByRole('searchbox'), 'x');
    await userEvent.click(await screen.findByRole('button', { name: 'Show all' }));
    await screen.findByText('2 uploads');
  });

  it('shows an entry in detail, with texts from outside as text', async () => {
    const html = '<img src=x>';
    await show([
      some({
        outcome: 'failed',
        imageName: html,
        sha256: 'e3b0',
        sentBytes: 1024 ** 3,
        problem: { kind: 'quota', message: `${html} full`, requestId: 'r-9' },
      }),
    ]);
    await userEvent.click(await screen.findByRole('row', { name: `${html}, Failed` }));
    const drawer = await screen.findByRole('dialog');
    within(drawer).getByText(`${html} full`);
    within(drawer).getByText('e3b0');
    within(drawer).getByText('1 GiB (1,073,741,824 B)');
    expect(within(drawer).queryByRole('link')).toBeNull();
    expect(document.querySelector('img')).toBeNull();
  });

  it('leads to the image', async () => {
    await show([some()]);
    await userEvent.click(await screen.findByRole('row', { name: 'debian, Done' }));
    expect((await screen.findByRole('link', { name: 'Open the image' })).getAttribute('href')).toBe(
      '#/images?cloud=lab&region=one&image=i0',
    );
  });

  it('takes in what has just become history', async () => {
    const entries = [some()];
    const { emit } = await show(entries);
    await screen.findByText('1 upload');
    const entry = some({ id: 'h9', imageName: 'fresh' });
    entries.unshift(entry);
    emit({ type: 'history', entry });
    await screen.findByText('fresh');
  });

  it('is exported as it is filtered: in a browser as a download', async () => {
    const blobs: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      blobs.push(blob as Blob);
      return 'blob:x';
    });
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    const { last } = await show([some()], {
      'history.export': () => ({ fileName: 'history.csv', text: 'a;b' }),
    });
    await userEvent.type(await screen.findByRole('searchbox'), 'deb');
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /CSV/ }));
    await screen.findByText('History exported');
    expect(last('history.export')).toEqual({ filter: { text: 'deb' }, format: 'csv' });
    expect(clicked).toEqual(['history.csv']);
    expect(await blobs[0]?.text()).toBe('a;b');
  });

  it('is exported in the app by its dialog; dismissing it says nothing', async () => {
    const saveText = vi.fn<DesktopBridge['saveText']>(async () => null);
    vi.stubGlobal('imagebridge', { saveText } as unknown as DesktopBridge);
    await show([some()], { 'history.export': () => ({ fileName: 'history.json', text: '[]' }) });
    await screen.findByText('1 upload');
    const save = async () => {
      await userEvent.click(screen.getByRole('button', { name: 'Export' }));
      await userEvent.click(await screen.findByRole('menuitem', { name: /JSON/ }));
    };
    await save();
    await waitFor(() => expect(saveText).toHaveBeenCalledWith('history.json', '[]'));
    expect(screen.queryByText('History exported')).toBeNull();
    saveText.mockRejectedValueOnce(new Error('The disk is full.'));
    await save();
    await screen.findByText('The disk is full.');
  });

  it('is cleared only after a question', async () => {
    let entries = [some()];
    const { calls, emit } = await renderWith(<HistoryScreen />, {
      answers: {
        'history.list': () => ({ entries, total: entries.length }),
        'history.clear': () => {
          entries = [];
          emit({ type: 'history-cleared' });
          return null;
        },
      },
    });
    await screen.findByText('1 upload');
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(calls.some(({ method }) => method === 'history.clear')).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the history' }));
    await screen.findByText('No uploads yet');
  });

  it('is empty when another window has cleared it, and what was open of it closes', async () => {
    let entries = [some()];
    const { emit } = await renderWith(<HistoryScreen />, {
      answers: { 'history.list': () => ({ entries, total: entries.length }) },
    });
    await userEvent.click(await screen.findByRole('row', { name: 'debian, Done' }));
    await screen.findByRole('dialog');
    entries = [];
    emit({ type: 'history-cleared' });
    await screen.findByText('No uploads yet');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the filter', () => {
  it('takes whole days of the own time zone', () => {
    expect(filterOf({ ...NO_FILTER, from: '2026-03-29', to: '2026-03-29' })).toEqual({
      from: new Date(2026, 2, 29).getTime(),
      to: new Date(2026, 2, 30).getTime() - 1,
    });
  });

  it('leaves out what is not set or no date', () => {
    expect(filterOf({ ...NO_FILTER, text: '  ', from: '2026-1', to: 'x' })).toEqual({});
  });
});
