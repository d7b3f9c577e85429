// What an activity was asked to do: enough to go on with it after a restart. Holds no secret.
import { type Activity, activity } from '@imagebridge/desktop-contract';
import { z } from 'zod';

const place = { cloud: z.string(), region: z.string().optional(), imageId: z.string() };
const shares = { ...place, projectIds: z.array(z.string()).min(1) };

/** An order, by the kind of its activity. */
export const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('share'), ...shares }),
  z.object({ kind: z.literal('unshare'), ...shares }),
  z.object({
    kind: z.literal('copy'),
    ...place,
    name: z.string(),
    description: z.string().optional(),
    agencyName: z.string().optional(),
    toRegion: z.string().optional(),
  }),
  z.object({
    kind: z.literal('copy-across'),
    ...place,
    to: z.object({ cloud: z.string(), region: z.string().optional() }),
    image: z.object({
      name: z.string(),
      description: z.string().optional(),
      osVersion: z.string().optional(),
      osType: z.string().optional(),
      osDistribution: z.string().optional(),
      architecture: z.string().optional(),
    }),
  }),
  z.object({ kind: z.literal('promote-base'), ...place, name: z.string() }),
  z.object({ kind: z.literal('promote'), ...place, channel: z.string() }),
  z.object({ kind: z.literal('download'), ...place, path: z.string() }),
  z.object({
    kind: z.literal('export'),
    ...place,
    bucket: z.string(),
    key: z.string(),
    diskFormat: z.string().optional(),
    quick: z.boolean().optional(),
  }),
]);
/** See `order`. */
export type Order = z.infer<typeof order>;

/** How the window sees an activity that begins. */
export type ActivityLine = Pick<
  Activity,
  'cloud' | 'region' | 'imageId' | 'imageName' | 'target' | 'canCancel'
>;

/** An activity that is going on, as it is remembered. */
export const rememberedActivity = z.object({
  order,
  line: activity.pick({
    cloud: true,
    region: true,
    imageId: true,
    imageName: true,
    target: true,
    canCancel: true,
  }),
  startedAt: z.number(),
});
/** See `rememberedActivity`. */
export type RememberedActivity = z.infer<typeof rememberedActivity>;
