// Short ways to state findings, and the commands that remedies name. Pure.
import type { Finding } from './types.ts';

type State = (code: string, message: string, remedy: string) => Finding;

const stating =
  (severity: Finding['severity']): State =>
  (code, message, remedy) => ({ severity, code, message, remedy });

/** The cloud will refuse it, or it is dangerous. */
export const error = stating('error');
/** Probably not what is wanted. */
export const warning = stating('warning');
/** Good to know. */
export const info = stating('info');

/** `IN` and `OUT` stand for files; `nameFiles` puts names in. */
export const TO_QCOW2 = 'qemu-img convert -O qcow2 IN OUT';
/** Remedy for a file that did not arrive whole. */
export const GET_AGAIN = 'Get the file again and compare its checksum.';
/** Remedy for a file whose header makes no sense. */
export const DAMAGED = 'The file is damaged: get it again, or convert it from its source.';

/** Puts the name of the file, and of a file beside it, into the commands of remedies. */
export function nameFiles(finding: Finding, path: string): Finding {
  // A function, because a name may hold what `replace` takes for a pattern.
  const quoted = quote(path);
  const output = quote(`${path.replace(/\.[A-Za-z0-9]{1,8}$/, '')}.new.qcow2`);
  return {
    ...finding,
    remedy: finding.remedy
      .replace(/(?<= )OUT(?=[ .;,)]|$)/g, () => output)
      .replace(/(?<= )IN(?=[ .;,)]|$)/g, () => quoted),
  };
}

const quote = (text: string) =>
  /^[\p{L}\p{N}_./@%+:=-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
