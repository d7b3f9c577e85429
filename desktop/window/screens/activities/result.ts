// Where the image lies that came out of an activity. Pure.
import type { Activity } from '@imagebridge/desktop-contract';

/** The place of the resulting image; undefined where there is none that one could open. */
export function resultPlace(
  activity: Activity,
): { cloud: string; region: string; image: string } | undefined {
  const { kind, state, cloud, region, imageId, target, resultImageId: image } = activity;
  if (state !== 'done' || image === undefined || image === imageId) return undefined;
  // The target of a copy is CLOUD/REGION; a region has no slash.
  const at = kind === 'copy' || kind === 'copy-across' ? (target?.lastIndexOf('/') ?? -1) : -1;
  if (target === undefined || at <= 0) return { cloud, region, image };
  return { cloud: target.slice(0, at), region: target.slice(at + 1), image };
}
