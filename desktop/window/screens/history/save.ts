// Gives the user a text as a file: by the system's dialog in the app, as a download in a browser.
import { bridge } from '../../state/transport.ts';

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
};

/** @returns the path where it is known, an empty text after a download in a browser, null when the user did not want it */
export async function saveAs(fileName: string, text: string): Promise<string | null> {
  const shell = bridge();
  if (shell !== undefined) return shell.saveText(fileName, text);
  const type = TYPES[fileName.split('.').pop() ?? ''] ?? 'text/plain;charset=utf-8';
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it a moment after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return '';
}
