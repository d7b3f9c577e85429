// `imagebridge local-cloud`: the embedded cloud, in the foreground.
import { once } from 'node:events';
import path from 'node:path';
import { stateDir } from '@imagebridge/core';
import {
  clientSettings,
  type LocalCloudFacts,
  readLocalCloud,
  startLocalCloud,
} from '@imagebridge/local-cloud';
import { type Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, printResult } from '../outcome.ts';

interface LocalCloudCommandOptions extends CommonOptions {
  printEnv?: boolean;
  account: string;
  region?: string;
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
      'run a cloud on loopback, with two regions and three accounts, for trying things out and for tests',
    )
    .option('--data <dir>', 'where it keeps everything (default: in the state directory)')
    .option('--port <port>', 'first of the ports to listen on (default: free ones)', port)
    .option('--job-seconds <s>', 'how long an import or a copy takes', seconds)
    .option('--log', 'print a line per request on stderr')
    .option(
      '--print-env',
      'print ready settings for every family, and for the aws, rclone and openstack commands, as lines for a shell; they hold secrets',
    )
    .option('--account <name>', 'account of those settings: acme, partner or operator', 'acme')
    .option('--region <region>', 'region of those settings (default: the first)')
    .option('--json', 'print the endpoints, or the settings, as JSON')
    .addHelpText(
      'after',
      `
Examples:
  imagebridge local-cloud --data ./cloud-data
  eval "$(imagebridge local-cloud --print-env --data ./cloud-data)"

With --print-env on a folder that another process serves already, its settings are printed and the command ends.`,
    )
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<LocalCloudCommandOptions>();
      const dataDir = path.resolve(options.data ?? path.join(stateDir(process.env), 'local-cloud'));
      if (options.printEnv && (await isServed(dataDir)))
        return printEnvironment(options, readLocalCloud(dataDir));
      const cloud = await startLocalCloud({
        dataDir,
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
      if (options.printEnv) printEnvironment(options, cloud);
      else
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

/** True when another process answers on the folder's control port. */
async function isServed(dataDir: string): Promise<boolean> {
  try {
    const { endpoints } = readLocalCloud(dataDir);
    const reply = await fetch(`${endpoints.control}/_health`, { signal: AbortSignal.timeout(2000) });
    return reply.ok;
  } catch {
    return false;
  }
}

function printEnvironment(options: LocalCloudCommandOptions, facts: LocalCloudFacts): void {
  const region = options.region ?? Object.keys(facts.endpoints.regions)[0] ?? '';
  const settings = clientSettings(facts, options.account, region);
  // Single quotes take everything as it is; one inside ends and begins them again.
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  const lines = settings.flatMap(({ client, note, variables }) => [
    `# ${client}: ${note}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ]);
  printResult(options, settings, lines.join('\n'));
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
