// The uploads that this very process works on, so that its own functions need not talk to themselves over a socket.
import { resolve } from 'node:path';
import type { ControlCommand } from './control-protocol.ts';
import type { Upload } from './types.ts';

const active = new Map<string, Upload>();
const keyOf = (stateDir: string, uploadId: string) => `${resolve(stateDir)}\0${uploadId}`;

/** Notes that this process works on an upload. */
export function rememberActive(stateDir: string, upload: Upload): void {
  active.set(keyOf(stateDir, upload.id), upload);
}

/** Notes that this process has let go of an upload. */
export function forgetActive(stateDir: string, uploadId: string): void {
  active.delete(keyOf(stateDir, uploadId));
}

/** The upload, when this process works on it. */
export function activeUpload(stateDir: string, uploadId: string): Upload | undefined {
  return active.get(keyOf(stateDir, uploadId));
}

/** Does with an upload what a command says. */
export async function obey(upload: Upload, command: ControlCommand): Promise<void> {
  if (command === 'pause' || command === 'resume' || command === 'abort') await upload[command]();
  else if (command === 'status') return;
  else if (command.command === 'set-limit') upload.setLimit(command.bytesPerSecond);
  else upload.setPriority(command.priority);
}
