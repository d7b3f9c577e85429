// Errors of the object store and their XML form (OBS API reference, "Error Codes").
import type { Reply } from '../http/exchange.ts';
import { xml } from './xml.ts';

/** A refusal of the object store; becomes an XML reply. */
export class ObsError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The reply for an error; HEAD requests get only its header. */
export function errorReply(error: ObsError, requestId: string, resource: string): Reply {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/xml',
      'x-obs-request-id': requestId,
      'x-obs-error-code': error.code,
    },
    body: xml('Error', {
      Code: error.code,
      Message: error.message,
      Resource: resource,
      RequestId: requestId,
      HostId: 'local',
    }),
  };
}

export const noSuchBucket = () => new ObsError(404, 'NoSuchBucket', 'The specified bucket does not exist.');
export const noSuchKey = () => new ObsError(404, 'NoSuchKey', 'The specified key does not exist.');
export const noSuchUpload = () =>
  new ObsError(
    404,
    'NoSuchUpload',
    'The multipart upload does not exist: it was completed, aborted or never made.',
  );
export const invalidArgument = (message: string) => new ObsError(400, 'InvalidArgument', message);
