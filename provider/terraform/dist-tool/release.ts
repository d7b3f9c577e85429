// Writes what is released: zips, their sums, the registry's manifest, and a mirror from which `terraform init` works offline.
import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nameOf, type Target } from './targets.ts';
import { type ZipEntry, zip } from './zip.ts';

/** The provider's address, as folders of a mirror. */
export const ADDRESS = 'registry.terraform.io/imagebridge/imagebridge';
const NAME = 'terraform-provider-imagebridge';

/** The registry's name of the zip for a target. */
export const zipName = (version: string, target: Target): string =>
  `${NAME}_${version}_${nameOf(target)}.zip`;

/** The zip for those who have Node; not a name that the registry takes for a target. */
export const nodeZipName = (version: string): string => `imagebridge-provider-for-node_${version}.zip`;

/** Writes a zip. Returns its size in bytes. */
export async function writeZip(file: string, entries: readonly ZipEntry[]): Promise<number> {
  const bytes = await zip(entries);
  await writeFile(file, bytes);
  return bytes.length;
}

/**
 * Completes a folder of zips: the registry's manifest, the sums, the mirror, and a CLI configuration for Terraform that points
 * at it. The mirror is as `terraform providers mirror` makes it, so that a web server can serve it as a network mirror.
 */
export async function completeRelease(
  folder: string,
  version: string,
  targets: readonly Target[],
): Promise<void> {
  const manifest = { version: 1, metadata: { protocol_versions: ['6.0'] } };
  const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(path.join(folder, 'terraform-registry-manifest.json'), manifestText);
  // The registry looks for it under this name.
  await writeFile(path.join(folder, `${NAME}_${version}_manifest.json`), manifestText);

  const files = (await readdir(folder)).filter((name) => /\.zip$|_manifest\.json$/.test(name)).sort();
  const sums = await Promise.all(
    files.map(async (name) => `${await sha256(path.join(folder, name))}  ${name}`),
  );
  const sumsText = `${sums.join('\n')}\n`;
  await writeFile(path.join(folder, 'SHA256SUMS'), sumsText);
  await writeFile(path.join(folder, `${NAME}_${version}_SHA256SUMS`), sumsText);

  const mirror = path.join(folder, 'mirror', ADDRESS);
  await rm(path.join(folder, 'mirror'), { recursive: true, force: true });
  await mkdir(mirror, { recursive: true });
  const archives: Record<string, { url: string; hashes: string[] }> = {};
  for (const target of targets) {
    const name = zipName(version, target);
    await link(path.join(folder, name), path.join(mirror, name));
    archives[nameOf(target)] = { url: name, hashes: [`zh:${await sha256(path.join(folder, name))}`] };
  }
  await writeFile(path.join(mirror, 'index.json'), JSON.stringify({ versions: { [version]: {} } }));
  await writeFile(path.join(mirror, `${version}.json`), JSON.stringify({ archives }));
  const place = JSON.stringify(path.join(folder, 'mirror'));
  await writeFile(
    path.join(folder, 'terraform.rc'),
    `provider_installation {\n  filesystem_mirror {\n    path    = ${place}\n    include = ["${ADDRESS}"]\n  }\n  direct {\n    exclude = ["${ADDRESS}"]\n  }\n}\n`,
  );
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
