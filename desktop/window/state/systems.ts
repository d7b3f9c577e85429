// The systems of a cloud's catalogue as a list to choose from. Pure.
import type { OsVersionView, Params } from '@imagebridge/desktop-contract';

/** A system as an image is told it. */
export type System = NonNullable<Params<'images.copy'>['system']>;

/** Words that name each system in one way; entries that differ in their architecture only are told apart by it. */
export function systemsByName(catalogue: readonly OsVersionView[]): ReadonlyMap<string, System> {
  const plain = catalogue.map(plainName);
  const systems = new Map<string, System>();
  catalogue.forEach(({ osVersion, osType, osDistribution, architecture }, index) => {
    const name = plain[index] ?? osVersion;
    const isOne = plain.indexOf(name) === plain.lastIndexOf(name);
    const label = isOne || architecture === undefined ? name : `${name} · ${architecture}`;
    if (systems.has(label)) return;
    systems.set(label, {
      osVersion,
      osType,
      ...(osDistribution === undefined ? {} : { osDistribution }),
      ...(architecture === undefined ? {} : { architecture }),
    });
  });
  return systems;
}

/** The name of what a form says, among those of a catalogue; what it does not say may be anything. */
export function nameOfSystem(
  systems: ReadonlyMap<string, System>,
  said: { [Field in 'osVersion' | 'osDistribution' | 'architecture']?: string | undefined },
): string | undefined {
  const { osVersion, osDistribution, architecture } = said;
  const isLike = (mine: string | undefined, other: string | undefined) =>
    mine === undefined || other === undefined || mine === other;
  const found = [...systems].find(
    ([, system]) =>
      system.osVersion === osVersion &&
      isLike(osDistribution, system.osDistribution) &&
      isLike(architecture, system.architecture),
  );
  return found?.[0];
}

/** The version, with the distribution before it where it does not name it itself. */
function plainName({ osVersion, osDistribution }: OsVersionView): string {
  if (!osDistribution || osVersion.toLowerCase().includes(osDistribution.toLowerCase())) return osVersion;
  return `${osDistribution} ${osVersion}`;
}
