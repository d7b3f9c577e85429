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
  const stem = path.replace(/\.[A-Za-z0-9]{1,8}$/, '');
  const remedy = finding.remedy.replace(
    /(?<=[ =])(IN|OUT)(?=[ .,;)]|$)/g,
    (word: string, _, at: number, whole: string) =>
      quote(word === 'IN' ? path : `${stem}.new.${endingOf(whole.slice(0, at))}`),
  );
  return { ...finding, remedy };
}

/** The ending that fits what the command writes. */
function endingOf(command: string): string {
  const format = [...command.matchAll(/ -O (\w+)/g)].at(-1)?.[1] ?? 'qcow2';
  return format === 'vpc' ? 'vhd' : format;
}

const quote = (text: string) =>
  /^[\p{L}\p{N}_./@%+:=-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
