// Runs a server in this process: environment, standard streams, signals, and how it ends.
import { writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { AnyProvider } from '../definition/provider.ts';
import type { UnaryHandler } from '../grpc/server.ts';
import type { Logger } from '../logger.ts';
import type { ServerContext } from '../server/context.ts';
import { makeCertificate } from './certificate.ts';
import { handshakeLine, reattachValue, refusal } from './handshake.ts';
import { type Address, listen } from './listen.ts';
import { createLogger, levelFromEnvironment } from './log.ts';
import { redirectOutput } from './output.ts';

/** How long handlers may finish after Terraform has gone. */
const GRACE_MS = 10_000;
const PARENT_POLL_MS = 1_000;
/** How long the provider may take for its last work. Terraform kills a process that takes more than two seconds to end. */
const FINISH_MS = 1_000;
/** How long the answer to Shutdown may take to leave. */
const SHUTDOWN_ANSWER_MS = 500;

/** Most processes end before; a longer one can afford to look. */
const SWEEP_DELAY_MS = 2_000;
/** Most processes get fewer calls; one that gets more has many objects to look after. */
const MANY_CALLS = 100;

/** What is loaded while Terraform connects. */
interface Loaded {
  readonly provider: AnyProvider;
  readonly context: ServerContext;
  readonly routes: ReadonlyMap<string, UnaryHandler>;
}

/**
 * Serves a provider in this process until Terraform ends it. Terraform waits for one line on standard output: nothing that
 * this line does not need is loaded before it.
 */
export async function run(
  load: () => Promise<{ readonly provider: AnyProvider }>,
  options: { readonly debug?: boolean },
): Promise<void> {
  const { env } = process;
  const debug = options.debug === true;
  const refused = debug ? undefined : refusal(env);
  if (refused !== undefined) {
    // For people, not for logs.
    process.stderr.write(refused((await load()).provider.address));
    process.exitCode = 1;
    return;
  }
  const host = new Host(debug);
  const clientPem = debug || env.TF_DISABLE_PLUGIN_TLS ? undefined : env.PLUGIN_CLIENT_CERT || undefined;
  const certificate = clientPem === undefined ? undefined : makeCertificate();
  const listener = createServer();
  // Who connects before everything is loaded waits.
  const early: Socket[] = [];
  const keep = (socket: Socket) => void early.push(socket);
  listener.on('connection', keep);
  const address = await listen(listener, env, process.platform);
  process.on('exit', address.remove);
  if (!debug) {
    writeSync(1, handshakeLine(address, certificate?.der, env));
    host.began(address);
  }

  const loading = host.load(load);
  // Logged already, and told to whoever calls.
  loading.catch(() => {});
  const { acceptor } = await import('./accept.ts');
  let calls = 0;
  const accept = acceptor(certificate && clientPem ? { certificate, clientPem } : undefined, {
    async unary(path) {
      if (path === '/plugin.GRPCController/Shutdown') return host.shutdown;
      if (++calls === MANY_CALLS) (await import('./memory.ts')).keepYoungSpaceSmall();
      return (await loading).routes.get(path);
    },
    // Terraform holds this stream as long as it lives, even where it is killed and can say nothing any more.
    held: new Map([['/plugin.GRPCStdio/StreamStdio', () => host.end('Terraform has gone')]]),
  });
  listener.off('connection', keep).on('connection', accept);
  for (const socket of early) accept(socket);
  if (debug) {
    const { provider } = await loading;
    writeSync(1, `TF_REATTACH_PROVIDERS='${reattachValue(provider.address, process.pid, address)}'\n`);
  }
  setTimeout(() => void sweepBeside(address), SWEEP_DELAY_MS).unref();
}

async function sweepBeside(address: Address): Promise<void> {
  const { sweep } = await import('./sweep.ts');
  await sweep(address);
}

/** This process as the place where a provider runs: its log, its signals, its end. */
class Host {
  readonly #debug: boolean;
  #log: Logger;
  #context: ServerContext | undefined;
  #ending = false;

  constructor(debug: boolean) {
    this.#debug = debug;
    this.#log = this.#logger({ '@module': 'provider' });
    this.#watch();
  }

  #logger(fields: Readonly<Record<string, string>>): Logger {
    const target = {
      write: (line: string) => process.stderr.write(line),
      now: () => new Date(),
      level: this.#debug ? ('debug' as const) : levelFromEnvironment(process.env),
    };
    return createLogger(target, fields);
  }

  /** Terraform has its line: from now on log lines are made of what is written to standard output. */
  began({ network, text }: Address): void {
    redirectOutput(() => this.#log);
    this.#log.debug('listening', { network, address: text });
  }

  /** Loads the provider and what serves it. A failure is the answer to every call. */
  async load(load: () => Promise<{ readonly provider: AnyProvider }>): Promise<Loaded> {
    try {
      const { startServer } = await import('../server/start.ts');
      const { provider } = await load();
      const { address, version } = provider;
      this.#log = this.#logger({
        '@module': address.split('/').at(-1) ?? 'provider',
        provider_version: version,
      });
      const { context, routes } = startServer(provider, this.#log);
      this.#context = context;
      return { provider, context, routes };
    } catch (error) {
      this.#log.error('the provider could not be loaded', { error: stackOf(error) });
      throw new Error(`the provider could not be loaded: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Answers Terraform's Shutdown, and ends. */
  readonly shutdown: UnaryHandler = async (_request, closed) => {
    if (!this.#ending) await this.#context?.finish(FINISH_MS);
    // After the answer has left, or else the process is gone before it is written.
    const leave = () => this.end('Terraform asked for the end');
    closed.addEventListener('abort', () => setImmediate(leave));
    setTimeout(leave, SHUTDOWN_ANSWER_MS).unref();
    return new Uint8Array(0);
  };

  /** Stops the handlers, gives them time to finish, and ends the process. A server started by hand lives on. */
  end(reason: string): void {
    if (this.#ending || this.#debug) return;
    this.#ending = true;
    this.#log.debug('ending', { reason });
    this.#context?.stop(reason);
    const idle = this.#context?.idle(GRACE_MS) ?? Promise.resolve();
    idle.then(
      () => process.exit(0),
      () => process.exit(1),
    );
  }

  #watch(): void {
    if (this.#debug) {
      // Started by hand, ended by hand; `exit` removes the socket.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
    } else {
      // Ctrl-C reaches the whole process group; Terraform then sends StopProvider, and lets handlers finish.
      process.on('SIGINT', () => {});
      process.on('SIGTERM', () => this.end('the process was told to end'));
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) this.end('Terraform has gone');
      }, PARENT_POLL_MS).unref();
    }
    const onStray = (error: unknown) => {
      this.#log.error('an error was not caught', { error: stackOf(error) });
      // What handlers recorded is still told to Terraform; a crash would lose it.
      this.#context?.giveUp(error);
    };
    process.on('uncaughtException', onStray);
    process.on('unhandledRejection', onStray);
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
