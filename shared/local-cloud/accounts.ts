// The accounts of the cloud: made once, kept in the data directory with mode 0600.
import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { newId } from './http/exchange.ts';
import type { LocalAccount, LocalEndpoints } from './options.ts';
import { readJsonFile, writeJsonFile, writeTextFile } from './store/json-file.ts';

const accountSchema = z.object({
  domain: z.string(),
  domainId: z.string(),
  user: z.string(),
  userId: z.string(),
  password: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  projects: z.record(z.string(), z.string()),
});

const profileNames = { acme: 'local', partner: 'partner' } as const;

/** Loads the accounts, or makes them; adds a project for each region that is new. */
export function loadAccounts(path: string, regions: readonly string[]): LocalAccount[] {
  const known = readJsonFile(path, z.array(accountSchema)) ?? Object.keys(profileNames).map(newAccount);
  const accounts = known.map((account) => ({
    ...account,
    projects: {
      ...Object.fromEntries(regions.map((region) => [region, newId()])),
      ...account.projects,
    },
  }));
  writeJsonFile(path, accounts, 0o600);
  return accounts;
}

function newAccount(domain: string): LocalAccount {
  return {
    domain,
    domainId: newId(),
    user: `${domain}-admin`,
    userId: newId(),
    password: randomBytes(18).toString('base64url'),
    accessKey: randomText('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 20),
    secretKey: randomText('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 40),
    projects: {},
  };
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Writes the profile file for clients. A JSON string is a YAML string, so nothing needs another quoting. */
export function writeProfiles(
  path: string,
  accounts: readonly LocalAccount[],
  regions: readonly string[],
  endpoints: LocalEndpoints,
): void {
  const text = (value: string) => JSON.stringify(value);
  const lines = ['# Written by the embedded cloud at each start.', 'default: local', 'clouds:'];
  for (const account of accounts) {
    const name = account.domain === 'acme' ? profileNames.acme : account.domain;
    lines.push(
      `  ${name}:`,
      '    family: huaweicloud',
      `    region: ${text(regions[0] ?? '')}`,
      `    domain: ${text(account.domain)}`,
      `    user: ${text(account.user)}`,
      `    password: ${text(account.password)}`,
      `    access_key: ${text(account.accessKey)}`,
      `    secret_key: ${text(account.secretKey)}`,
      '    obs_path_style: true',
      '    regions:',
    );
    for (const [region, { ims, obs }] of Object.entries(endpoints.regions)) {
      lines.push(
        `      ${text(region)}:`,
        '        endpoints:',
        `          iam: ${text(endpoints.iam)}`,
        `          ims: ${text(ims)}`,
        `          obs: ${text(obs)}`,
      );
    }
  }
  writeTextFile(path, `${lines.join('\n')}\n`, 0o600);
}
