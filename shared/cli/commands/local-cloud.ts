// `imagebridge local-cloud`: the embedded cloud, in the foreground.
import { once } from 'node:events';
import path from 'node:path';
import { stateDir } from '@imagebridge/core';
import { startLocalCloud } from '@imagebridge/local-cloud';
import { type Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, printResult } from '../outcome.ts';

interface LocalCloudCommandOptions extends CommonOptions {
  data?: string;
  port?: number;
  jobSeconds?: number;
  log?: boolean;
}

/** Adds the command. */
export function addLocalCloud(program: Command): void {
  program
    .command('local-cloud')
    .description(
      'run a cloud on loopback, with two regions and two accounts, for trying things out and for tests',
    )
    .option('--data <dir>', 'where it keeps everything (default: in the state directory)')
    .option('--port <port>', 'first of the ports to listen on (default: free ones)', port)
    .option('--job-seconds <s>', 'how long an import or a copy takes', seconds)
    .option('--log', 'print a line per request on stderr')
    .option('--json', 'print the endpoints as JSON')
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<LocalCloudCommandOptions>();
      const cloud = await startLocalCloud({
        dataDir: path.resolve(options.data ?? path.join(stateDir(process.env), 'local-cloud')),
        ...(options.port === undefined ? {} : { basePort: options.port }),
        ...(options.jobSeconds === undefined ? {} : { jobDurationMs: options.jobSeconds * 1000 }),
        ...(options.log
          ? {
              onRequest: (r) =>
                void process.stderr.write(
                  `${r.method} ${r.service} ${r.path} ${r.status} ${Math.round(r.ms)} ms\n`,
                ),
            }
          : {}),
      });
      const { endpoints, profilesPath } = cloud;
      printResult(
        options,
        { endpoints, profilesPath },
        [
          'The local cloud is running. Stop it with Ctrl-C; its data stays.',
          '',
          `  export IMAGEBRIDGE_CONFIG=${profilesPath}`,
          '',
          'Then, in another terminal:',
          '  imagebridge push ./disk.qcow2 --to local',
          '  imagebridge image list --cloud local',
        ].join('\n'),
      );
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      await cloud.close();
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1024 || value > 65_000)
    throw new InvalidArgumentError('It must be a port from 1024 to 65000.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 3600))
    throw new InvalidArgumentError('It must be a number of seconds up to 3600.');
  return value;
}
