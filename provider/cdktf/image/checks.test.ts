import { describe, expect, test } from 'vitest';
import {
  CopyRoute,
  ExportDestination,
  ImageCloud,
  ImageFormat,
  MachineImage,
  OnDestroy,
  type ProfileOptions,
} from '../index.ts';
import { problems, variable } from '../testing.ts';

type Scope = Parameters<Parameters<typeof problems>[0]>[0];
const on = (family: ProfileOptions['family']) => ImageCloud.fromProfile('c', { family });
const image = (stack: Scope, family: ProfileOptions['family']) =>
  MachineImage.fromImageId(stack, 'i', { imageId: 'x', cloud: on(family) });
const file = (stack: Scope, family: ProfileOptions['family'], more: object) =>
  MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n', cloud: on(family), ...more });

describe('at synthesis', () => {
  test.each<[string, (stack: Scope) => unknown, string]>([
    [
      'a name that the family does not take, with one that it does',
      (stack) => file(stack, 'ucloudstack', { name: 'Débian 12' }),
      '[stack/i] name: got "Débian 12"; expected a name that ucloudstack takes: 1 to 128 Chinese or English letters, ' +
        'digits, dots, underscores and hyphens. For example "Debian-12".',
    ],
    [
      'a name that was changed beneath',
      (stack) => {
        file(stack, 'huaweicloud', {}).resource.name = ' n';
      },
      '[stack/i] name: got " n"; expected a name that huaweicloud takes',
    ],
    [
      'a name of a copy',
      (stack) => image(stack, 'huaweicloud').copyTo({ name: 'a/b' }),
      '[stack/i/Copy-a-b] name: got "a/b"; expected a name that huaweicloud takes',
    ],
    [
      'a name in the cloud that gets the copy',
      (stack) => image(stack, 'openstack').copyTo({ name: 'a b', cloud: on2('ucloudstack') }),
      'name: got "a b"; expected a name that ucloudstack takes',
    ],
    [
      'a share where there is none',
      (stack) => image(stack, 'ucloudstack').shareWith('p'),
      '[stack/i/Share-p] share: got one on ucloudstack, which has no sharing; expected a base image, which other tenants can ' +
        'use: promoteToBase().',
    ],
    [
      'a set of shares where there is none',
      (stack) => image(stack, 'ucloudstack').shareOnlyWith(['p']),
      '[stack/i/Shares] share: got one on ucloudstack, which has no sharing',
    ],
    [
      'a copy to another region where the cloud makes none',
      (stack) => image(stack, 'openstack').copyTo({ name: 'n', region: 'r2' }),
      'copyTo: got a copy to another region on openstack, which makes none by itself; expected the option via',
    ],
    [
      'a base image where there is none',
      (stack) => image(stack, 'openstack').promoteToBase({ name: 'n' }),
      '[stack/i/Base-n] promoteToBase: got it on openstack, which has no such base images',
    ],
    [
      'further stores where there are none',
      (stack) => image(stack, 'huaweicloud').copyToStores(['s']),
      '[stack/i/Stores] copyToStores: got it on huaweicloud, which has no stores to choose; expected',
    ],
    [
      'an export into a store that the cloud has not',
      (stack) => image(stack, 'openstack').exportTo({ to: ExportDestination.object('b', 'k') }),
      "[stack/i/Export-k] to: got an object of the cloud's own store on openstack; expected a file or an S3 store",
    ],
    [
      'a channel where marks cannot be kept',
      (stack) => image(stack, 'ucloudstack').promoteTo('stable'),
      '[stack/i/Channel-stable] name: got a channel on ucloudstack, which cannot keep one',
    ],
    [
      'a format that the family does not take',
      (stack) => file(stack, 'openstack', { format: ImageFormat.QED }),
      '[stack/i] format: got "qed"; expected one that openstack takes: qcow2, raw',
    ],
    [
      'a source that the family does not take',
      (stack) => MachineImage.fromUrl(stack, 'i', { url: 'https://x', name: 'n', cloud: on('huaweicloud') }),
      '[stack/i] source: got a URL on huaweicloud, which cannot do that; expected a file, or an object of a bucket of the region.',
    ],
    [
      'tags of a copy where copies have none',
      (stack) => image(stack, 'huaweicloud').copyTo({ name: 'n', tags: { k: 'v' } }),
      '[stack/i/Copy-n] tags: got some for a copy on huaweicloud, which makes copies without',
    ],
    [
      'an end of a copy that the family does not know',
      (stack) => image(stack, 'huaweicloud').copyTo({ name: 'n', onDestroy: OnDestroy.DEACTIVATE }),
      '[stack/i/Copy-n] onDestroy: got DEACTIVATE on huaweicloud, which cannot do that',
    ],
    [
      'an end that the family does not know',
      (stack) => file(stack, 'huaweicloud', { onDestroy: OnDestroy.DEACTIVATE }),
      '[stack/i] onDestroy: got DEACTIVATE on huaweicloud, which cannot do that',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(problems((stack) => void build(stack))).toContain(message);
  });

  test('lets pass what may be right: tokens, families that are not known, other ways', () => {
    const said = problems((stack) => {
      file(stack, 'ucloudstack', { name: variable(stack) });
      const unknown = MachineImage.fromImageId(stack, 'u', {
        imageId: 'x',
        cloud: ImageCloud.fromProfile('u'),
      });
      unknown.shareWith('p');
      unknown.copyTo({ name: 'any/name', region: 'r2' });
      unknown.exportTo({ to: ExportDestination.object('b', 'k') });
      const known = MachineImage.fromImageId(stack, 'k', { imageId: 'x', cloud: on('openstack') });
      known.copyTo({ name: 'n', region: 'r2', via: CopyRoute.STREAM });
      known.copyTo({ name: 'n', cloud: on2('ucloudstack') });
      known.exportTo({ to: ExportDestination.file('disk.qcow2') });
      MachineImage.fromFile(stack, 'f', {
        path: '/f',
        name: 'n',
        cloud: on('openstack'),
        format: ImageFormat.QED,
        convert: true,
      });
    });
    expect(said).toBe('');
  });
});

describe('at construction', () => {
  test.each<[string, (stack: Scope) => unknown, string]>([
    [
      'a copy to the region that the image is in',
      (stack) =>
        MachineImage.fromImageId(stack, 'i', { imageId: 'x', region: 'r' }).copyTo({
          name: 'n',
          region: 'r',
        }),
      'region: got "r", where the image is, expected another region, or no region for a copy beside the image',
    ],
    [
      "a copy to the cloud's own region",
      (stack) => {
        const cloud = ImageCloud.huaweicloud(stack, 'c', { region: 'r' });
        MachineImage.fromImageId(stack, 'i', { imageId: 'x', cloud }).copyTo({ name: 'n', region: 'r' });
      },
      'region: got "r", where the image is',
    ],
    [
      'a project twice in a set of shares',
      (stack) => MachineImage.fromImageId(stack, 'i', { imageId: 'x' }).shareOnlyWith(['p', 'q', 'p']),
      'stack/i/Shares: projectIds: got "p" twice, expected each project once',
    ],
    [
      'a name that is none for a channel',
      (stack) => MachineImage.fromImageId(stack, 'i', { imageId: 'x' }).promoteTo('a channel'),
      'name: got "a channel", expected 1 to 64 letters, digits, hyphens and underscores',
    ],
    [
      'a conversion on the way to a file',
      (stack) =>
        MachineImage.fromImageId(stack, 'i', { imageId: 'x' }).exportTo({
          to: ExportDestination.file('f'),
          format: ImageFormat.VHD,
        }),
      'format: got one for an export to a file, expected none',
    ],
    [
      'a tag that no family takes',
      (stack) => MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n', tags: { 'a b': 'c' } }),
      'tags: got the key "a b", expected keys of 1 to 36 letters',
    ],
    [
      'a token as the key of a tag',
      (stack) =>
        MachineImage.fromFile(stack, 'i', { path: '/f', name: 'n', tags: { [variable(stack)]: 'c' } }),
      'tags: got a token as a key, expected a literal',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(problemsOf(build)).toContain(message);
  });
});

const on2 = (family: ProfileOptions['family']) => ImageCloud.fromProfile('other', { family });

function problemsOf(build: (stack: Scope) => unknown): string {
  try {
    return problems((stack) => void build(stack));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
