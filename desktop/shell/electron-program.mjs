// Where Electron's program is. Asking Electron's package would download it at once.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of Electron's package. */
export const electronFolder = fileURLToPath(new URL('node_modules/electron', import.meta.url));

/** The program, or undefined when it has not been downloaded. */
export function electronProgram() {
  const named = path.join(electronFolder, 'path.txt');
  if (!existsSync(named)) return undefined;
  const program = path.join(electronFolder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(program) ? program : undefined;
}
