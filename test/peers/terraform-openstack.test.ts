// The provider under the real terraform against a real Keystone and Glance of Debian: the life of an image, a share and its
// acceptance, an interruption, imports.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connectProfile, type ImageCloud, parseProfile } from '@imagebridge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudoRandom } from '../fixtures/qcow2.ts';
import { skipReason, until, Workspace } from '../fixtures/terraform.ts';
import { whyNoDebian } from './debian.ts';
import { type Peers, type PeerUser, START_LIMIT_MS, startOpenstack } from './openstack.ts';

const MIB = 1024 ** 2;
const BASE = 'imagebridge_image.base';
const reason = whyNoDebian() ?? skipReason;

describe.skipIf(reason !== undefined)(`terraform with a real Glance${reason ? ` (${reason})` : ''}`, () => {
  let peers: Peers;
  let stop: (() => void) | undefined;
  let dir: string;
  let tf: Workspace;
  let file: string;
  let owner: ImageCloud;
  let receiver: ImageCloud;

  const fields = ({ user, password, project }: PeerUser) => ({
    family: 'openstack',
    region: peers.region,
    auth_url: peers.authUrl,
    username: user,
    password,
    project_name: project,
    user_domain_name: peers.domain,
    project_domain_name: peers.domain,
  });
  const open = (user: PeerUser) =>
    connectProfile(parseProfile(user.user, fields(user)), undefined, { env: {} });

  beforeAll(async () => {
    ({ peers, stop } = await startOpenstack());
    dir = await mkdtemp(path.join(os.tmpdir(), 'imagebridge-test-'));
    file = path.join(dir, 'disk.raw');
    await writeFile(file, bootable('first', 24 * MIB));
    owner = open(peers.member);
    receiver = open(peers.other);
    const stateDir = path.join(dir, 'state');
    await mkdir(stateDir);
    tf = await Workspace.make(path.join(dir, 'tf'), {
      ...process.env,
      IMAGEBRIDGE_STATE_DIR: stateDir,
      TF_VAR_alice: peers.member.password,
      TF_VAR_bob: peers.other.password,
    });
  }, START_LIMIT_MS);
  afterAll(async () => {
    await Promise.all([owner?.close(), receiver?.close()]);
    stop?.();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  function bootable(seed: string, sizeBytes: number): Buffer {
    const bytes = pseudoRandom(seed, 0, sizeBytes);
    bytes.writeUInt16LE(0xaa55, 510);
    return bytes;
  }

  const cloud = (user: PeerUser, variable: string) =>
    Object.entries({ ...fields(user), password: undefined })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `      ${name} = "${value}"`)
      .join('\n') + `\n      password = var.${variable}`;
  const provider = () => `
variable "alice" {
  type      = string
  ephemeral = true
}
variable "bob" {
  type      = string
  ephemeral = true
}
provider "imagebridge" {
  default_cloud = "alice"
  clouds = {
    alice = {
${cloud(peers.member, 'alice')}
    }
    bob = {
${cloud(peers.other, 'bob')}
    }
  }
}`;
  const image = (more = '', name = 'from-terraform') =>
    `${provider()}\nresource "imagebridge_image" "base" {\n  name = "${name}"\n  source = { file = "${file}" }\n  ${more}\n}\n`;
  const images = async () => {
    const found: string[] = [];
    for await (const one of owner.listImages({ scope: 'own' })) found.push(`${one.name} ${one.status}`);
    return found;
  };

  it('makes an image, and then there is nothing to do', async () => {
    const plan = await tf.step(
      image(
        'tags = { team = "web" }\n  properties = { hw_disk_bus = "scsi" }\n  min_ram_mib = 512\n  description = "first"',
      ),
    );
    expect(plan.actions).toEqual({ [BASE]: 'create' });
    const made = await owner.getImage(await tf.attribute(BASE, 'id'));
    expect(made).toMatchObject({
      name: 'from-terraform',
      status: 'active',
      sizeBytes: 24 * MIB,
      minRamMiB: 512,
    });
    const sha512 = createHash('sha512')
      .update(await readFile(file))
      .digest('hex');
    expect(await tf.attribute(BASE, 'stored_checksum')).toBe(sha512);
  });

  it('changes and clears in place', async () => {
    const id = await tf.attribute(BASE, 'id');
    const plan = await tf.step(image('', 'renamed'));
    expect(plan.actions).toEqual({ [BASE]: 'update' });
    const now = await owner.getImage(id);
    expect(now).toMatchObject({ name: 'renamed' });
    expect([now?.properties.hw_disk_bus, now?.description, now?.tags.team]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('sees what was changed from outside', async () => {
    await owner.updateImage(await tf.attribute(BASE, 'id'), { name: 'by-hand' });
    expect((await tf.planned()).actions).toEqual({ [BASE]: 'update' });
    await tf.applyPlanned();
    await tf.nothingToDo();
  });

  it('is found again by import', async () => {
    const id = await tf.attribute(BASE, 'id');
    await tf.importVerify(BASE, id, {
      ignore: ['source', 'disk_format', 'on_destroy'],
    });
  });

  it('is shared, and accepted by the other project', async () => {
    await tf.step(`${image('', 'renamed')}
resource "imagebridge_image_share" "bob" {
  image_id   = ${BASE}.id
  project_id = "${await receiver.projectId()}"
}
resource "imagebridge_image_share_acceptance" "bob" {
  cloud    = "bob"
  image_id = imagebridge_image_share.bob.image_id
}`);
    const id = await tf.attribute(BASE, 'id');
    expect(await owner.getShare(id, await receiver.projectId())).toMatchObject({ status: 'accepted' });
    await tf.step(image('', 'renamed'));
    expect(await owner.getShare(id, await receiver.projectId())).toBeUndefined();
  });

  it('is replaced for another content, and removed in the end', async () => {
    await writeFile(file, bootable('second', 24 * MIB));
    const plan = await tf.step(image('', 'renamed'));
    expect(plan.replacedBy(BASE)).toEqual(['source.sha256']);
    await tf.destroy();
    expect(await images()).toEqual([]);
  });

  it('is made once, in spite of a kill in the middle of the upload', async () => {
    const large = path.join(dir, 'large.raw');
    await writeFile(large, bootable('large', 512 * MIB));
    await tf.write(image('', 'killed').replace(file, large));
    const apply = tf.start(['apply', '-auto-approve', '-no-color']);
    await until('the record is there', async () => (await images()).length > 0);
    apply.signalAll('SIGKILL');
    await apply.done;
    await tf.apply();
    expect(await images()).toEqual(['killed active']);
    await tf.nothingToDo();
    await tf.destroy();
    expect(await images()).toEqual([]);
  });
});
