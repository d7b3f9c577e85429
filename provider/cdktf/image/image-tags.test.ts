import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { ImageCloud, ImageTags, MachineImage } from '../index.ts';
import { ref, resources } from '../testing.ts';

test('tags go to all images and copies below, nearer ones before farther ones, and own ones before all', () => {
  const made = resources((stack) => {
    ImageTags.of(stack).add('team', 'platform').add('stage', 'far').add('gone', 'x');
    const near = new Construct(stack, 'near');
    ImageTags.of(near).add('stage', 'near').remove('gone');
    MachineImage.fromFile(stack, 'a', { path: '/f', name: 'a', tags: { team: 'own' } });
    const image = MachineImage.fromFile(near, 'b', { path: '/f', name: 'b' });
    image.copyTo({ name: 'c', region: 'r' });
    image.copyTo({ name: 'd', cloud: ImageCloud.fromProfile('other') });
    const open = ImageCloud.fromProfile('open', { family: 'openstack' });
    MachineImage.fromImageId(near, 'o', { imageId: 'o', cloud: open }).copyTo({ name: 'e' });
    image.shareWith('p');
  });

  expect(made.imagebridge_image).toMatchObject([
    { name: 'a', tags: { team: 'own', stage: 'far', gone: 'x' } },
    { name: 'b', tags: { team: 'platform', stage: 'near' } },
  ]);
  expect(made.imagebridge_image?.[1]).not.toHaveProperty('tags.gone');
  // A cloud that is not known may make copies without tags, and refuse them.
  const tags = { team: 'platform', stage: 'near' };
  const copies = made.imagebridge_image_copy ?? [];
  expect(copies).toHaveLength(3);
  expect(copies).toContainEqual(expect.not.objectContaining({ tags: expect.anything() }));
  expect(copies).toContainEqual(expect.objectContaining({ name: 'd', tags }));
  expect(copies).toContainEqual(expect.objectContaining({ name: 'e', tags }));
  expect(made.imagebridge_image_share?.[0]).not.toHaveProperty('tags');
});

test('a tag is merged with tags that are known after apply', () => {
  const made = resources((stack) => {
    const tags = new TerraformVariable(stack, 'tags', { type: 'map(string)' });
    ImageTags.of(stack).add('team', 'platform');
    const image = MachineImage.fromFile(stack, 'a', { path: '/f', name: 'a' });
    image.resource.tags = tags.value;
  });
  expect(made.imagebridge_image).toMatchObject([{ tags: ref('merge({"team" = "platform"}, var.tags)') }]);
});

test('a wrong tag is refused where it is added', () => {
  resources((stack) => {
    expect(() => ImageTags.of(stack).add('a b', 'c')).toThrow('stack: tags: got the key "a b"');
    expect(() => ImageTags.of(stack).add('a', 'b c')).toThrow('stack: tags: value of a: got "b c"');
  });
});
