// Collects the licences of the packages that a bundle contains. Reads their folders.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The licences of all packages that these files come from, as one text in the packages' order.
 * @param {readonly string[]} files absolute paths of the bundle's inputs
 * @returns {Promise<string>}
 */
export async function licences(files) {
  const folders = new Set();
  for (const file of files) {
    const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    const text =
      file === undefined ? 'The package brings no text.' : await readFile(path.join(folder, file), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(78)}\n\n`);
}
