// How long the synthesis of many images takes, against as many plain resources of CDKTF with the same attributes.
// A section of `npm run bench`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Architecture, ImageCloud, MachineImage, OperatingSystem, Size } from '@imagebridge/cdktf';
import { App, LocalBackend, TerraformResource, TerraformStack } from 'cdktf';
import { print, ratio } from './print.ts';

const FACTS = { arch: 'x86_64', minDiskGib: 40, tags: { channel: 'stable', team: 'platform' } };
const hash = (index: number) => index.toString(16).padStart(64, '0');

/** A resource without any comfort: attributes in, attributes out. */
class PlainImage extends TerraformResource {
  readonly #attributes: Record<string, unknown>;

  constructor(scope: TerraformStack, id: string, attributes: Record<string, unknown>) {
    super(scope, id, { terraformResourceType: 'imagebridge_image' });
    this.#attributes = attributes;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.#attributes;
  }
}

/** The same images as constructs of this library. */
function constructs(stack: TerraformStack, images: number): void {
  const cloud = ImageCloud.openstack(stack, 'cloud', { authUrl: 'https://keystone.example/v3' });
  for (let index = 0; index < images; index++)
    MachineImage.fromFile(stack, `image-${index}`, {
      cloud,
      path: `/images/${index}.qcow2`,
      name: `image-${index}`,
      sha256: hash(index),
      os: OperatingSystem.ubuntu('22.04'),
      architecture: Architecture.X86_64,
      minDisk: Size.gibibytes(FACTS.minDiskGib),
      tags: FACTS.tags,
    });
}

function plain(stack: TerraformStack, images: number): void {
  for (let index = 0; index < images; index++)
    new PlainImage(stack, `image-${index}`, {
      cloud: 'cloud',
      source: { file: `/images/${index}.qcow2`, sha256: hash(index) },
      name: `image-${index}`,
      os_type: 'linux',
      os_distribution: 'ubuntu',
      os_version: '22.04',
      architecture: FACTS.arch,
      min_disk_gib: FACTS.minDiskGib,
      tags: FACTS.tags,
    });
}

/** Ms from the first construct to the written file. */
function timed(make: (stack: TerraformStack, images: number) => void, images: number): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'imagebridge-synth-'));
  try {
    const app = new App({ outdir });
    const startedMs = performance.now();
    const stack = new TerraformStack(app, 'images');
    new LocalBackend(stack, {});
    make(stack, images);
    app.synth();
    return performance.now() - startedMs;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Minimum times of so many rounds, in turn, in ms. */
function synthesis(images: number, rounds: number): { constructsMs: number; plainMs: number } {
  const times = { constructs: [] as number[], plain: [] as number[] };
  // The first round warms both up.
  for (let round = 0; round <= rounds; round++) {
    const one = { constructs: timed(constructs, images), plain: timed(plain, images) };
    if (round === 0) continue;
    times.constructs.push(one.constructs);
    times.plain.push(one.plain);
  }
  return { constructsMs: Math.min(...times.constructs), plainMs: Math.min(...times.plain) };
}

/** Prints it. */
export function synth(images: number, rounds: number): void {
  const { constructsMs, plainMs } = synthesis(images, rounds);
  print('\nSynthesis of a stack with CDKTF, minimum times');
  print(
    `  ${images} images ${constructsMs.toFixed(0)} ms, as many plain resources ${plainMs.toFixed(0)} ms, ` +
      `${ratio(constructsMs, plainMs)} (aim: at most 1.3)`,
  );
}
