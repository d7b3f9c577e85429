// Refusals of the image service and the bodies that they go out with.
import { json, type Reply } from '../../http/exchange.ts';
import { type ImsCode, messages } from './codes.ts';

export type { ImsCode } from './codes.ts';

/** The text of a code. */
export const messageOf = (code: ImsCode): string => messages[code];

/** A refusal of the image service. The status is 400 unless said otherwise, as appendix B has it. */
export class ImsError extends Error {
  readonly code: ImsCode;
  readonly status: number;

  constructor(code: ImsCode, status = code === 'IMG.0026' ? 403 : 400) {
    super(messages[code]);
    this.code = code;
    this.status = status;
  }
}

/** The service's own error body (seed 001 appendix B). */
export function errorReply(error: ImsError): Reply {
  return json(error.status, { error: { message: error.message, code: error.code } });
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The error body of the native calls, which is XML (seed 001 §8.1 says no more of its form). */
export function nativeErrorReply(error: ImsError): Reply {
  const message = error.message.replace(/[&<>]/g, (mark) => entities[mark] ?? mark);
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml;charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<error><code>${error.code}</code><message>${message}</message></error>\n`,
  };
}

/** The error body of the gateway in front of the service (seed 001 §3.3). */
export function gatewayReply(status: number, code: string, message: string, requestId: string): Reply {
  return json(status, { error_msg: message, error_code: code, request_id: requestId });
}
