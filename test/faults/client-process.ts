// Starts clients in processes of their own and reads how they end. Touches child processes only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PRELOAD = new URL('./faults-clock.js', import.meta.url).href;
const ENGINE = fileURLToPath(new URL('./faults-client.js', import.meta.url));
/** The built command; FAULTS_CLI names another build of it. */
const COMMAND =
  process.env.FAULTS_CLI ?? fileURLToPath(new URL('../../shared/cli/bin/imagebridge.js', import.meta.url));

const endSchema = z.union([
  z.object({ error: z.looseObject({ kind: z.string(), message: z.string() }) }),
  z.looseObject({ sha256: z.string().optional() }),
]);

/** What a client is started with. */
export interface ClientSpec {
  script: 'engine' | 'command';
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** What its clock jumps by when it is told. */
  jumpMs?: number | undefined;
  /** Its long timers are short. */
  isHasty?: boolean | undefined;
}

/** How a client ended. */
export interface ClientEnd {
  code: number | null;
  signal: string | null;
  /** What it says went wrong. */
  error?: { kind: string; message: string } | undefined;
  /** SHA-256 that it reports of the file. */
  sha256?: string | undefined;
  /** True when it explained neither success nor failure. */
  isMute: boolean;
  stderr: string;
}

/** A client that is running. */
export interface Client {
  readonly child: ChildProcess;
  readonly ended: Promise<ClientEnd>;
  /** SIGKILL. Resolves when it is dead. */
  kill(): Promise<void>;
}

/** Starts a client. */
export function startClient(spec: ClientSpec): Client {
  const special = spec.jumpMs !== undefined || spec.isHasty === true;
  const script = spec.script === 'engine' ? ENGINE : COMMAND;
  const child = spawn(process.execPath, [...(special ? ['--import', PRELOAD] : []), script, ...spec.args], {
    env: {
      ...spec.env,
      FAULTS_CLOCK_JUMP_MS: String(spec.jumpMs ?? 0),
      FAULTS_HASTY: spec.isHasty ? '1' : '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]): ClientEnd => {
    const told = endSchema.safeParse(parsed(stdout)).data;
    const error =
      told && 'error' in told
        ? z.object({ kind: z.string(), message: z.string() }).parse(told.error)
        : undefined;
    return {
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? signal : null,
      error,
      sha256: told && !('error' in told) && typeof told.sha256 === 'string' ? told.sha256 : undefined,
      isMute: told === undefined,
      stderr,
    };
  });
  return {
    child,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
