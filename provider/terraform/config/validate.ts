// Checks of the provider's configuration that concern several attributes. Talks to nothing.
import type { CloudFamily } from '@imagebridge/core';
import { type AttributePath, type Diagnostics, isKnown, path } from '@imagebridge/terraform-plugin';
import { FAMILY_FIELDS, REGION_FIELDS, SHARED_FIELDS } from './cloud-schema.ts';
import type { ProviderConfig } from './connections.ts';
import { hasCredentials, isFamily, isValues, readEntry, type Values } from './settings.ts';

/** Settings of which each is of no use without the other. */
const PAIRS: Readonly<Record<CloudFamily, readonly (readonly [string, string])[]>> = {
  huaweicloud: [
    ['access_key', 'secret_key'],
    ['user', 'password'],
  ],
  openstack: [],
  ucloudstack: [['public_key', 'private_key']],
};

/** Settings that need one of some others. */
const NEEDS: Readonly<Record<CloudFamily, readonly (readonly [string, readonly string[]])[]>> = {
  huaweicloud: [
    ['user', ['domain']],
    ['security_token', ['access_key']],
  ],
  openstack: [
    ['username', ['password', 'application_credential_name']],
    ['password', ['username', 'user_id']],
    ['application_credential_id', ['application_credential_secret']],
    ['application_credential_name', ['application_credential_secret']],
    ['application_credential_secret', ['application_credential_id', 'application_credential_name']],
  ],
  ucloudstack: [],
};

/** Adds an error, with the attribute's path, for each contradiction. Values may be unknown, and then count as given. */
export function validateProviderConfig(config: ProviderConfig, diagnostics: Diagnostics): void {
  if (config.clouds === null || !isKnown(config.clouds)) return;
  for (const [name, entry] of Object.entries(config.clouds))
    if (isValues(entry)) validateCloud(entry, path('clouds').key(name), diagnostics);
}

function validateCloud(entry: Values, here: AttributePath, diagnostics: Diagnostics): void {
  const refuse = (attribute: string, detail: string) =>
    diagnostics.error('Invalid provider configuration', `${here}${detail}`, here.attribute(attribute));
  const { settings } = readEntry(entry);
  const given = Object.keys(settings);
  if (given.length === 0) return;
  if (entry.profile !== null) {
    const both = given.join(', ');
    refuse(
      'profile',
      ` has both profile and ${both}. Name a profile, or give the account's own settings, not both.`,
    );
    return;
  }
  const { family } = settings;
  if (family === undefined) {
    const meant = familiesWith(...given);
    const example = meant.length === 1 ? meant[0] : 'huaweicloud';
    refuse('family', ` needs family, e.g. family = "${example}".`);
  }
  // What is taken from the environment may hold the region.
  if (entry.region === null && hasCredentials(settings))
    refuse('region', ' needs region, the one that is used by default.');
  if (!isFamily(family)) return;

  for (const field of given) {
    if (SHARED_FIELDS.includes(field) || Object.hasOwn(FAMILY_FIELDS[family].fields, field)) continue;
    const others = familiesWith(field).join(' and ');
    refuse(field, `.${field} is no setting of the family ${family}, but of ${others}.`);
  }
  for (const [region, fields] of Object.entries(isValues(settings.regions) ? settings.regions : {})) {
    for (const field of isValues(fields) ? Object.keys(fields) : []) {
      if (Object.hasOwn(REGION_FIELDS[family], field)) continue;
      refuse('regions', `.regions["${region}"].${field} is no setting of the family ${family}.`);
    }
  }
  for (const [one, other] of PAIRS[family]) {
    if (given.includes(one) === given.includes(other)) continue;
    const [missing, there] = given.includes(one) ? [other, one] : [one, other];
    refuse(missing, ` has ${there} without ${missing}.`);
  }
  for (const [field, needed] of NEEDS[family]) {
    if (!given.includes(field) || needed.some((name) => given.includes(name))) continue;
    refuse(needed[0] ?? field, ` has ${field} without ${needed.join(' or ')}.`);
  }
}

/** The families that have all of these settings. */
function familiesWith(...fields: readonly string[]): string[] {
  return Object.entries(FAMILY_FIELDS)
    .filter(([, family]) =>
      fields.every((field) => SHARED_FIELDS.includes(field) || Object.hasOwn(family.fields, field)),
    )
    .map(([name]) => name);
}
