// Runs the `imagebridge` command in processes of its own, as a user would, and reads its JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const CLI = fileURLToPath(new URL('../../shared/cli/dist/imagebridge.js', import.meta.url));

/** What `--progress json` prints about an upload. */
const uploadLine = z.object({
  type: z.string(),
  uploadId: z.string(),
  state: z.string(),
  confirmedBytes: z.number(),
  partsDone: z.number(),
  partsTotal: z.number(),
  partsSkipped: z.number(),
  bytesPerSecond: z.number(),
  etaMs: z.number().optional(),
  file: z.object({ sizeBytes: z.number() }),
});
/** Progress of an upload, as the command prints it. */
export type UploadLine = z.infer<typeof uploadLine>;

/** A command that is running. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Settles when it has ended, however it ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts the command. `onLine` gets every line of stderr that is JSON about an upload. */
export function startCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine?: (line: UploadLine) => void,
): RunningCommand {
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (text) => {
    const line = parseLine(text);
    if (line) onLine?.(line);
    else if (!text.startsWith('{')) stderr += `${text}\n`;
  });
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(([[code]]) => ({
    code: typeof code === 'number' ? code : null,
    stdout,
    stderr,
  }));
  return { child, ended };
}

/** Runs the command to its end and reads the JSON it printed. @throws Error when it failed */
export async function runJson<T>(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  schema: z.ZodType<T>,
): Promise<T> {
  const { code, stdout, stderr } = await startCommand([...args, '--json'], env).ended;
  if (code !== 0)
    throw new Error(`imagebridge ${args.join(' ')} ended with code ${code}: ${stderr || stdout}`);
  return schema.parse(JSON.parse(stdout));
}

function parseLine(text: string): UploadLine | undefined {
  if (!text.startsWith('{"type":"upload-')) return undefined;
  try {
    const found = uploadLine.safeParse(JSON.parse(text));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}
