// How the system of an image is called in another cloud's catalogue.
import {
  cloudLabel,
  type Image,
  ImageBridgeError,
  type ImageCloud,
  type ImageDescription,
  InvalidInputError,
  missingFacts,
} from '@imagebridge/core';
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
  return systemIn(to, found);
}

/** A system of a cloud's catalogue as an image of that cloud carries it. */
export function systemIn(to: ImageCloud, entry: System & { osVersion: string }): System {
  const { osVersion, osType, osDistribution, architecture } = entry;
  // Huawei Cloud knows the rest by the version.
  if (to.family === 'huaweicloud') return { osVersion };
  return {
    osVersion,
    ...(osType === undefined ? {} : { osType }),
    ...(osDistribution === undefined ? {} : { osDistribution }),
    ...(architecture === undefined ? {} : { architecture }),
  };
}

/**
 * Refuses a copy to a cloud that wants to know more of the system than is known.
 * @throws InvalidInputError
 */
export function requireSystem(to: ImageCloud, image: Image, name: string, system: System): void {
  const { osType, architecture } = image;
  const missing = missingFacts(to, { kind: 'file' }, { osType, architecture, ...system, name });
  if (missing.length === 0) return;
  throw new InvalidInputError({
    operation: `copy image ${image.id} to ${JSON.stringify(to.name)}`,
    cloud: cloudLabel(to),
    object: image.id,
    reason: 'this cloud must be told the operating system, and it cannot be told from the image',
    hint: 'Choose the operating system from the list of this cloud.',
  });
}
