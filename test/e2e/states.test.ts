// Every state that a screen can be in, from a scripted engine: pictures for people, axe-core in light and dark, nothing that
// the page complains of.
import { beforeEach, describe, expect, it } from 'vitest';
import { noChromium, titled } from './harness/chromium.ts';
import { someActivities, someImages, someProfiles } from './harness/fake-clouds.ts';
import { emptyHello, HOSTILE, manyTasks, STATES, taskIn, totalsOf } from './harness/fake-data.ts';
import { type FakeEngine, type Hello, startFakeEngine } from './harness/fake-engine.ts';
import { PROBLEMS, signInPage } from './harness/fake-problems.ts';
import { lookAt } from './harness/look.ts';
import { useBrowser } from './harness/suite.ts';
import { goTo, screenShown } from './harness/window.ts';

const suite = useBrowser(async () => {
  await engine.close();
  expect(engine.badMessages).toEqual([]);
});
let engine: FakeEngine;

/** Waits for a network that wants its user to sign in. */
const waitsForSignIn = taskIn('waiting-network', {
  problem: signInPage,
  actions: ['retry', 'pause', 'cancel', 'move'],
});

const HIDDEN =
  'The profile "local" of /home/ada/.config/imagebridge/profiles.yaml is hidden while the embedded cloud runs.';

const withTasks = (tasks: Hello['tasks']): Partial<Hello> => ({
  profiles: someProfiles,
  tasks: tasks.map((task, at) => ({ ...task, order: at + 1 })),
  totals: totalsOf(tasks),
});

/** Screens without anything to press: their name, address, and what the engine knows. */
const SHOWN: readonly (readonly [name: string, address: string, hello: Partial<Hello>])[] = [
  ['queue-first-start', 'queue', {}],
  ['queue-empty', 'queue', { profiles: someProfiles }],
  ['queue-all-states', 'queue', withTasks(STATES.map((state) => taskIn(state)))],
  [
    'queue-attention',
    'queue',
    withTasks(
      PROBLEMS.map(([problem, actions], at) =>
        taskIn('attention', { id: `t${at}`, fileName: `disk-${problem.kind}.qcow2`, problem, actions }),
      ),
    ),
  ],
  [
    'queue-hostile-names',
    'queue',
    withTasks(
      Object.values(HOSTILE).map((fileName, at) =>
        taskIn(at % 2 === 0 ? 'uploading' : 'draft', {
          id: `t${at}`,
          fileName,
          imageName: fileName.slice(0, 120),
        }),
      ),
    ),
  ],
  ['queue-paused', 'queue', { ...withTasks([taskIn('paused')]), totals: totalsOf([taskIn('paused')], true) }],
  ['queue-300', 'queue', withTasks(manyTasks(300))],
  ['queue-offline', 'queue', { ...withTasks([taskIn('waiting-network'), taskIn('queued')]), online: false }],
  ['queue-sign-in-page', 'queue', withTasks([waitsForSignIn, taskIn('queued')])],
  [
    'queue-elsewhere',
    'queue',
    withTasks([taskIn('uploading', { origin: 'other', elsewhere: true, actions: ['pause'] })]),
  ],
  ['task-draft', 'queue?task=task-draft', withTasks([taskIn('draft'), taskIn('queued')])],
  ['task-uploading', 'queue?task=task-uploading', withTasks([taskIn('uploading'), taskIn('queued')])],
  ['task-sign-in-page', `queue?task=${waitsForSignIn.id}`, withTasks([waitsForSignIn])],
  ['task-importing', 'queue?task=task-importing', withTasks([taskIn('importing')])],
  ['task-attention', 'queue?task=task-attention', withTasks([taskIn('attention')])],
  ['task-done', 'queue?task=task-done', withTasks([taskIn('done')])],
  ['images', 'images?cloud=prod-beijing', { profiles: someProfiles }],
  ['image', `images?cloud=prod-beijing&image=${someImages(1)[0]?.id}`, { profiles: someProfiles }],
  ['images-no-profile', 'images', {}],
  ['activities', 'activities', { activities: someActivities }],
  ['activities-empty', 'activities', {}],
  ['history', 'history', { profiles: someProfiles }],
  ['profiles', 'profiles', { profiles: someProfiles, warnings: [HIDDEN] }],
  ['profiles-empty', 'profiles', {}],
  ['settings', 'settings', { profiles: someProfiles }],
  ['about', 'about', {}],
];

describe.skipIf(noChromium !== undefined)(titled('every state of every screen'), () => {
  beforeEach(async () => {
    engine = await startFakeEngine();
  });

  it.each(SHOWN)('%s', async (name, address, hello) => {
    engine.hello = { ...emptyHello, ...hello };
    const { page } = await suite.open(engine.link());
    await goTo(page, address);
    await screenShown(page);
    await lookAt(page, engine, name);
  });
});
