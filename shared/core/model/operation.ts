// What an operation of a service is, as data: for calling any of them by name, and for the table of operations. Types only.
import type { CloudFamily } from './image.ts';

/** One parameter of an operation. */
export interface OperationParameter {
  /** As on the wire. */
  name: string;
  /** `string`, `integer`, `number`, `boolean`, or one of these with `[]`; `object`, `object[]`. */
  type: string;
  required: boolean;
  /** The only values that are allowed. */
  values?: readonly string[] | undefined;
}

/** One operation of the services' documents. */
export interface OperationInfo {
  /** Number in the index of all operations, 1 to 59. */
  number: number;
  family: CloudFamily;
  /** As the index spells it: `DescribeImage`, `GET /v2/cloudimages`. */
  call: string;
  /** What it does, in a few words: `list images`. */
  title: string;
  /** Document and section: `000`, `001 §5.1.1`. */
  seed: string;
  /** What the answer means: `job` or `image` go on after it; absent: done. */
  starts?: 'job' | 'image' | undefined;
  /** Number of the operation to use instead, for deprecated ones. */
  insteadUse?: number | undefined;
  parameters: readonly OperationParameter[];
  /** Bytes travel instead of JSON: in the request, or in the answer. */
  bytes?: 'request' | 'reply' | undefined;
  /** Methods of the port (`ImageCloud`) that use it. */
  portMethods: readonly string[];
}

/** What an operation is called with. */
export interface OperationInput {
  /** By the wire's names: path, query and body alike. Values are checked before anything is sent. */
  parameters: Readonly<Record<string, unknown>>;
  /** For operations that take bytes. */
  bytes?: { sizeBytes: number; open: () => AsyncIterable<Uint8Array> } | undefined;
}

/** What an operation answered. */
export interface OperationReply {
  /** The answer as data, as it came (unknown fields too). Undefined for an empty answer. Tokens in it are wrapped. */
  data?: unknown;
  /** The answer's bytes, for operations that give bytes. */
  bytes?: AsyncIterable<Uint8Array> | undefined;
  /** Headers that carry facts of the answer (operation 37), by lower-case name. A token is wrapped as a Secret. */
  headers?: Record<string, unknown> | undefined;
}
