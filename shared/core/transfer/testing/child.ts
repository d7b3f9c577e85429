// A process that uploads one file, to be killed, watched or commanded by a test. Prints its snapshots as JSON lines.
// Arguments: port, path, state directory, part size in bytes, kind of lock.
import { ImageBridgeError } from '../../model/index.ts';
import { startUpload } from '../index.ts';
import { HttpTarget } from './http-target.ts';

const [port = '', path = '', stateDir = '', partSize = '', kind = ''] = process.argv.slice(2);
const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const target = new HttpTarget(Number(port));
const lockKind = kind === 'socket-file' ? 'socket-file' : undefined;

try {
  const upload = await startUpload(
    {
      path,
      target,
      partSizeBytes: Number(partSize),
      onEvent: ({ type, snapshot }) => print({ type, state: snapshot.state, partsDone: snapshot.partsDone }),
    },
    { stateDir, lockKind },
  );
  print({ type: 'started', uploadId: upload.id });
  process.on('message', () => {});
  print({ type: 'done', ...(await upload.done) });
} catch (error) {
  print({ type: 'error', kind: error instanceof ImageBridgeError ? error.kind : String(error) });
}
await target.close();
