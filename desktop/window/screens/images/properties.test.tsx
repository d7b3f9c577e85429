// @vitest-environment happy-dom
// The properties of an image over a fake engine: what can be changed, what is sent, and what is refused.
import type { Handlers, ImageDetail } from '@imagebridge/desktop-contract';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderWith } from '../../testing/fake-engine.tsx';
import { fakeLayout } from '../../testing/layout.ts';
import { ImagesScreen } from './index.tsx';
import { faultsOf, type PropertyRow, propertyChanges, rowsOf } from './properties-model.ts';
import { someCloud, someImage, someProfile } from './testing.ts';

const detailOf = (over: Partial<ImageDetail> = {}): ImageDetail => ({
  image: someImage({ id: 'i0' }),
  properties: { hw_disk_bus: 'virtio', build: '1', stores: 'ceph', imagebridge_sha256: 'abc' },
  fixedProperties: ['stores', 'imagebridge_sha256'],
  shares: [],
  ...over,
});

beforeEach(() => {
  fakeLayout({ rowPx: 600 });
  window.location.hash = '#/images?cloud=lab&image=i0';
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** The tab with the properties of an image. */
async function show(
  detail = detailOf(),
  {
    cloud = someCloud(),
    answers = {},
    language = 'en',
  }: { cloud?: ReturnType<typeof someCloud>; answers?: Partial<Handlers>; language?: 'en' | 'zh-CN' } = {},
) {
  const view = await renderWith(<ImagesScreen />, {
    language,
    hello: { profiles: [someProfile()] },
    answers: {
      'images.list': () => ({ images: [detail.image] }),
      'images.detail': () => detail,
      'images.update': () => detail.image,
      'clouds.describe': () => cloud,
      ...answers,
    },
  });
  await userEvent.click(await screen.findByRole('tab', { name: /^(Properties|属性)/ }));
  return view;
}

const openForm = async () => {
  await userEvent.click(await screen.findByRole('button', { name: 'Edit properties' }));
  return screen.findByRole('dialog', { name: 'Edit properties' });
};

describe('properties of an image', () => {
  it('that were typed are not thrown away without a question', async () => {
    const { calls } = await show();
    const form = await openForm();
    await userEvent.type(await within(form).findByLabelText('Value of build'), '2');
    await userEvent.keyboard('{Escape}');
    let question = await screen.findByRole('alertdialog', { name: 'Discard what you have entered?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Cancel' }));
    expect(within(form).getByLabelText<HTMLInputElement>('Value of build').value).toBe('12');
    await userEvent.keyboard('{Escape}');
    question = await screen.findByRole('alertdialog');
    await userEvent.click(within(question).getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Edit properties' })).toBeNull());
    expect(calls.map(({ method }) => method)).not.toContain('images.update');
  });

  it('that were not touched are left at once', async () => {
    await show();
    await openForm();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Edit properties' })).toBeNull());
  });

  it('are added, changed and removed in one save, by the keyboard alone', async () => {
    const { last } = await show();
    const form = await openForm();
    const field = within(form);
    // The first value has the focus; names of those that are there are no fields.
    await waitFor(() => expect(document.activeElement).toBe(field.getByLabelText('Value of build')));
    await userEvent.keyboard('2{Tab}{Tab}{Tab}{Enter}');
    expect(field.getByLabelText('Value of hw_disk_bus').hasAttribute('disabled')).toBe(true);
    field.getByRole('button', { name: 'Keep the property hw_disk_bus' });
    await userEvent.keyboard('{Tab}{Enter}');
    expect(document.activeElement).toBe(field.getByLabelText('Name'));
    await userEvent.keyboard(' stage {Tab}beta{Tab}{Tab}{Tab}{Tab}{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Edit properties' })).toBeNull());
    expect(last('images.update')).toEqual({
      cloud: 'lab',
      imageId: 'i0',
      changes: { properties: { build: '12', hw_disk_bus: null, stage: 'beta' } },
    });
  });

  it('of the service and of this program cannot be edited, and are counted', async () => {
    await show();
    const form = await openForm();
    within(form).getByText(/^2 more are set by the service or by this program/);
    expect(within(form).queryByLabelText('Value of stores')).toBeNull();
    expect(within(form).getAllByRole('listitem')).toHaveLength(2);
  });

  it('that were removed can be kept after all, and nothing is saved that has not changed', async () => {
    await show();
    const form = within(await openForm());
    const save = form.getByRole('button', { name: 'Save' });
    expect(save.hasAttribute('disabled')).toBe(true);
    await userEvent.click(form.getByRole('button', { name: 'Remove the property build' }));
    expect(save.hasAttribute('disabled')).toBe(false);
    await userEvent.click(form.getByRole('button', { name: 'Keep the property build' }));
    expect(save.hasAttribute('disabled')).toBe(true);
  });

  it('need a name that is not taken', async () => {
    await show();
    const form = within(await openForm());
    const save = form.getByRole('button', { name: 'Save' });
    await userEvent.click(form.getByRole('button', { name: 'Add a property' }));
    await userEvent.type(form.getByLabelText('Name'), 'stores');
    form.getByText('There is a property of this name already.');
    expect(form.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true');
    expect(save.hasAttribute('disabled')).toBe(true);
    await userEvent.clear(form.getByLabelText('Name'));
    await userEvent.type(form.getByLabelText('Value'), 'x');
    form.getByText('The property needs a name.');
    await userEvent.click(form.getByRole('button', { name: /^Remove the property\s*$/ }));
    expect(form.queryByLabelText('Name')).toBeNull();
    expect(document.activeElement).toBe(form.getByRole('button', { name: 'Add a property' }));
  });

  it('that the cloud refuses stay as they were typed, with its words beside them', async () => {
    await show(detailOf(), {
      answers: {
        'images.update': () => {
          throw new Error('Attribute <b>locations</b> is reserved.');
        },
      },
    });
    const form = within(await openForm());
    await userEvent.click(form.getByRole('button', { name: 'Add a property' }));
    await userEvent.type(form.getByLabelText('Name'), 'locations');
    await userEvent.type(form.getByLabelText('Value of locations'), 'here');
    await userEvent.click(form.getByRole('button', { name: 'Save' }));
    await form.findByText('Attribute <b>locations</b> is reserved.');
    expect(form.getByLabelText<HTMLInputElement>('Name').value).toBe('locations');
    expect(form.getByLabelText<HTMLInputElement>('Value of locations').value).toBe('here');
  });

  it('are shown with the reason where the cloud changes none', async () => {
    const cloud = someCloud({ customProperties: 'Use tags when the image is made.' });
    await show(detailOf({ fixedProperties: Object.keys(detailOf().properties) }), { cloud });
    await screen.findByText('Use tags when the image is made.');
    expect(screen.queryByRole('button', { name: 'Edit properties' })).toBeNull();
    screen.getByText('virtio');
  });

  it('of another project are not changed', async () => {
    window.location.hash = '#/images?cloud=lab&scope=shared&image=i0';
    await show();
    await screen.findByText('It belongs to another project.');
    expect(screen.queryByRole('button', { name: 'Edit properties' })).toBeNull();
  });

  it('are only changed where the cloud knows some and no others', async () => {
    const cloud = someCloud({ customProperties: 'Use tags when the image is made.' });
    const { last } = await show(
      detailOf({ properties: { SupportQGA: 'false', Permission: 'x' }, fixedProperties: ['Permission'] }),
      { cloud },
    );
    const form = within(await openForm());
    form.getByText('Use tags when the image is made.');
    expect(form.queryByRole('button', { name: /Add|Remove/ })).toBeNull();
    const value = form.getByLabelText('Value of SupportQGA');
    await userEvent.clear(value);
    await userEvent.type(value, 'true');
    await userEvent.click(form.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(last('images.update')?.changes).toEqual({ properties: { SupportQGA: 'true' } }),
    );
  });

  it('have names in Chinese', async () => {
    await show(detailOf(), { language: 'zh-CN' });
    await userEvent.click(await screen.findByRole('button', { name: '编辑属性' }));
    const form = within(await screen.findByRole('dialog', { name: '编辑属性' }));
    form.getByLabelText('build 的值');
    form.getByRole('button', { name: '移除属性 build' });
  });
});

describe('the form of properties', () => {
  const add = (row: number, name: string, value: string): PropertyRow => ({
    ...{ row, name, value },
    ...{ isNew: true, isRemoved: false },
  });

  it('keeps lines of a value, and hostile names', () => {
    const detail = detailOf({ properties: { ' a ': 'one\ntwo', constructor: 'x' }, fixedProperties: [] });
    const rows = rowsOf(detail);
    expect(rows.map(({ name, value }) => [name, value])).toEqual([
      [' a ', 'one\ntwo'],
      ['constructor', 'x'],
    ]);
    expect(propertyChanges(detail, rows)).toBeUndefined();
    expect(propertyChanges(detail, [...rows, add(2, 'toString', '')])).toEqual({ toString: '' });
    expect(
      propertyChanges(
        detail,
        rows.slice(0, 1).map((row) => ({ ...row, value: 'x' })),
      ),
    ).toEqual({ ' a ': 'x' });
  });

  it('takes no notice of blank lines, and finds names that are there twice', () => {
    const detail = detailOf();
    const rows = [
      ...rowsOf(detail),
      add(5, ' ', ''),
      add(6, 'new', '1'),
      add(7, 'new ', '2'),
      add(8, '', 'x'),
    ];
    expect([...faultsOf(detail, rows)]).toEqual([
      [7, 'taken'],
      [8, 'empty'],
    ]);
    expect(propertyChanges(detail, rows.slice(0, 4))).toEqual({ new: '1' });
  });
});
