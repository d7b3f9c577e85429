// Every example of the constructs, applied by the real terraform: nothing is left to do afterwards, and all of it can go again.
// It is synthesised on cdktf and on its successor: terraform gets the same from both, so one of them is applied.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Project } from './cdktf-project.ts';
import { describeTerraform } from './terraform.ts';

describeTerraform('the examples of provider/cdktf', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make();
  });
  afterAll(() => project?.close());

  /** Synthesised on both, compared. */
  const synthesise = async (example: string, stackNames: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const program = `provider/cdktf/examples/${example}.ts`;
    const cdktf = await project.synthesise(program, 'cdktf', env);
    const cdktn = await project.synthesise(program, 'cdktn', env);
    for (const name of stackNames)
      expect(await project.synthesised(cdktn, name)).toEqual(await project.synthesised(cdktf, name));
    return { cdktf, cdktn };
  };
  // Releases leave earlier images behind, as they should: what was there before a test does not count in it.
  let before: string[] = [];
  beforeEach(async () => {
    before = (await project.work.cloud.storedImages()).map(({ id }) => id);
  });
  const fresh = async () =>
    (await project.work.cloud.storedImages()).filter(({ id }) => !before.includes(id));
  const images = async () =>
    (await fresh()).map(({ name, region, family }) => `${name} ${region} ${family}`).sort();
  const partner = () => project.work.cloud.accounts[1];

  it('quick-start: an image, its share and a copy in another region, on both libraries', async () => {
    const { cdktf, cdktn } = await synthesise('quick-start', ['images']);
    const env = { TF_VAR_partner_project_id: partner()?.projects['cn-north-4'] ?? '' };
    for (const stacks of [cdktf, cdktn]) {
      const stack = await project.stack(stacks, 'images', env);
      expect(await stack.apply()).toContain('Resources: 4 added');
      expect(await images()).toEqual([
        'debian-12-base cn-east-3 huaweicloud',
        'debian-12-base cn-north-4 huaweicloud',
      ]);
      await stack.destroy();
      expect(await images()).toEqual([]);
    }
  });

  it('three-clouds: a release, and the next version of it', async () => {
    const { cdktf } = await synthesise('three-clouds', ['release'], { RELEASE_VERSION: '1' });
    const stack = await project.stack(cdktf, 'release');
    await stack.apply();
    const first = [
      'debian-12-1 cn-north-4 huaweicloud',
      'debian-12-1 cn-north-4 openstack',
      'debian-12-1 cn-north-4 ucloudstack',
    ];
    expect(await images()).toEqual(first);

    // The earlier images stay, for the rules to retire when they are old enough.
    await project.writeImage('version 2');
    await synthesise('three-clouds', ['release'], { RELEASE_VERSION: '2' });
    await stack.apply();
    expect(await images()).toEqual([...first, ...first.map((image) => image.replace('-1 ', '-2 '))].sort());
    await stack.destroy();
    expect(await images()).toHaveLength(6);
  });

  it('share-across-projects: exactly those projects', async () => {
    const { cdktf } = await synthesise('share-across-projects', ['sharing']);
    const projects = [partner()?.openstack.projectId, project.work.cloud.accounts[2]?.openstack.projectId];
    const stack = await project.stack(cdktf, 'sharing', { TF_VAR_project_ids: JSON.stringify(projects) });
    await stack.apply();
    expect(await fresh()).toMatchObject([{ name: 'debian-12-shared', family: 'openstack' }]);
    await stack.destroy();
    expect(await fresh()).toEqual([]);
  });

  it('promote: from development to production', async () => {
    const { cdktf } = await synthesise('promote', ['candidate', 'production']);
    const candidate = await project.stack(cdktf, 'candidate');
    await candidate.apply();
    const production = await project.stack(cdktf, 'production');
    await production.apply();
    const [one, two] = (await fresh()).sort((a, b) => a.name.localeCompare(b.name));
    expect(two).toMatchObject({ name: 'debian-12-candidate', sha256: one?.sha256 });
    expect(one).toMatchObject({ name: 'debian-12', projectId: partner()?.openstack.projectId });
    await production.destroy();
    await candidate.destroy();
    expect(await fresh()).toEqual([]);
  });

  it('cross-cloud: an image of one family in another', async () => {
    const { cdktf } = await synthesise('cross-cloud', ['crossing']);
    const stack = await project.stack(cdktf, 'crossing');
    await stack.apply();
    const made = await fresh();
    expect(made.map(({ family }) => family).sort()).toEqual(['huaweicloud', 'openstack']);
    expect(new Set(made.map(({ sha256 }) => sha256)).size).toBe(1);
    // OpenStack has no values of tags: they stand in the tag.
    for (const { tags } of made)
      expect(tags['team=platform'] === '' || tags.team === 'platform', JSON.stringify(tags)).toBe(true);
    await stack.destroy();
    expect(await fresh()).toEqual([]);
  });
});
