// Errors of Glance: JSON or HTML for those who ask for it, else plain text, with the same words.
import { type Exchange, header, type Reply } from '../../http/exchange.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Request Range Not Satisfiable',
};

/** A refusal of the image service. */
export class GlanceError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** What comes before the message, in a paragraph of its own. */
  readonly introduction: string | undefined;

  constructor(status: number, message: string, headers: Record<string, string> = {}, introduction?: string) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.introduction = introduction;
  }
}

/** A refusal that Glance introduces with its general words for the status. */
export const introduced = (status: 403 | 409 | 416, message: string): GlanceError =>
  new GlanceError(status, message, {}, introductions[status]);

const introductions = {
  403: 'Access was denied to this resource.',
  409: 'There was a conflict when trying to complete your request.',
  416: 'The Range requested is not available.',
};

/** No image, or none that the caller may see. */
export const noImage = (id: string) => new GlanceError(404, `No image found with ID ${id}`);

/** The reply for an error. */
export function errorReply(error: GlanceError, exchange: Exchange): Reply {
  const title = titles[error.status] ?? 'Error';
  const accept = header(exchange, 'accept') ?? '';
  if (/application\/json/.test(accept)) {
    return {
      status: error.status,
      headers: { 'content-type': 'application/json', ...error.headers },
      body: JSON.stringify({
        message:
          error.introduction === undefined
            ? `${error.message}<br /><br />\n\n\n`
            : `${error.introduction}<br /><br />\n${error.message}\n\n`,
        code: `${error.status} ${title}`,
        title,
      }),
    };
  }
  if (!accept.includes('html')) {
    const words =
      error.introduction === undefined
        ? `${error.message}\n\n   `
        : `${error.introduction}\n\n ${error.message}  `;
    return {
      status: error.status,
      headers: { 'content-type': 'text/plain; charset=UTF-8', ...error.headers },
      body: `${error.status} ${title}\n\n${words}`,
    };
  }
  const text = [error.introduction, error.message]
    .filter(Boolean)
    .join(' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;');
  return {
    status: error.status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...error.headers },
    body: `<html>\n <head>\n  <title>${error.status} ${title}</title>\n </head>\n <body>\n  <h1>${error.status} ${title}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`,
  };
}
