// Where the image lies that came out of an activity. Pure.
import type { Activity } from '@imagebridge/desktop-contract';

/** The place of the resulting image; undefined where there is none that one could open. */
export function resultPlace(
  activity: Activity,
): { cloud: string; region: string; image: string } | undefined {
  const { state, cloud, region, imageId, resultImageId: image, resultCloud, resultRegion } = activity;
  if (state !== 'done' || image === undefined || image === imageId) return undefined;
  return { cloud: resultCloud ?? cloud, region: resultRegion ?? region, image };
}
