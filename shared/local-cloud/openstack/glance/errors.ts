// Errors of Glance: HTML, or JSON for those who ask for it, with the same words.
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
  416: 'Requested Range Not Satisfiable',
};

/** A refusal of the image service. */
export class GlanceError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

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
        message: `${error.message}<br /><br />\n\n\n`,
        code: `${error.status} ${title}`,
        title,
      }),
    };
  }
  const text = error.message.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return {
    status: error.status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...error.headers },
    body: `<html>\n <head>\n  <title>${error.status} ${title}</title>\n </head>\n <body>\n  <h1>${error.status} ${title}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`,
  };
}
