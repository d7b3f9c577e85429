// Removes secrets from whatever goes into an error, a log or an observer. Imports nothing.

/** What stands in the place of a secret. */
export const REDACTED = '***';

const SECRET_HEADERS = new Set([
  'authorization',
  'proxy-authorization',
  'x-auth-token',
  'x-subject-token',
  'x-service-token',
  'x-security-token',
  'x-obs-security-token',
  'x-amz-security-token',
  'cookie',
  'set-cookie',
]);

// Names of query parameters, form fields and JSON members, compared in lower case without - and _.
const SECRET_NAMES = new Set([
  'signature',
  'xamzsignature',
  'xobssignature',
  'xsdksignature',
  'xamzcredential',
  'xamzsecuritytoken',
  'xobssecuritytoken',
  'accesskeyid',
  'awsaccesskeyid',
  'obsaccesskeyid',
  'securitytoken',
  'stoken',
  'token',
  'xauthtoken',
  'xsubjecttoken',
  'authorization',
  'password',
  'adminpass',
  'passcode',
  'secret',
  'secretkey',
  'sk',
  'privatekey',
  'applicationcredentialsecret',
]);

const isSecretName = (name: string) => SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));

/**
 * A copy of a header map with the values of secret headers replaced.
 * @param headers header names in any case
 */
export function redactHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    clean[name] = SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : redactText(text);
  }
  return clean;
}

/**
 * A URL as text, without user name, password and the values of secret query parameters.
 * @param url an absolute URL; a text that is none is cleaned as text
 */
export function redactUrl(url: URL | string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return redactText(String(url));
  }
  if (parsed.username !== '') parsed.username = REDACTED;
  if (parsed.password !== '') parsed.password = REDACTED;
  if (parsed.search !== '') {
    const parts = parsed.search.slice(1).split('&');
    parsed.search = parts
      .map((part) => {
        const name = part.split('=', 1)[0] ?? '';
        return isSecretName(decode(name)) && part.includes('=') ? `${name}=${REDACTED}` : part;
      })
      .join('&');
  }
  return parsed.href;
}

/**
 * A text without what looks like a secret: authorization values, tokens, passwords and signatures in JSON, XML, headers,
 * forms and URLs. Texts without such marks come back as they are.
 * @param text what a service or a library said
 */
export function redactText(text: string): string {
  return (
    text
      // JSON members: "password": "…"
      .replace(/"([\w-]+)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (whole, name: string, colon: string) =>
        isSecretName(name) ? `"${name}"${colon}"${REDACTED}"` : whole,
      )
      // XML elements: <SecurityToken>…</SecurityToken>
      .replace(/<([\w-]+)>([^<]*)<\/\1>/g, (whole, name: string) =>
        isSecretName(name) ? `<${name}>${REDACTED}</${name}>` : whole,
      )
      // Authorization values of the schemes in use
      .replace(/\b(OBS|AWS) [\w-]+:[\w+/=]+/g, `$1 ${REDACTED}`)
      .replace(/\b(SDK-HMAC-SHA256|AWS4-HMAC-SHA256|V11-HMAC-SHA256) [^\r\n"<]*/g, `$1 ${REDACTED}`)
      .replace(/\b(Bearer|Basic) [\w+/=.~-]+/gi, `$1 ${REDACTED}`)
      // name=value of queries and forms
      .replace(/([?&;\s]|^)([\w-]+)=([^&\s"'<>;]+)/g, (whole, lead: string, name: string) =>
        isSecretName(name) ? `${lead}${name}=${REDACTED}` : whole,
      )
      // Name: value of header lines
      .replace(/^([\w-]+):[ \t]*(.+)$/gm, (whole, name: string) =>
        SECRET_HEADERS.has(name.toLowerCase()) || isSecretName(name) ? `${name}: ${REDACTED}` : whole,
      )
      .replace(/\b(x-(?:auth|subject|security|obs-security)-token)\s*[:=]\s*\S+/gi, `$1: ${REDACTED}`)
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
