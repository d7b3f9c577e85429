// What can be done with an image, and why not.
import { describe, expect, it } from 'vitest';
import { actionsOf, fileNameOf, isTypeable, nameFault, projectIdsOf } from './actions.ts';
import { changesOf, faultsOf, formOf, isSound } from './edit-model.ts';
import { someCloud, someImage } from './testing.ts';

const obstacles = (...args: Parameters<typeof actionsOf>) =>
  Object.fromEntries(
    actionsOf(...args).flatMap(({ name, obstacle }) =>
      obstacle === undefined ? [] : [[name, obstacle.kind === 'cloud' ? obstacle.text : obstacle.key]],
    ),
  );

describe('actions', () => {
  it('are all there where the cloud has everything', () => {
    expect(obstacles(someCloud(), someImage(), 'own')).toEqual({});
  });

  it('tell the sentence of the cloud', () => {
    const cloud = someCloud({ share: 'Make it public.', exportImage: 'Download it.' });
    expect(obstacles(cloud, someImage(), 'own')).toEqual({
      share: 'Make it public.',
      export: 'Download it.',
    });
  });

  it('of which one part is there stay', () => {
    const lacks = {
      rename: 'no',
      updateDescription: 'no',
      updateMinimums: 'no',
      protect: 'no',
      updateVisibility: 'no',
      updateTags: 'no',
    };
    expect(obstacles(someCloud({ ...lacks, protect: true }), someImage(), 'own').edit).toBeUndefined();
    const none = obstacles(someCloud({ ...lacks, customProperties: 'none' }), someImage(), 'own');
    expect(none).toMatchObject({ edit: 'no', promote: 'none' });
  });

  it('that need the data wait for it; deleting does not', () => {
    const waiting = obstacles(someCloud(), someImage({ status: 'importing' }), 'own');
    expect(waiting).toMatchObject({ copy: 'not-active', download: 'not-active', share: 'not-active' });
    expect(waiting).not.toHaveProperty('delete');
    expect(waiting).not.toHaveProperty('edit');
  });

  it('of the owner are not for the receiver of a share', () => {
    const shared = obstacles(someCloud(), someImage(), 'shared');
    expect(Object.keys(shared).sort()).toEqual(['deactivate', 'delete', 'edit', 'promote', 'share']);
  });

  it('put a deactivated image back', () => {
    const names = actionsOf(someCloud(), someImage({ status: 'deactivated' }), 'own').map(({ name }) => name);
    expect(names).toContain('reactivate');
    expect(names).not.toContain('deactivate');
  });
});

describe('texts of actions', () => {
  it('judges a name by the rule of the cloud', () => {
    expect(nameFault(someCloud(), 'web-1')).toBeUndefined();
    expect(nameFault(someCloud(), 'Web 1')).toBe('1 to 20 small letters');
    expect(nameFault(undefined, 'whatever')).toBeUndefined();
  });

  it.each([
    ['debian 12', 'qcow2', 'debian-12.qcow2'],
    ['../../etc/passwd', 'raw', 'etc-passwd.img'],
    ['a\u202Egpj\nb', 'iso', 'a-gpj-b.iso'],
    ['disk.vmdk', 'vmdk', 'disk.vmdk'],
    ['', undefined, 'img-1.img'],
    ['镜像', 'qcow2', '镜像.qcow2'],
  ])('makes of %j a name of a file', (name, format, file) => {
    expect(fileNameOf({ id: 'img-1', name }, format)).toBe(file);
  });

  it('keeps the name of a file short', () => {
    expect(fileNameOf({ id: 'x', name: '好'.repeat(255) }, 'iso').length).toBe(84);
  });

  it.each([
    ['web-1', true],
    ['two words', true],
    ['', false],
    [' web', false],
    ['a  b', false],
    ['a\u202Eb', false],
    ['a\u00A0b', false],
    ['x'.repeat(81), false],
  ])('knows whether %j can be typed', (name, can) => {
    expect(isTypeable(name)).toBe(can);
  });

  it('reads ids of projects, each once', () => {
    expect(projectIdsOf(' a, b\nc；d，a\t')).toEqual(['a', 'b', 'c', 'd']);
    expect(projectIdsOf(' \n')).toEqual([]);
  });
});

describe('the form of changes', () => {
  const image = someImage({ description: 'old', tags: { env: 'prod', team: 'a' }, minDiskGiB: 20 });
  const form = formOf(image);

  it('sends only what was changed', () => {
    expect(changesOf(image, form)).toBeUndefined();
    expect(changesOf(image, { ...form, name: 'new', description: '', protected: true })).toEqual({
      name: 'new',
      description: null,
      protected: true,
    });
  });

  it('removes, changes and renames tags', () => {
    const tags = [
      { row: 0, key: 'env', value: 'test' },
      { row: 2, key: 'new', value: '' },
    ];
    expect(changesOf(image, { ...form, tags })).toEqual({ tags: { env: 'test', new: '', team: null } });
  });

  it('neither shows the marks of ImageBridge as tags, nor takes them away', () => {
    const marked = { ...image, tags: { ...image.tags, 'imagebridge-marker': 'm', imagebridge_claimed: 'c' } };
    const shown = formOf(marked);
    expect(shown.tags).toEqual(form.tags);
    expect(changesOf(marked, shown)).toBeUndefined();
    expect(changesOf(marked, { ...shown, tags: [] })).toEqual({ tags: { env: null, team: null } });
  });

  it('finds what is wrong, but does not judge what was there before', () => {
    const cloud = someCloud();
    const strange = someImage({ name: 'NOT LEGAL', description: 'x'.repeat(99) });
    expect(isSound(faultsOf(cloud, strange, formOf(strange)))).toBe(true);
    const tags = [
      { row: 0, key: 'a', value: '1' },
      { row: 1, key: 'a', value: '2' },
      { row: 2, key: ' ', value: '' },
    ];
    const faults = faultsOf(cloud, image, { ...form, name: 'N', description: 'x'.repeat(11), tags });
    expect(faults).toEqual({
      name: '1 to 20 small letters',
      description: 'up to 10 characters',
      tags: new Set([1, 2]),
    });
  });
});
