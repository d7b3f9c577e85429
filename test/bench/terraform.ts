// The provider under the real terraform, against terraform's built-in `terraform_data`: plans of what has not changed, in turn.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@imagebridge/core';
import { Agent } from 'undici';
import { pseudoRandom } from '../fixtures/qcow2.ts';
import { Workspace } from '../fixtures/terraform.ts';
import { listBare, makeImages, signInOf } from './list.ts';
import { descendants, median, peakRss } from './measure.ts';
import { startServer } from './server.ts';

/** Medians in ms; the memory is the most that one process of the provider had resident, in bytes. */
export interface TerraformFigures {
  readonly one: PlanFigures;
  readonly many: PlanFigures & {
    readonly images: number;
    /** What bare calls take to list the same images. */
    readonly apiMs: number;
  };
}

interface PlanFigures {
  readonly oursMs: number;
  /** As many `terraform_data`. */
  readonly builtInMs: number;
  readonly peakRssBytes: number | undefined;
}

/** Plans one image and many, each beside as many `terraform_data`. */
export async function terraformPlans(dir: string, images: number, rounds: number): Promise<TerraformFigures> {
  const server = await startServer({ dataDir: path.join(dir, 'cloud') });
  const agent = new Agent({ connections: 16 });
  try {
    const { profilesPath, ims } = server;
    // Extra certificates cost every Node process 40 ms at its start.
    const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
    const env = {
      ...inherited,
      XDG_CACHE_HOME: path.join(dir, 'cache'),
      IMAGEBRIDGE_CONFIG: profilesPath,
      IMAGEBRIDGE_STATE_DIR: path.join(dir, 'state'),
    };
    const one = await Workspace.make(path.join(dir, 'one'), env);
    const disk = pseudoRandom('bench', 0, 1024 ** 2);
    disk.writeUInt16LE(0xaa55, 510);
    await writeFile(path.join(one.dir, 'disk.raw'), disk);
    await one.write(
      'resource "imagebridge_image" "one" {\n  name   = "one"\n  source = { file = "disk.raw" }\n}',
    );
    const builtInOne = await Workspace.make(path.join(dir, 'built-in-one'), env);
    await builtInOne.writeWhole('resource "terraform_data" "one" {\n  input = "one"\n}\n');
    await one.apply();
    await builtInOne.apply();

    const { headers, projectId } = await signInOf(agent, server);
    await makeImages(agent, ims, headers, images);
    const many = await Workspace.make(path.join(dir, 'many'), env);
    const ids = JSON.stringify(await idsByName(profilesPath));
    await writeFile(path.join(many.dir, 'ids.json'), ids);
    const declared = `locals {\n  ids = jsondecode(file("ids.json"))\n}
resource "imagebridge_image" "many" {\n  for_each = local.ids\n  name = each.key\n  source = {}\n  tags = { stage = "bench" }\n}\n`;
    await many.write(
      `${declared}import {\n  for_each = local.ids\n  to = imagebridge_image.many[each.key]\n  id = each.value\n}\n`,
    );
    await many.apply();
    await many.write(declared);
    const builtInMany = await Workspace.make(path.join(dir, 'built-in-many'), env);
    // Declared as the images are: terraform needs longer for `for_each` than for `count`.
    await writeFile(path.join(builtInMany.dir, 'ids.json'), ids);
    await builtInMany.writeWhole(
      'locals {\n  ids = jsondecode(file("ids.json"))\n}\n' +
        'resource "terraform_data" "many" {\n  for_each = local.ids\n  input = each.key\n}\n',
    );
    await builtInMany.apply();

    const api: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      await listBare(agent, ims, headers, images, projectId);
      api.push(performance.now() - startedMs);
    }
    return {
      one: await inTurn(one, builtInOne, rounds * 3),
      many: { images, apiMs: median(api), ...(await inTurn(many, builtInMany, rounds)) },
    };
  } finally {
    await agent.close();
    await server.stop();
  }
}

async function inTurn(ours: Workspace, builtIn: Workspace, rounds: number): Promise<PlanFigures> {
  const oursMs: number[] = [];
  const builtInMs: number[] = [];
  let peakRssBytes: number | undefined;
  for (let round = 0; round < rounds; round++) {
    builtInMs.push((await plan(builtIn)).tookMs);
    const figures = await plan(ours);
    oursMs.push(figures.tookMs);
    if (figures.peakRssBytes > 0) peakRssBytes = Math.max(peakRssBytes ?? 0, figures.peakRssBytes);
  }
  return { oursMs: median(oursMs), builtInMs: median(builtInMs), peakRssBytes };
}

/** Plans, and looks at the memory of each process of the provider meanwhile. */
async function plan(workspace: Workspace): Promise<{ tookMs: number; peakRssBytes: number }> {
  let peakRssBytes = 0;
  const startedMs = performance.now();
  const { child, done } = workspace.start(['plan', '-detailed-exitcode', '-no-color']);
  const timer = setInterval(() => {
    for (const pid of descendants(child.pid))
      if (isProvider(pid)) peakRssBytes = Math.max(peakRssBytes, peakRss(pid));
  }, 20);
  try {
    const { code, output } = await done;
    if (code !== 0) throw new Error(`the plan is not empty (code ${code}):\n${output.slice(-3_000)}`);
    return { tookMs: performance.now() - startedMs, peakRssBytes };
  } finally {
    clearInterval(timer);
  }
}

/** A process between fork and exec has the memory and the name of terraform. */
function isProvider(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('terraform-provider-imagebridge');
  } catch {
    return false;
  }
}

async function idsByName(configPath: string): Promise<Record<string, string>> {
  const cloud = await connect({ cloud: 'local', configPath, env: {} });
  const ids: Record<string, string> = {};
  try {
    for await (const { name, id } of cloud.listImages({ scope: 'own' }))
      if (name.startsWith('image-')) ids[name] = id;
  } finally {
    await cloud.close();
  }
  return ids;
}
