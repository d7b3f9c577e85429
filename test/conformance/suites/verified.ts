// Notes which operation a test has seen work against which server; docs/verified.md is made of these notes.
// Writes only when IMAGEBRIDGE_RECORD_VERIFIED is set.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The servers that count. `vectors` and `kit` verify what goes over the wire, not an answer. */
export const SERVERS = ['embedded', 'glance', 'kit', 'vectors', 'live'] as const;
/** One of them. */
export type Server = (typeof SERVERS)[number];

const folder = fileURLToPath(
  new URL(
    import.meta.url.includes('/dist/') ? '../../docs/verified/' : '../../../docs/verified/',
    import.meta.url,
  ),
);
const schema = z.object({ what: z.string(), operations: z.array(z.number()) });

/** Notes that an operation was seen to work. Call it after the assertions. */
export function recordVerified(server: Server, ...operations: number[]): void {
  if (!process.env.IMAGEBRIDGE_RECORD_VERIFIED) return;
  const { what, operations: known } = readVerified(server);
  const all = [...new Set([...known, ...operations])].sort((a, b) => a - b);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${server}.json`, `${JSON.stringify({ what, operations: all })}\n`);
}

/** The notes about a server. */
export function readVerified(server: Server): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(`${folder}${server}.json`, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { what: '', operations: [] };
    throw error;
  }
}
