// Runs a server in this process: environment, standard streams, signals, and how it ends.
import { writeSync } from 'node:fs';
import { createServer, type Http2Server } from 'node:http2';
import type { Server as NetServer } from 'node:net';
import { formatWithOptions } from 'node:util';
import type { AnyProvider } from '../definition/provider.ts';
import { HTTP2_OPTIONS, serveGrpc } from '../grpc/server.ts';
import type { Logger } from '../logger.ts';
import { ServerContext } from '../server/context.ts';
import { providerRoutes } from '../server/routes.ts';
import { makeCertificate } from './certificate.ts';
import { handshakeLine, reattachValue, refusal } from './handshake.ts';
import { listen } from './listen.ts';
import { createLogger, levelFromEnvironment } from './log.ts';
import { secureListener } from './secure.ts';

/** How long handlers may finish after Terraform has gone. */
const GRACE_MS = 10_000;
const PARENT_POLL_MS = 1_000;
/** How long the answer to Shutdown may take to leave. */
const SHUTDOWN_ANSWER_MS = 500;

/** Serves a provider in this process until Terraform ends it. */
export async function run(provider: AnyProvider, options: { readonly debug?: boolean }): Promise<void> {
  const { env } = process;
  const debug = options.debug === true;
  const refused = debug ? undefined : refusal(env, provider.address);
  if (refused !== undefined) {
    // For people, not for logs.
    process.stderr.write(refused);
    process.exitCode = 1;
    return;
  }
  const log = createLogger(
    {
      write: (line) => process.stderr.write(line),
      now: () => new Date(),
      level: debug ? 'debug' : levelFromEnvironment(env),
    },
    { '@module': provider.address.split('/').at(-1) ?? 'provider', provider_version: provider.version },
  );
  // Any other word on standard output would break the handshake.
  if (!debug) redirectOutput(log);

  const context = new ServerContext(provider, log);
  const { http2, listener, certificate } = makeServer(env, debug);
  const address = await listen(listener, env, process.platform);
  process.on('exit', address.remove);
  let ending = false;
  const end = (reason: string, graceMs: number): void => {
    if (ending || debug) return;
    ending = true;
    log.debug('ending', { reason });
    context.stop(reason);
    context.idle(graceMs).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  serveGrpc(http2, {
    unary: providerRoutes(context).set('/plugin.GRPCController/Shutdown', async (_request, closed) => {
      // After the answer has left, or else the process is gone before it is written.
      const leave = () => end('Terraform asked for the end', GRACE_MS);
      closed.addEventListener('abort', () => setImmediate(leave));
      setTimeout(leave, SHUTDOWN_ANSWER_MS).unref();
      return new Uint8Array(0);
    }),
    // Terraform holds this stream as long as it lives, even where it is killed and can say nothing any more.
    held: new Map([['/plugin.GRPCStdio/StreamStdio', () => end('Terraform has gone', GRACE_MS)]]),
  });
  watchProcess(context, log, debug, end);
  if (debug) {
    writeSync(1, `TF_REATTACH_PROVIDERS='${reattachValue(provider.address, process.pid, address)}'\n`);
  } else {
    writeSync(1, handshakeLine(address, certificate, env));
  }
}

function makeServer(
  env: NodeJS.ProcessEnv,
  debug: boolean,
): {
  readonly http2: Http2Server;
  readonly listener: NetServer;
  readonly certificate: Uint8Array | undefined;
} {
  const http2 = createServer(HTTP2_OPTIONS);
  const clientCert = env.PLUGIN_CLIENT_CERT;
  if (debug || env.TF_DISABLE_PLUGIN_TLS || !clientCert) {
    return { http2, listener: http2, certificate: undefined };
  }
  const certificate = makeCertificate();
  const listener = secureListener(certificate, clientCert, (socket) => http2.emit('connection', socket));
  return { http2, listener, certificate: certificate.der };
}

/** Makes log lines of everything that would be written to standard output. */
function redirectOutput(log: Logger): void {
  const methods = {
    log: log.info,
    info: log.info,
    debug: log.debug,
    warn: log.warn,
    error: log.error,
  } as const;
  for (const [name, write] of Object.entries(methods)) {
    Reflect.set(console, name, (...parts: unknown[]) =>
      write(formatWithOptions({ colors: false }, ...parts)),
    );
  }
  process.stdout.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    log.info(typeof chunk === 'string' ? chunk.trimEnd() : String(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

function watchProcess(
  context: ServerContext,
  log: Logger,
  debug: boolean,
  end: (reason: string, graceMs: number) => void,
): void {
  if (debug) {
    // Started by hand, ended by hand; `exit` removes the socket.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
  } else {
    // Ctrl-C reaches the whole process group; Terraform then sends StopProvider, and lets handlers finish.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => end('the process was told to end', GRACE_MS));
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) end('Terraform has gone', GRACE_MS);
    }, PARENT_POLL_MS).unref();
  }
  const onStray = (error: unknown) => {
    log.error('an error was not caught', { error: error instanceof Error ? error.stack : String(error) });
    // What handlers recorded is still told to Terraform; a crash would lose it.
    context.giveUp(error);
  };
  process.on('uncaughtException', onStray);
  process.on('unhandledRejection', onStray);
}
