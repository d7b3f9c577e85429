// The infrastructure half of the first run: declare, share, accept, copy, plan again, destroy, with the real terraform.
import path from 'node:path';
import type { LocalCloud } from '@imagebridge/local-cloud';
import { z } from 'zod';
import { runJson } from '../fixtures/cli-process.ts';
import { begin, check, draw, say } from './screen.ts';
import { synthesise } from './stack.ts';
import { findTerraform, terraformIn } from './terraform.ts';

/** What the infrastructure half needs. */
export interface TerraformSteps {
  cloud: LocalCloud;
  env: NodeJS.ProcessEnv;
  workDir: string;
  path: string;
  osVersion: string | undefined;
  /** False for an ISO, which the cloud does not copy. */
  copies: boolean;
  sha256: string;
  /** Id of an image that was there before and must stay. */
  keepImageId: string;
}

/** Runs the steps. @returns false when terraform is not installed and they were left out */
export async function terraformSteps(run: TerraformSteps): Promise<boolean> {
  const binary = await findTerraform(run.env);
  if (binary === undefined) {
    begin('Declare it as infrastructure: left out');
    say('terraform is not installed, so this half was left out.');
    say('Get it from https://developer.hashicorp.com/terraform/install, then run npm start again.');
    return false;
  }
  const [region = '', secondRegion = ''] = Object.keys(run.cloud.endpoints.regions);
  const partner = run.cloud.accounts.find((account) => account.domain === 'partner');

  begin('Write the infrastructure in TypeScript, and synthesise it');
  const dir = synthesise({
    outDir: path.join(run.workDir, 'cdktf.out'),
    configFile: run.cloud.profilesPath,
    path: run.path,
    name: 'first-run-base',
    osVersion: run.osVersion,
    copies: run.copies,
    region,
    secondRegion,
    partner: { projectId: partner?.projects[region] ?? '', cloud: 'partner' },
  });
  say('one image from the file, one share, its acceptance');
  say(
    run.copies
      ? 'a copy in the region, a copy to another region'
      : 'no copies: the cloud copies no ISO images',
  );
  const terraform = await terraformIn(dir, binary, run.env);

  begin('terraform init and apply');
  const initialised = await terraform.run(['init', '-no-color', '-input=false']);
  check(initialised.code === 0, 'initialised, with the provider of this repository', initialised.output);
  const applied = await terraform.run(['apply', '-auto-approve', '-no-color'], showTerraform);
  check(applied.code === 0, lastLine(applied.output, /Apply complete/), applied.output);
  const images = (await run.cloud.storedImages()).filter((image) => image.id !== run.keepImageId);
  const expected = run.copies ? 3 : 1;
  check(
    images.length === expected,
    run.copies ? 'the cloud has the image and its two copies' : 'the cloud has the image',
  );
  check(
    images.every((image) => image.sha256 === run.sha256),
    'what it stored has the SHA-256 of the file',
  );
  if (run.copies)
    check(
      images.filter((image) => image.region === secondRegion).length === 1,
      `one of them is in the second region, ${secondRegion}`,
    );
  await shareIsAccepted(run, images.find((image) => image.name === 'first-run-base')?.id);

  begin('terraform plan, a second time');
  const plan = await terraform.run(['plan', '-detailed-exitcode', '-no-color']);
  check(plan.code === 0, lastLine(plan.output, /No changes/), plan.output);

  begin('terraform destroy');
  const destroyed = await terraform.run(['destroy', '-auto-approve', '-no-color'], showTerraform);
  check(destroyed.code === 0, lastLine(destroyed.output, /Destroy complete/), destroyed.output);
  const left = (await run.cloud.storedImages()).filter((image) => image.id !== run.keepImageId);
  check(left.length === 0, 'none of these images is left in the cloud');
  check((await run.cloud.unfinishedUploads()).length === 0, 'no unfinished upload is left in the cloud');
  return true;
}

/** Asks the cloud as the second project, not Terraform: it must see the image among those it has accepted. */
async function shareIsAccepted(run: TerraformSteps, imageId: string | undefined): Promise<void> {
  const args = ['image', 'list', '--cloud', 'partner', '--scope', 'shared'];
  const shared = await runJson(args, run.env, z.array(z.object({ id: z.string() })));
  check(
    shared.length === 1 && shared[0]?.id === imageId,
    `the second project has accepted the share: it sees image ${imageId}`,
  );
}

/** Terraform repeats itself; only lines that tell of progress are shown. */
function showTerraform(line: string): void {
  if (/: (Creating|Still creating|Creation complete|Destroying|Destruction complete|Modif)/.test(line))
    draw(line.trim());
}

const lastLine = (output: string, pattern: RegExp): string =>
  output
    .split('\n')
    .find((line) => pattern.test(line))
    ?.trim() ?? 'terraform ended';
