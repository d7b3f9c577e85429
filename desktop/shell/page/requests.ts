// What the window may ask of the shell, by channel: checked before anything is done. Pure.
import { basename, isAbsolute } from 'node:path';
import { z } from 'zod';
import { CHANNELS } from './channels.ts';

const MAX_TEXT_CHARS = 64 * 1024 * 1024;
const fileName = z.string().min(1).max(255).transform(safeFileName);

/** Arguments by channel. */
export const REQUESTS = {
  [CHANNELS.pickFiles]: z.tuple([z.enum(['one', 'many'])]),
  [CHANNELS.pickSavePath]: z.tuple([fileName]),
  [CHANNELS.saveText]: z.tuple([fileName, z.string().max(MAX_TEXT_CHARS)]),
  [CHANNELS.reveal]: z.tuple([z.string().max(4000).refine(isAbsolute)]),
};

/** A name that is a name and no path, on any system: it is only suggested, in a dialog. */
export function safeFileName(name: string): string {
  const clean = basename(name.replaceAll('\\', '/'))
    .replaceAll(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  return clean === '' ? 'image' : clean;
}
