// Every example of the constructs, applied by the real terraform: nothing is left to do afterwards, and all of it can go again.
// It is synthesised on cdktf and on its successor, and compared. `npm test` applies what cdktf made; the acceptance run, both.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Project } from './cdktf-project.ts';
import { describeTerraform } from './terraform.ts';

/** Set by the project `acceptance`. */
const libraries =
  process.env.IMAGEBRIDGE_APPLY_BOTH === '1' ? (['cdktf', 'cdktn'] as const) : (['cdktf'] as const);

describe.each(libraries)('on %s', (library) => {
  describeTerraform('the examples of provider/cdktf', () => {
    let project: Project;
    beforeAll(async () => {
      project = await Project.make();
    });
    afterAll(() => project?.close());

    /** Synthesised on both, compared; the one that is applied. */
    const synthesise = async (
      example: string,
      stackNames: readonly string[],
      env: NodeJS.ProcessEnv = {},
    ) => {
      const program = `provider/cdktf/examples/${example}.ts`;
      const cdktf = await project.synthesise(program, 'cdktf', env);
      const cdktn = await project.synthesise(program, 'cdktn', env);
      for (const name of stackNames)
        expect(await project.synthesised(cdktn, name)).toEqual(await project.synthesised(cdktf, name));
      return { cdktf, cdktn }[library];
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

    it('quick-start: an image, its share and a copy in another region', async () => {
      const stacks = await synthesise('quick-start', ['images']);
      const env = { TF_VAR_partner_project_id: partner()?.projects['cn-north-4'] ?? '' };
      const stack = await project.stack(stacks, 'images', env);
      expect(await stack.apply()).toContain('Resources: 4 added');
      expect(await images()).toEqual([
        'debian-12-base cn-east-3 huaweicloud',
        'debian-12-base cn-north-4 huaweicloud',
      ]);
      await stack.destroy();
      expect(await images()).toEqual([]);
    });

    it('three-clouds: a release, and the next version of it', async () => {
      const stacks = await synthesise('three-clouds', ['release'], { RELEASE_VERSION: '1' });
      const stack = await project.stack(stacks, 'release');
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
      const stacks = await synthesise('share-across-projects', ['sharing']);
      const projects = [partner()?.openstack.projectId, project.work.cloud.accounts[2]?.openstack.projectId];
      const stack = await project.stack(stacks, 'sharing', { TF_VAR_project_ids: JSON.stringify(projects) });
      await stack.apply();
      expect(await fresh()).toMatchObject([{ name: 'debian-12-shared', family: 'openstack' }]);
      await stack.destroy();
      expect(await fresh()).toEqual([]);
    });

    it('promote: from development to production', async () => {
      const stacks = await synthesise('promote', ['candidate', 'production']);
      const candidate = await project.stack(stacks, 'candidate');
      await candidate.apply();
      const production = await project.stack(stacks, 'production');
      await production.apply();
      const [one, two] = (await fresh()).sort((a, b) => a.name.localeCompare(b.name));
      expect(two).toMatchObject({ name: 'debian-12-candidate', sha256: one?.sha256 });
      expect(one).toMatchObject({ name: 'debian-12', projectId: partner()?.openstack.projectId });
      await production.destroy();
      await candidate.destroy();
      expect(await fresh()).toEqual([]);
    });

    it('cross-cloud: an image of one family in another', async () => {
      const stacks = await synthesise('cross-cloud', ['crossing']);
      const stack = await project.stack(stacks, 'crossing');
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
});
