// What Keystone's and Glance's error answers mean. Reading an answer is in ../service-error.ts.
import { type HttpReply, isHtml, REDACTED, type RequestContext, redactText } from '../../http/index.ts';
import type { ImageBridgeError } from '../../model/index.ts';
import { type CodeMeaning, readServiceError, toServiceError } from '../service-error.ts';

/**
 * The error that an answer stands for. The code of these services repeats the status (`404 Not Found`), so the status
 * decides; the messages hold markup, which is taken out.
 */
export function toError(reply: HttpReply, context: RequestContext): ImageBridgeError {
  const page = pageText(reply);
  const said = page === undefined ? readServiceError(reply) : { message: page };
  const message = said.message === undefined ? undefined : readable(said.message);
  const code = said.code?.replace(/^(\d{3})\b.*$/, '$1');
  // A web page that is not the service's own says nothing of images: a proxy's 404 does not mean that one is gone.
  const foreign = page === undefined && isHtml(reply) && reply.text().trim() !== '' && reply.status !== 401;
  return toServiceError(
    reply,
    context,
    (_, repeatable) => (foreign ? undefined : meaningOf(reply, message ?? '', repeatable)),
    { ...said, message, code: code ?? String(reply.status) },
  );
}

/** The text of the page that these services write when they do not answer JSON; undefined when it is another page. */
function pageText(reply: HttpReply): string | undefined {
  if (!isHtml(reply)) return undefined;
  const [, heading, text] =
    /<h1>\s*(\d{3}) [^<]*<\/h1>\s*([\s\S]{1,2000}?)<br \/><br \/>/i.exec(reply.text().slice(0, 20_000)) ?? [];
  return Number(heading) === reply.status ? unescapeHtml(text ?? '') : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#39;': "'",
  '&amp;': '&',
};
const unescapeHtml = (text: string) =>
  text.replace(/&(?:lt|gt|quot|amp|#x27|#39);/g, (entity) => ENTITIES[entity] ?? entity).trim();

/**
 * What a service says, as one line without markup. It likes to repeat the URL that it was to fetch from, which may grant
 * access: user names and queries of URLs are taken out.
 */
export function readable(text: string): string {
  const line = text
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return redactText(
    line
      .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"]*@/gi, `$1${REDACTED}@`)
      .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, `$1?${REDACTED}`),
  );
}

function meaningOf(reply: HttpReply, message: string, repeatable: boolean): CodeMeaning | undefined {
  switch (reply.status) {
    case 400:
    case 422:
      return { kind: 'invalid-input' };
    case 401:
      return { kind: 'authentication', hint: 'Check the credentials and the project of the profile.' };
    case 403:
      return {
        kind: 'permission',
        hint: /protected/i.test(message)
          ? 'Take the protection off first.'
          : /shared/i.test(message)
            ? 'Set the visibility of the image to "shared" first.'
            : /deactivated/i.test(message)
              ? 'Reactivate the image first.'
              : 'Check the roles of the user in this project.',
      };
    case 404:
      return { kind: 'not-found', hint: 'Check the id, the region and the project.' };
    case 409:
      return {
        kind: 'conflict',
        hint: /in use/i.test(message) ? 'End the use of the image first.' : 'Look at the state of the image.',
      };
    case 410:
      return { kind: 'not-found', hint: 'The image was deleted meanwhile.' };
    case 413:
      // Older services limit the rate of requests with this status.
      if (reply.retryAfterMs !== undefined) {
        return { kind: 'throttled', hint: 'Wait and try again.', retryable: true };
      }
      return /larger than|too large|size cap/i.test(message) && !/quota/i.test(message)
        ? { kind: 'invalid-input', hint: 'Make the image smaller.' }
        : { kind: 'quota', hint: 'Delete images, ask for more quota, or make the image smaller.' };
    case 415:
      return { kind: 'invalid-input', hint: 'Check that the file has the disk format it is said to have.' };
    case 416:
      return { kind: 'invalid-input', hint: 'The image is shorter than that.' };
    case 503:
      return { kind: 'unavailable', hint: 'Try again later.', retryable: repeatable };
    default:
      return undefined;
  }
}
