// The options of `npm run desktop:web`. Pure.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '@imagebridge/core';
import { isLoopbackAddress, USUAL_PORT } from './listen.ts';

/** What the user asked for. */
export interface WebOptions {
  port?: number | undefined;
  host: string;
  roots?: string[] | undefined;
  dataDir?: string | undefined;
  publicUrl?: string | undefined;
  /** Absent: where there is somebody to see it. */
  open?: boolean | undefined;
  localCloud: boolean;
  json: boolean;
  help: boolean;
  version: boolean;
  /** Files to add, as absolute paths. */
  paths: string[];
}

export const USAGE = `Usage: npm run desktop:web -- [options] [FILE...]

Serves the uploader to a browser. It prints a link that works once; whoever has it can upload from this machine.

  FILE...          files to add at once
  --port <port>    default: ${USUAL_PORT}, or a free one when that is taken; 0: a free one
  --root <dir>     folder that files may be picked from; may be given several times
                   (default: your home directory and the current one)
  --data <dir>     folder of queue, settings and history (default: IMAGEBRIDGE_DESKTOP_DIR, or in the state directory)
  --open           open the link in the browser of this machine (default: when there is a screen)
  --no-open        only print it
  --local-cloud    start the embedded cloud, to try things without an account
  --json           print the link as one line of JSON
  --host <addr>    listen on another address than 127.0.0.1; needs --allow-remote
  --url <url>      address under which browsers come through a proxy with TLS, e.g. https://upload.example.com;
                   needs --allow-remote
  --allow-remote   yes, others may reach it: see desktop/engine/README.md first
  --help, --version

From another machine, without opening a port:
  ssh -L ${USUAL_PORT}:127.0.0.1:${USUAL_PORT} build-server    then open the printed link here
`;

/** Reads the command line. @throws InvalidInputError that says what is wrong with it */
export function readOptions(args: readonly string[]): WebOptions {
  const { values, positionals } = parse(args);
  const { host = '127.0.0.1', url } = values;
  if (values.open === true && values['no-open'] === true)
    throw wrong('--open and --no-open exclude each other');
  const isRemote = !isLoopbackAddress(host) || url !== undefined;
  if (isRemote && values['allow-remote'] !== true) {
    throw wrong(
      `${url === undefined ? `--host ${host}` : '--url'} lets other machines reach the uploader`,
      'Add --allow-remote if that is what you want. Safer is ssh -L: see desktop/engine/README.md.',
    );
  }
  if (url !== undefined && !/^https?:\/\/[^/]+\/?$/.test(url)) {
    throw wrong('--url must be an address without a path, e.g. https://upload.example.com');
  }
  return {
    port: portOf(values.port),
    host,
    publicUrl: url,
    roots: values.root?.map(folder),
    dataDir: values.data === undefined ? undefined : resolve(values.data),
    open: values.open === true ? true : values['no-open'] === true ? false : undefined,
    localCloud: values['local-cloud'] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
    paths: positionals.map((path) => resolve(path)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        url: { type: 'string' },
        'allow-remote': { type: 'boolean' },
        root: { type: 'string', multiple: true },
        data: { type: 'string' },
        open: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        'local-cloud': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (thrown) {
    // Node's first sentence names the option; the rest is about its own ways out.
    const [first = 'the options make no sense'] = (thrown instanceof Error ? thrown.message : '').split(
      /\.\s/,
    );
    throw wrong(first.replace(/\.$/, ''));
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw wrong(`--port ${text}: it must be a number from 0 to 65535`);
}

function folder(path: string): string {
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory() === true) return full;
  throw wrong(`--root ${path}: there is no such folder`);
}

const wrong = (reason: string, hint = 'desktop:web --help tells all options.') =>
  new InvalidInputError({ operation: 'start the uploader', reason, hint });
