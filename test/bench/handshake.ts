// How long the provider takes from spawn to the handshake line, and the command to its end, against a Node that does nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '../../provider/plugin/transport/certificate.ts';

const PROVIDER = fileURLToPath(
  new URL('../../provider/terraform/dist/terraform-provider-imagebridge_v0.1.0', import.meta.url),
);

/** Terraform hands its certificate over; without it the provider would skip the work that TLS takes. */
const clientCertificate = makeCertificate().certPem;

/** Minimum times of so many starts, in turn, in ms. */
export async function handshake(starts: number): Promise<{ bareMs: number; providerMs: number }> {
  const bare: number[] = [];
  const provider: number[] = [];
  for (let i = 0; i < starts; i++) {
    bare.push(await timed(process.execPath, ['-e', '0'], 'end'));
    provider.push(await timed(PROVIDER, [], 'first line'));
  }
  return { bareMs: Math.min(...bare), providerMs: Math.min(...provider) };
}

const COMMAND = fileURLToPath(new URL('../../shared/cli/bin/imagebridge.js', import.meta.url));

/** Minimum times of `imagebridge --version` and of a Node that does nothing, in turn, in ms. */
export async function commandStart(starts: number): Promise<{ bareMs: number; commandMs: number }> {
  const bare: number[] = [];
  const command: number[] = [];
  for (let i = 0; i < starts; i++) {
    bare.push(await timed(process.execPath, ['-e', '0'], 'end'));
    command.push(await timed(process.execPath, [COMMAND, '--version'], 'end'));
  }
  return { bareMs: Math.min(...bare), commandMs: Math.min(...command) };
}

async function timed(command: string, args: readonly string[], until: 'end' | 'first line'): Promise<number> {
  // Extra certificates cost every Node process 40 ms at its start, which would flatter the ratio.
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
    PLUGIN_PROTOCOL_VERSIONS: '6',
    PLUGIN_CLIENT_CERT: clientCertificate,
  };
  const startedMs = performance.now();
  const child = spawn(command, [...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  if (until === 'first line') {
    const [data] = await Promise.race([once(child.stdout, 'data'), closed.then(() => [''])]);
    const tookMs = performance.now() - startedMs;
    if (!/^1\|6\|/.test(String(data))) throw new Error(`the provider did not shake hands: ${String(data)}`);
    child.kill('SIGKILL');
    await closed;
    return tookMs;
  }
  child.stdout.resume();
  await closed;
  return performance.now() - startedMs;
}
