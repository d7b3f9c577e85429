// What tests of images share: the engine's parts around an embedded cloud of their own, and images in it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishImage, systemClock } from '@imagebridge/core';
import type { Activity } from '@imagebridge/desktop-contract';
import { type LocalCloudOptions, startLocalCloud } from '@imagebridge/local-cloud';
import { onTestFinished, vi } from 'vitest';
import type { CloudsOptions } from '../clouds/index.ts';
import { never, openTestClouds, testFolder } from '../clouds/testing.ts';
import type { EngineContext } from '../context.ts';
import { tinyQcow2 } from '../testing/tiny-qcow2.ts';
import { openImages } from './index.ts';

/** Images and activities over an embedded cloud with all its profiles. */
export async function openTestImages(
  given: { cloud?: Partial<LocalCloudOptions>; clouds?: Partial<CloudsOptions> } = {},
) {
  const folder = testFolder();
  const cloud = await startLocalCloud({
    dataDir: join(folder, 'cloud'),
    jobDurationMs: 40,
    ...given.cloud,
  });
  onTestFinished(() => cloud.close());
  const opened = await openTestClouds({ folder, configPath: cloud.profilesPath, ...given.clouds });
  const { clouds } = opened.part;
  const unused = async (): Promise<never> => {
    throw new Error('this is not used here');
  };
  const context: EngineContext = {
    env: {},
    engine: { stateDir: join(folder, 'state'), lockKind: 'socket-file' },
    dataDir: join(folder, 'desktop'),
    clock: systemClock,
    log: opened.log,
    settings: {
      get: () => {
        throw new Error('this is not used here');
      },
      change: unused,
      subscribe: () => () => {},
    },
    history: { add: unused },
    clouds,
    emit: (event) => void opened.events.push(event),
  };
  const images = openImages(context);
  onTestFinished(() => images.stop());

  /** An image, made of a tiny disk. */
  const publish = async (profile: string, name: string, text = name) => {
    const files = join(folder, 'files');
    mkdirSync(files, { recursive: true });
    const path = join(files, `${Math.random()}.qcow2`);
    writeFileSync(path, tinyQcow2(text));
    const to = await clouds.open(profile);
    const systems = await to.listOsVersions().catch(() => []);
    const osVersion = systems.find(
      (one) => /22\.04/.test(one.osVersion) && (one.architecture ?? 'x86_64') === 'x86_64',
    );
    const { image } = await publishImage(
      to,
      {
        path,
        image: {
          name,
          ...(osVersion === undefined
            ? {}
            : {
                osVersion: osVersion.osVersion,
                osType: osVersion.osType,
                ...(osVersion.osDistribution === undefined
                  ? {}
                  : { osDistribution: osVersion.osDistribution }),
                ...(osVersion.architecture === undefined || to.family !== 'ucloudstack'
                  ? {}
                  : { architecture: osVersion.architecture }),
              }),
        },
      },
      context.engine,
    );
    return image;
  };

  /** The activity once it is over. */
  const over = ({ activityId }: { activityId: string }, part = images): Promise<Activity> =>
    vi.waitFor(
      () => {
        const found = part.snapshot().find(({ id }) => id === activityId);
        if (found === undefined || found.state === 'running') throw new Error(`it is ${found?.state}`);
        return found;
      },
      { timeout: 12_000, interval: 10 },
    );

  return {
    ...opened,
    cloud,
    context,
    clouds,
    images,
    handlers: images.handlers,
    publish,
    over,
    signal: never,
  };
}
