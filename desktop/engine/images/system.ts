// How the system of an image is called in another cloud's catalogue.
import { type Image, ImageBridgeError, type ImageCloud, type ImageDescription } from '@imagebridge/core';
import { guessOs } from '../tasks/os-guess.ts';

type System = Pick<ImageDescription, 'osVersion' | 'osType' | 'osDistribution' | 'architecture'>;

const ARCHITECTURES: Readonly<Record<string, string>> = { x86: 'x86_64', arm: 'aarch64' };

/** The nearest system of the cloud's catalogue. Empty where it has none, or nothing is near enough to be sure. */
export async function systemFor(to: ImageCloud, image: Image, signal: AbortSignal): Promise<System> {
  if (to.capabilities.osCatalogue !== true) return {};
  let catalogue: Awaited<ReturnType<ImageCloud['listOsVersions']>>;
  try {
    catalogue = await to.listOsVersions({ signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof ImageBridgeError)) throw error;
    // The copy itself says what the cloud wants.
    return {};
  }
  const { osVersion, osDistribution, architecture = 'x86' } = image;
  const same = catalogue.find(
    (entry) =>
      entry.osVersion === osVersion && (osDistribution ?? entry.osDistribution) === entry.osDistribution,
  );
  // In some catalogues the version names the distribution too.
  const osHint = /^\d/.test(osVersion ?? '') ? `${osDistribution ?? ''} ${osVersion}` : (osVersion ?? '');
  const found =
    same ??
    guessOs(catalogue, {
      ...(osHint === '' ? {} : { osHint }),
      fileName: image.name,
      architecture: ARCHITECTURES[architecture] ?? architecture,
    });
  if (found === undefined) return {};
  // Huawei Cloud knows the rest by the version.
  if (to.family === 'huaweicloud') return { osVersion: found.osVersion };
  const { osType, osDistribution: distribution, architecture: processor } = found;
  return {
    osVersion: found.osVersion,
    osType,
    ...(distribution === undefined ? {} : { osDistribution: distribution }),
    ...(processor === undefined ? {} : { architecture: processor }),
  };
}
