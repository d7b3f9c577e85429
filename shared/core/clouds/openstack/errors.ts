// What Keystone's and Glance's error answers mean. Reading an answer is in ../service-error.ts.
import type { HttpReply, RequestContext } from '../../http/index.ts';
import type { ImageBridgeError } from '../../model/index.ts';
import { type CodeMeaning, readServiceError, toServiceError } from '../service-error.ts';

/**
 * The error that an answer stands for. The code of these services repeats the status (`404 Not Found`), so the status
 * decides; the messages hold markup, which is taken out.
 */
export function toError(reply: HttpReply, context: RequestContext): ImageBridgeError {
  const said = readServiceError(reply);
  const message = said.message
    ?.replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const code = said.code?.replace(/^(\d{3})\b.*$/, '$1');
  return toServiceError(
    reply,
    context,
    (_, repeatable) => meaningOf(reply.status, message ?? '', repeatable),
    { ...said, message, code: code ?? String(reply.status) },
  );
}

function meaningOf(status: number, message: string, repeatable: boolean): CodeMeaning | undefined {
  switch (status) {
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
      return { kind: 'quota', hint: 'Delete images, ask for more quota, or make the image smaller.' };
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
