// Checks of the provider's configuration that concern several attributes. Talks to nothing.
import { type AttributePath, type Diagnostics, isKnown, path } from '@imagebridge/terraform-plugin';
import type { ProviderConfig } from './connections.ts';

/** Adds an error, with the attribute's path, for each contradiction. Values may be unknown. */
export function validateProviderConfig(config: ProviderConfig, diagnostics: Diagnostics): void {
  if (config.clouds === null || !isKnown(config.clouds)) return;
  for (const [name, cloud] of Object.entries(config.clouds)) {
    if (cloud === null || !isKnown(cloud)) continue;
    const here = path('clouds').key(name);
    const { profile, region: _, ...settings } = cloud;
    const given = Object.keys(settings).filter((key) => settings[key as keyof typeof settings] !== null);
    if (given.length === 0) continue;
    if (profile !== null) {
      refuse(
        diagnostics,
        here.attribute('profile'),
        `${here} has both profile and ${given.join(', ')}. Name a profile, or give the account's own settings, not both.`,
      );
      continue;
    }
    if (cloud.family === null)
      refuse(diagnostics, here.attribute('family'), `${here} needs family, e.g. "huaweicloud".`);
    if (cloud.region === null)
      refuse(diagnostics, here.attribute('region'), `${here} needs region, the one that is used by default.`);
    pair(diagnostics, here, 'access_key', cloud.access_key, 'secret_key', cloud.secret_key);
    pair(diagnostics, here, 'user', cloud.user, 'password', cloud.password);
  }
}

function pair(
  diagnostics: Diagnostics,
  here: AttributePath,
  left: string,
  leftValue: unknown,
  right: string,
  rightValue: unknown,
): void {
  if ((leftValue === null) === (rightValue === null)) return;
  const [missing, given] = leftValue === null ? [left, right] : [right, left];
  refuse(diagnostics, here.attribute(missing), `${here} has ${given} without ${missing}.`);
}

function refuse(diagnostics: Diagnostics, at: AttributePath, detail: string): void {
  diagnostics.error('Invalid provider configuration', detail, at);
}
