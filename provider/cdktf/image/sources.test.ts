import { describe, expect, test } from 'vitest';
import {
  Architecture,
  Firmware,
  type MachineImage as Image,
  ImageCloud,
  ImageFormat,
  MachineImage,
  OnDestroy,
  OperatingSystem,
  Size,
  UploadRoute,
  Visibility,
} from '../index.ts';
import { dataSources, ref, resources, synth, variable } from '../testing.ts';

type Scope = Parameters<Parameters<typeof resources>[0]>[0];
const HASHES = { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128), md5: 'c'.repeat(32) };

describe('MachineImage', () => {
  test.each<[string, (stack: Scope) => Image, Record<string, unknown>]>([
    [
      'a file',
      (stack) =>
        MachineImage.fromFile(stack, 'i', {
          name: 'n',
          path: '/f.xz',
          ...HASHES,
          unpack: true,
          convert: true,
          dataDisk: true,
        }),
      { file: '/f.xz', ...HASHES, unpack: true, convert: true, data_disk: true },
    ],
    [
      'a URL',
      (stack) => MachineImage.fromUrl(stack, 'i', { name: 'n', url: 'https://x/i.qcow2', md5: HASHES.md5 }),
      { url: 'https://x/i.qcow2', md5: HASHES.md5 },
    ],
    [
      'a URL that grants access',
      (stack) =>
        MachineImage.fromUrl(stack, 'i', { name: 'n', secretUrl: variable(stack), secretUrlVersion: 2 }),
      { url_wo: ref('var.v'), url_wo_version: 2 },
    ],
    [
      'an object',
      (stack) => MachineImage.fromObject(stack, 'i', { name: 'n', bucket: 'b', key: 'k', dataDisk: true }),
      { object: { bucket: 'b', key: 'k' }, data_disk: true },
    ],
    [
      'a disk of a server',
      (stack) =>
        MachineImage.fromServer(stack, 'i', { name: 'n', serverId: 's', diskId: 'd', storageSet: 'x' }),
      { server_id: 's', disk_id: 'd', storage_set: 'x' },
    ],
    [
      'a whole server',
      (stack) => MachineImage.fromServer(stack, 'i', { name: 'n', serverId: 's', wholeServerVaultId: 'v' }),
      { whole_server_id: 's', vault_id: 'v' },
    ],
    [
      'a volume',
      (stack) => MachineImage.fromVolume(stack, 'i', { name: 'n', volumeId: 'v', dataDisk: true }),
      { volume_id: 'v', data_disk: true },
    ],
    [
      'a backup',
      (stack) => MachineImage.fromBackup(stack, 'i', { name: 'n', backupId: 'b', vaultId: 'v' }),
      { backup_id: 'b', vault_id: 'v' },
    ],
    [
      'an image of another cloud',
      (stack) =>
        MachineImage.fromImage(stack, 'i', {
          name: 'n',
          image: MachineImage.fromImageId(stack, 'o', {
            imageId: 'o-1',
            cloud: ImageCloud.fromProfile('other'),
            region: 'r9',
          }),
        }),
      { image: { id: 'o-1', cloud: 'other', region: 'r9' } },
    ],
  ])('is made of %s', (_, build, source) => {
    expect(resources((stack) => void build(stack)).imagebridge_image).toEqual([{ name: 'n', source }]);
  });

  test('writes all that can be said', () => {
    const made = resources((stack) => {
      MachineImage.fromFile(stack, 'i', {
        name: 'n',
        path: '/f',
        cloud: ImageCloud.fromProfile('c', { family: 'huaweicloud' }),
        region: 'r',
        description: 'd',
        tags: { k: 'v' },
        properties: { p: 'q' },
        os: OperatingSystem.debian('12'),
        architecture: Architecture.ARM64,
        firmware: Firmware.UEFI,
        minDisk: Size.gibibytes(40),
        minRam: Size.gibibytes(1),
        format: ImageFormat.QCOW2,
        visibility: Visibility.PRIVATE,
        protected: true,
        active: false,
        onDestroy: OnDestroy.RETAIN,
        route: UploadRoute.STAGED,
        stagingBucket: 'b',
        timeouts: { create: '2h' },
        lifecycle: { createBeforeDestroy: true },
      });
    });
    expect(made.imagebridge_image).toEqual([
      {
        name: 'n',
        source: { file: '/f' },
        cloud: 'c',
        region: 'r',
        description: 'd',
        tags: { k: 'v' },
        properties: { p: 'q' },
        os_version: 'Debian GNU/Linux 12.0.0 64bit',
        architecture: 'arm',
        boot_mode: 'uefi',
        min_disk_gib: 40,
        min_ram_mib: 1024,
        disk_format: 'qcow2',
        visibility: 'private',
        protected: true,
        active: false,
        on_destroy: 'retain',
        route: 'staged',
        staging_bucket: 'b',
        timeouts: { create: '2h' },
        lifecycle: { create_before_destroy: true },
      },
    ]);
  });

  test('is looked up while planning', () => {
    const build = (stack: Scope) => {
      const found = MachineImage.lookup(stack, 'i', {
        namePrefix: 'debian-12-',
        tags: { team: 'web' },
        properties: { p: 'q' },
        mostRecent: true,
        scope: 'own',
        cloud: ImageCloud.fromProfile('c'),
        region: 'r',
      });
      found.resource.overrideLogicalId('found');
      found.copyTo({ name: 'copy' });
    };
    expect(dataSources(build).imagebridge_image).toEqual([
      {
        name_prefix: 'debian-12-',
        with_tags: { team: 'web' },
        with_properties: { p: 'q' },
        most_recent: true,
        scope: 'own',
        cloud: 'c',
        region: 'r',
      },
    ]);
    expect(resources(build).imagebridge_image_copy).toMatchObject([
      { source_image_id: ref('data.imagebridge_image.found.id') },
    ]);
  });

  test.each<[string, (stack: Scope) => unknown, string]>([
    [
      'two sources',
      (stack) => MachineImage.fromUrl(stack, 'i', { name: 'n', url: 'u', secretUrl: variable(stack) }),
      'stack/i: source: got url and secretUrl, expected one of url and secretUrl',
    ],
    [
      'a disk of a whole server',
      (stack) =>
        MachineImage.fromServer(stack, 'i', {
          name: 'n',
          serverId: 's',
          diskId: 'd',
          wholeServerVaultId: 'v',
        }),
      'stack/i: source: got diskId and wholeServerVaultId, expected one source',
    ],
    [
      'no source',
      (stack) => MachineImage.fromUrl(stack, 'i', { name: 'n' }),
      'stack/i: source: got none, expected one of url and secretUrl',
    ],
    [
      'a URL that grants access, in the clear',
      (stack) => MachineImage.fromUrl(stack, 'i', { name: 'n', secretUrl: 'https://x?sig=1' }),
      'stack/i: secretUrl: got a literal, which would stand in the synthesised files',
    ],
    [
      'a wrong hash',
      (stack) => MachineImage.fromFile(stack, 'i', { name: 'n', path: '/f', sha256: 'ABC' }),
      'stack/i: sha256: got "ABC", expected 64 digits 0-9 and a-f, in lower case',
    ],
    [
      'a volume without a system',
      (stack) => MachineImage.fromVolume(stack, 'i', { name: 'n', volumeId: 'v' }),
      'stack/i: os: got none, expected the system on the volume, or dataDisk: true',
    ],
    [
      'a search for nothing',
      (stack) => MachineImage.lookup(stack, 'i', { mostRecent: true, region: 'r' }),
      'stack/i: query: got nothing to look for',
    ],
    [
      'the newest of a channel',
      (stack) => MachineImage.lookup(stack, 'i', { mostRecent: true, channel: 'c' }),
      'stack/i: mostRecent: got it with a channel',
    ],
    [
      'a system whose words depend on a family that is not known',
      (stack) =>
        MachineImage.fromFile(stack, 'i', { name: 'n', path: '/f', os: OperatingSystem.ubuntu('22.04') }),
      'stack/i: os: got Ubuntu 22.04 for a cloud whose family is not known here, expected a cloud whose family is',
    ],
    [
      'an image known to another provider configuration only',
      (stack) => {
        const cloud = ImageCloud.huaweicloud(stack, 'a', { region: 'r', alias: 'apart' });
        const image = MachineImage.fromImageId(stack, 'o', { imageId: 'x', cloud });
        MachineImage.fromImage(stack, 'i', { name: 'n', image });
      },
      'stack/i: cloud: got "a" of provider alias "apart", expected one of alias "(none)"',
    ],
    [
      'the same construct id twice',
      (stack) => {
        MachineImage.fromFile(stack, 'i', { name: 'n', path: '/f' });
        MachineImage.fromFile(stack, 'i', { name: 'm', path: '/g' });
      },
      "There is already a Construct with name 'i'",
    ],
  ])('refuses %s', (_, build, message) => {
    expect(() => synth((stack) => void build(stack))).toThrow(message);
  });
});

describe('OperatingSystem', () => {
  test.each([
    [
      OperatingSystem.ubuntu('22.04'),
      'Ubuntu 22.04 server 64bit',
      ['Linux', 'Ubuntu', '22.04'],
      ['linux', 'ubuntu', '22.04'],
    ],
    [
      OperatingSystem.debian('12'),
      'Debian GNU/Linux 12.0.0 64bit',
      ['Linux', 'Debian', '12'],
      ['linux', 'debian', '12'],
    ],
    [
      OperatingSystem.openEuler('22.03'),
      'openEuler 22.03 64bit',
      ['Linux', 'OpenEuler', '22.03'],
      ['linux', 'openeuler', '22.03'],
    ],
    [OperatingSystem.rocky('9'), 'Other Linux(64 bit)', ['Linux', 'Rocky', '9'], ['linux', 'rocky', '9']],
    [
      OperatingSystem.suse('12 SP5'),
      'SUSE Linux Enterprise Server 12 SP5 64bit',
      ['Linux', 'Other', '12 SP5'],
      ['linux', 'sles', '12 SP5'],
    ],
    [
      OperatingSystem.windowsServer('2012 R2', 'Datacenter'),
      'Windows Server 2012 R2 Datacenter 64bit',
      ['Windows', 'Windows', '2012R2'],
      ['windows', 'windows', '2012 R2'],
    ],
  ])('$label is spelt for each family', (os, huaweicloud, ucloudstack, openstack) => {
    const words = (family: 'ucloudstack' | 'openstack') => {
      const { type, distribution, version } = os.factsFor(family) ?? {};
      return [type, distribution, version];
    };
    expect(os.factsFor('huaweicloud')).toEqual({ version: huaweicloud });
    expect(words('ucloudstack')).toEqual(ucloudstack);
    expect(words('openstack')).toEqual(openstack);
  });

  test('takes a token only where it need not be spelt', () => {
    const made = resources((stack) => {
      const version = variable(stack);
      MachineImage.fromFile(stack, 'i', { name: 'n', path: '/f', os: OperatingSystem.of({ version }) });
      expect(() => OperatingSystem.ubuntu(version)).toThrow(
        'version of Ubuntu: got a token, expected a literal',
      );
    });
    expect(made.imagebridge_image).toMatchObject([{ os_version: ref('var.v') }]);
  });
});
