// Listing many images: our iterator against bare undici calls that fetch the same pages, in turn, on the same server.
import { connect, loadProfiles } from '@imagebridge/core';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { median } from './measure.ts';
import { startServer } from './server.ts';

const PAGE = 100;
const pageSchema = z.object({ images: z.array(z.looseObject({ id: z.string() })) });

/** Medians in ms, and what our iterator held in memory after the first and after the last page. */
export interface ListFigures {
  images: number;
  oursMs: number;
  bareMs: number;
  /** Growth of the used heap between 1,000 images and the last one, in bytes, after a collection of garbage. */
  heapGrowthBytes: number | undefined;
}

/** Makes the images, then lists them by both ways. @param dataDir where the server keeps them */
export async function listing(dataDir: string, images: number, rounds: number): Promise<ListFigures> {
  const server = await startServer({ dataDir });
  const agent = new Agent({ connections: 16 });
  try {
    const { ims, profilesPath } = server;
    const { headers, projectId } = await signInOf(agent, server);
    await makeImages(agent, ims, headers, images);

    const bare: number[] = [];
    const ours: number[] = [];
    let heapGrowthBytes: number | undefined;
    for (let round = 0; round <= rounds; round++) {
      const bareMs = await timed(() => listBare(agent, ims, headers, images, projectId));
      const cloud = await connect({ cloud: 'local', configPath: profilesPath, env: {} });
      // The token is not part of the comparison: the bare calls have theirs already.
      await cloud.projectId();
      let heapAtStart: number | undefined;
      const oursMs = await timed(async () => {
        let count = 0;
        for await (const _ of cloud.listImages({ scope: 'own' })) {
          count++;
          if (round === 0 && count === 1_000) heapAtStart = heap();
          if (round === 0 && count === images) heapGrowthBytes = difference(heap(), heapAtStart);
        }
        if (count !== images) throw new Error(`${count} images were listed, and ${images} are there`);
      });
      await cloud.close();
      // The first round warms both up.
      if (round > 0) {
        bare.push(bareMs);
        ours.push(oursMs);
      }
    }
    return { images, oursMs: median(ours), bareMs: median(bare), heapGrowthBytes };
  } finally {
    await agent.close();
    await server.stop();
  }
}

/** What bare calls to the profile `local` of a server need. */
export async function signInOf(
  agent: Agent,
  { iam, profilesPath }: { iam: string; profilesPath: string },
): Promise<{ headers: Record<string, string>; projectId: string }> {
  const profile = loadProfiles({ path: profilesPath, env: {} }).get('local');
  if (profile.family !== 'huaweicloud') throw new Error('the profile is of another family');
  const token = await signIn(agent, iam, profile);
  const asked = await connect({ cloud: 'local', configPath: profilesPath, env: {} });
  const projectId = await asked.projectId();
  await asked.close();
  return { headers: { 'x-auth-token': token, 'content-type': 'application/json' }, projectId };
}

function heap(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const difference = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a - b;

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function signIn(
  agent: Agent,
  iam: string,
  profile: {
    user?: string | undefined;
    password?: { reveal(): string } | undefined;
    domain?: string | undefined;
    region: string;
  },
): Promise<string> {
  const user = { name: profile.user, password: profile.password?.reveal(), domain: { name: profile.domain } };
  const auth = {
    identity: { methods: ['password'], password: { user } },
    scope: { project: { name: profile.region } },
  };
  const reply = await request(`${iam}/v3/auth/tokens`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  await reply.body.dump();
  return String(reply.headers['x-subject-token']);
}

/** Makes records of images named `image-0` and so on, by bare calls. */
export async function makeImages(
  agent: Agent,
  ims: string,
  headers: Record<string, string>,
  count: number,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const body = JSON.stringify({ name: `image-${next++}`, tags: ['stage=bench'] });
      const reply = await request(`${ims}/v2/images`, { method: 'POST', dispatcher: agent, headers, body });
      if (reply.statusCode !== 201) throw new Error(`creating an image: ${await reply.body.text()}`);
      await reply.body.dump();
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Lists all own images by bare calls. @throws Error when fewer than that many come */
export async function listBare(
  agent: Agent,
  ims: string,
  headers: Record<string, string>,
  images: number,
  projectId: string,
): Promise<void> {
  let count = 0;
  let marker = '';
  for (;;) {
    const url = `${ims}/v2/cloudimages?owner=${projectId}&limit=${PAGE}${marker === '' ? '' : `&marker=${marker}`}`;
    const reply = await request(url, { dispatcher: agent, headers });
    const page = pageSchema.parse(await reply.body.json());
    count += page.images.length;
    const last = page.images.at(-1);
    if (page.images.length < PAGE || last === undefined) break;
    marker = last.id;
  }
  if (count < images) throw new Error(`${count} images were listed, and ${images} are there`);
}
