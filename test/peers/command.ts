// Runs other people's commands, without the environment that would lead them elsewhere.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command printed, and how it ended. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

const FOREIGN = /^(OS_|AWS_|RCLONE_|HW_|https?_proxy$|all_proxy$)/i;

/** Runs a command to its end. Ends it by force after two minutes. */
export async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  // Standard input is closed, not empty: some clients would take an empty one for the file to send.
  const child = spawn('sh', ['-c', 'exec "$0" "$@" <&-', command, ...args], {
    // Debian's Python programs want Debian's Python; loopback is reached without a proxy.
    env: { ...own, PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', no_proxy: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.stderr += text;
  });
  const [code] = await once(child, 'close');
  ran.code = typeof code === 'number' ? code : null;
  return ran;
}

/** Runs a command that must succeed; gives what it printed. @throws Error with all it said when it failed */
export async function must(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, env);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
