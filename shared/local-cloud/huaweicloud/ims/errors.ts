// Error codes of the image service with their texts (seed 001 appendix B), as far as the embedded cloud has the cause.
import { json, type Reply } from '../../http/exchange.ts';

const messages = {
  'IMG.0001': 'The request message format is invalid.',
  'IMG.0002': 'The image name contains more than 128 characters.',
  'IMG.0003': 'The image name format is invalid.',
  'IMG.0004': 'The description contains more than 1024 characters.',
  'IMG.0005': 'The ECS does not exist.',
  'IMG.0007': 'The request body is empty.',
  'IMG.0009': 'The image name already exists.',
  'IMG.0013': 'The image name is not specified.',
  'IMG.0015': 'The number of private images has reached the maximum allowed.',
  'IMG.0017': 'The URL format is incorrect.',
  'IMG.0024': 'The image type in the request is incorrect.',
  'IMG.0027': 'The image ID in the request does not exist.',
  'IMG.0028': 'The image in the request is protected.',
  'IMG.0030': 'The project ID and token in the request are invalid.',
  'IMG.0031': 'The resource ID in the request is incorrect.',
  'IMG.0035': 'An attribute conflict occurred during the modification.',
  'IMG.0046': 'The image is unavailable.',
  'IMG.0047': 'This operation can be performed only by the image owner.',
  'IMG.0054': 'The image description format is invalid.',
  'IMG.0055': 'The memory or disk size is invalid.',
  'IMG.0056': 'The OS version is invalid.',
  'IMG.0057':
    'The image file is empty, not found, or in incorrect format, or you do not have enough permission to access the file.',
  'IMG.0058':
    'The region of the bucket where the image file is stored is inconsistent with that of the user.',
  'IMG.0059': 'The size of the image file exceeds the maximum allowed.',
  'IMG.0068': 'The specified bucket name is empty.',
  'IMG.0076': 'You cannot share an image with yourself.',
  'IMG.0088': 'The number of shared images has reached the maximum allowed.',
  'IMG.0089': 'The public image or Marketplace image cannot be shared.',
  'IMG.0090': 'The image being created cannot be deleted.',
  'IMG.0092': 'The image can only be deleted by the owner.',
  'IMG.0094': 'The public image cannot be deleted.',
  'IMG.0095': 'The KMS key does not exist.',
  'IMG.0105': 'The operation is not supported.',
  'IMG.0106': 'The image owner is another tenant.',
  'IMG.0108': 'The tenant ID was not found in the current region.',
  'IMG.0109': 'The bucket name contains invalid characters.',
  'IMG.0115': 'The image tag is invalid.',
  'IMG.0116': 'The number of image tags exceeds the quota.',
  'IMG.0120': 'The specified data disk ID is unavailable.',
  'IMG.0122': 'The OS type is invalid.',
  'IMG.0141': 'The value of hw_firmware_type is not uefi or bios.',
  'IMG.0142': 'Replication must be performed across regions.',
  'IMG.0144': 'The image does not exist.',
  'IMG.0145': 'The project name is incorrect.',
  'IMG.0146': 'The size of the image to be replicated across regions exceeds the upper limit.',
  'IMG.0147': 'The entered region information is incorrect.',
  'IMG.0149': 'The number of image replicated cross regions exceeds the maximum number allowed at a time.',
  'IMG.0151':
    'The agency does not have the needed permissions to perform this operation on the target project.',
  'IMG.0157': 'Incorrect image type.',
  'IMG.0158':
    'Only image files in raw OR ZVHD2 format support the Fast Create function. For raw image files, bitmaps must be uploaded to the OBS bucket together with image files.',
  'IMG.0159':
    'The OS version is required when image files are used to create ECSs through the Fast Create function.',
  'IMG.0166': 'OS information must be contained in the ISO files used to create images.',
  'IMG.0167': 'This operation cannot be performed for ISO images.',
  'IMG.0175': 'The folder name and image file name cannot contain spaces.',
  'IMG.0196': 'The image cannot be replicated because it is not accepted by the recipient.',
  'IMG.0212': 'The value of architecture is not x86 or arm.',
} as const;

/** A documented code. */
export type ImsCode = keyof typeof messages;

/** The text of a code. */
export const messageOf = (code: ImsCode): string => messages[code];

/** A refusal of the image service. The status is 400 unless said otherwise, as appendix B has it. */
export class ImsError extends Error {
  readonly code: ImsCode;
  readonly status: number;

  constructor(code: ImsCode, status = 400) {
    super(messages[code]);
    this.code = code;
    this.status = status;
  }
}

/** The service's own error body (seed 001 appendix B). */
export function errorReply(error: ImsError): Reply {
  return json(error.status, { error: { message: error.message, code: error.code } });
}

/** The error body of the gateway in front of the service (seed 001 §3.3). */
export function gatewayReply(status: number, code: string, message: string, requestId: string): Reply {
  return json(status, { error_msg: message, error_code: code, request_id: requestId });
}
