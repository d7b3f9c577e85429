// The infrastructure of the first run, as an infrastructure engineer writes it.
import { ImageCloud, MachineImage, OperatingSystem } from '@imagebridge/cdktf';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';

/** What the stack declares. */
export interface StackOptions {
  outDir: string;
  /** The profiles file that the embedded cloud wrote. */
  configFile: string;
  path: string;
  name: string;
  osVersion: string | undefined;
  copies: boolean;
  region: string;
  secondRegion: string;
  /** Id of the project the image is shared with, and the profile that acts for it. */
  partner: { projectId: string; cloud: string };
}

/** Synthesises the app. @returns the folder with cdk.tf.json */
export function synthesise(options: StackOptions): string {
  const app = new App({ outdir: options.outDir });
  const stack = new TerraformStack(app, 'first-run');
  // Without it the state would be written where npm start was called.
  new LocalBackend(stack, { path: 'terraform.tfstate' });
  const clouds = ImageCloud.profiles(stack, 'clouds', {
    configFile: options.configFile,
    defaultCloud: 'local',
  });

  const image = MachineImage.fromFile(stack, 'base', {
    path: options.path,
    name: options.name,
    os: options.osVersion === undefined ? undefined : OperatingSystem.huaweicloud(options.osVersion),
    tags: { purpose: 'first-run' },
  });
  image.shareWith(options.partner.projectId).acceptIn(clouds.cloud(options.partner.cloud));
  if (options.copies) {
    image.copyTo({ name: `${options.name}-copy` });
    image.copyTo({
      name: `${options.name}-${options.secondRegion}`,
      region: options.secondRegion,
      agencyName: 'ims_copy',
    });
  }
  new TerraformOutput(stack, 'image_id', { value: image.imageId });
  app.synth();
  return `${options.outDir}/stacks/first-run`;
}
