import { describe, expect, it } from 'vitest';
import {
  adoptMarked,
  CLAIMED_PROPERTY,
  claimImage,
  claimInProcess,
  MARKER_TAG,
  markerOf,
  releaseInProcess,
} from './marker.ts';
import { FakeCloud } from './testing/fake-cloud.ts';

const parts = { region: 'r1', projectId: 'p', name: 'base', content: 'a'.repeat(64) };
const marker = markerOf(parts);

describe('the creation marker', () => {
  it('fits into a tag of every family', () => expect(marker).toMatch(/^[A-Za-z0-9_-]{43}$/));

  it.each(['region', 'projectId', 'name', 'content'] as const)('depends on the %s', (field) => {
    expect(markerOf({ ...parts, [field]: 'other' })).not.toBe(marker);
  });

  it('finds an unclaimed image of an interrupted run, and only once in a process', async () => {
    const cloud = new FakeCloud();
    const image = cloud.addImage({ name: 'base', tags: { [MARKER_TAG]: marker }, status: 'importing' });
    expect((await adoptMarked(cloud, marker))?.id).toBe(image.id);
    expect(await adoptMarked(cloud, marker)).toBeUndefined();
    releaseInProcess(cloud, image.id);
    expect((await adoptMarked(cloud, marker))?.id).toBe(image.id);
  });

  it.each([
    ['claimed', { id: 'claimed-1', properties: { [CLAIMED_PROPERTY]: 'claimed-1' } }],
    ['failed', { status: 'failed' as const }],
    ['of another declaration', { tags: { [MARKER_TAG]: markerOf({ ...parts, name: 'other' }) } }],
    ['of nobody', { tags: {} }],
  ])('does not adopt an image that is %s', async (_, fields) => {
    const cloud = new FakeCloud('r-other');
    cloud.addImage({ name: 'base', tags: { [MARKER_TAG]: marker }, ...fields });
    expect(await adoptMarked(cloud, marker)).toBeUndefined();
  });

  it('adopts a copy although its source, whose properties it has, is claimed', async () => {
    const cloud = new FakeCloud('r-copy');
    const properties = { [CLAIMED_PROPERTY]: 'its-source' };
    const copy = cloud.addImage({ name: 'base', tags: { [MARKER_TAG]: marker }, properties });
    expect((await adoptMarked(cloud, marker))?.id).toBe(copy.id);
  });

  it('claims once, and lives with a service that refuses properties', async () => {
    const cloud = new FakeCloud('r-claim');
    const image = cloud.addImage({ name: 'base', tags: { [MARKER_TAG]: marker } });
    expect(await claimImage(cloud, image)).toBe(true);
    expect(cloud.images.get(image.id)?.properties[CLAIMED_PROPERTY]).toBe(image.id);
    expect(claimInProcess(cloud, image.id)).toBe(true);
    releaseInProcess(cloud, image.id);
    expect(await adoptMarked(cloud, marker)).toBeUndefined();
    cloud.images.delete(image.id);
    expect(await claimImage(cloud, image)).toBe(false);
  });
});
