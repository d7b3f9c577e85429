// What Terraform and a plugin tell each other before the first call. Pure; the process is touched in run.ts.

/** Terraform's sign that it started this program. No secret. */
export const MAGIC_COOKIE = {
  name: 'TF_PLUGIN_MAGIC_COOKIE',
  value: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
} as const;

/** The protocol served here. */
export const PROTOCOL_VERSION = 6;

type Env = Readonly<Record<string, string | undefined>>;

/** What to tell people where this start is none that can be served, given the provider's address; undefined where it can. */
export function refusal(env: Env): ((address: string) => string) | undefined {
  if (env[MAGIC_COOKIE.name] !== MAGIC_COOKIE.value) {
    return (address) =>
      `This program is the Terraform provider ${address}. Terraform starts it by itself:\n` +
      'declare it under required_providers, and run terraform init and terraform apply.\n';
  }
  const offered = env.PLUGIN_PROTOCOL_VERSIONS;
  // The order is not promised, and very old versions of Terraform do not set it.
  if (offered !== undefined && !offered.split(',').includes(String(PROTOCOL_VERSION))) {
    return (address) =>
      `The provider ${address} speaks plugin protocol 6, which needs Terraform 1.0 or newer.\n`;
  }
  return undefined;
}

/** The one line on standard output that tells Terraform where to connect. */
export function handshakeLine(
  address: { readonly network: string; readonly text: string },
  certificate: Uint8Array | undefined,
  env: Env,
): string {
  // Without padding: Terraform's decoder refuses it.
  const cert = certificate ? Buffer.from(certificate).toString('base64').replace(/=+$/, '') : '';
  const fields = ['1', String(PROTOCOL_VERSION), address.network, address.text, 'grpc', cert];
  if (env.PLUGIN_MULTIPLEX_GRPC) fields.push('false');
  return `${fields.join('|')}\n`;
}

/** The value of TF_REATTACH_PROVIDERS that makes Terraform use a running server. */
export function reattachValue(
  provider: string,
  pid: number,
  address: { readonly network: string; readonly text: string },
): string {
  return JSON.stringify({
    [provider]: {
      Protocol: 'grpc',
      ProtocolVersion: PROTOCOL_VERSION,
      Pid: pid,
      Test: true,
      Addr: { Network: address.network, String: address.text },
    },
  });
}
