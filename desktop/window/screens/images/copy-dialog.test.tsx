// @vitest-environment happy-dom
// The form of a copy over a fake engine: what it asks for, and what it sends.
import type { CloudView, Handlers } from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import { someCloud, someImage, someProfile } from './testing.ts';

afterEach(cleanup);

async function show(cloud: CloudView, answers: Partial<Handlers> = {}) {
  const onClose = vi.fn();
  const target = {
    cloud,
    image: someImage({ id: 'i0', name: 'image-0' }),
    place: { cloud: 'lab', imageId: 'i0' },
    changed: () => {},
  };
  const engine = await renderWith(<CopyDialog target={target} onClose={onClose} />, {
    hello: { profiles: [someProfile(), someProfile({ name: 'other', isDefault: false })] },
    answers: { 'images.copy': () => ({ activityId: 'a' }), ...answers },
  });
  return { ...engine, onClose };
}

/** Chooses in a list. */
async function choose(list: string, option: RegExp | string) {
  await userEvent.click(await screen.findByRole('combobox', { name: list }));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}
const copy = () => screen.getByRole('button', { name: 'Copy' });

describe('a copy to another cloud', () => {
  it('names a system of its catalogue, which a refusal asks for', async () => {
    const rocky = { osType: 'Linux', osDistribution: 'Rocky', osVersion: '9.4', architecture: 'x86_64' };
    const { last, onClose } = await show(someCloud(), {
      'clouds.describe': ({ cloud: name }) => ({ ...someCloud({ osCatalogue: true }), name }),
      'clouds.osVersions': () => [{ platform: 'Linux', ...rocky }],
      'images.copy': ({ system }) => {
        if (system === undefined) throw new Error('The system must be told.');
        return { activityId: 'a' };
      },
    });
    await choose('Where to', /To another cloud/);
    const system = await screen.findByRole('combobox', { name: /Operating system/ });
    await waitFor(() => expect(system.getAttribute('placeholder')).toBe('Found by itself'));
    await userEvent.click(copy());
    await screen.findByText('The system must be told.');
    expect(onClose).not.toHaveBeenCalled();
    await userEvent.type(system, 'rocky');
    await userEvent.click(await screen.findByRole('option', { name: 'Rocky 9.4' }));
    await userEvent.click(copy());
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(last('images.copy')).toEqual({
      cloud: 'lab',
      imageId: 'i0',
      name: 'image-0',
      toCloud: 'other',
      system: rocky,
    });
  });

  const only = { copyInRegion: 'no', copyCrossRegion: 'no' };
  const describedWith = (osCatalogue: true | string): Partial<Handlers> => ({
    'clouds.describe': ({ cloud: name }) => ({ ...someCloud({ osCatalogue }), name }),
    'clouds.osVersions': () => {
      throw new Error('The catalogue is out of order.');
    },
  });

  it('asks for no system where there is no catalogue', async () => {
    const { calls } = await show(someCloud(only), describedWith('Any text.'));
    await screen.findByText(/The other cloud fetches the image/);
    expect(screen.queryByRole('combobox', { name: /Operating system/ })).toBeNull();
    expect(calls.some(({ method }) => method === 'clouds.osVersions')).toBe(false);
  });

  it('says why the catalogue cannot be read, and may go without', async () => {
    await show(someCloud(only), describedWith(true));
    await screen.findByText('The catalogue is out of order.');
    expect(copy().hasAttribute('disabled')).toBe(false);
  });
});

describe('a copy to another region', () => {
  it.each([
    [true, 'Agency'],
    [false, 'Agency · optional'],
  ])('asks for an agency where it is needed: %s', async (copyNeedsAgency, label) => {
    const cloud = someCloud({}, { family: 'huaweicloud', regions: ['one', 'two'], copyNeedsAgency });
    const { last, onClose } = await show(cloud);
    await choose('Where to', /To another region/);
    await choose('Region', 'two');
    const agency = screen.getByLabelText(label);
    expect(copy().hasAttribute('disabled')).toBe(copyNeedsAgency);
    if (copyNeedsAgency) await userEvent.type(agency, 'mover');
    await userEvent.click(copy());
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(last('images.copy')).toEqual({
      cloud: 'lab',
      imageId: 'i0',
      name: 'image-0',
      toRegion: 'two',
      ...(copyNeedsAgency ? { agencyName: 'mover' } : {}),
    });
  });
});
