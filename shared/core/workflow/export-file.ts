// An image as a local file that the user wants; one that is there already is taken when it is the same.
import { stat } from 'node:fs/promises';
import { type HashName, type ImageCloud, LocalFileError } from '../model/index.ts';
import { contentHash } from './content-hash.ts';
import { type DownloadRequest, downloadToFile } from './download.ts';
import { fileSha256 } from './file-sha256.ts';
import { requireCapability } from './preflight.ts';
import { localFile } from './publish-source.ts';
import { cloudLabel } from './wait-for-job.ts';

/** What an export to a file made. */
export interface FileExport {
  sizeBytes: number;
  /** Of the file, in hex. */
  sha256: string;
  /** True when the file was there already, with the bytes of the image. */
  adopted: boolean;
}

/**
 * Downloads an image to a file, or goes on with it. A file of that name which has the hash that the service tells is taken
 * as what an earlier run has made.
 * @throws LocalFileError when another file has the name; others as `downloadToFile`
 */
export async function exportToFile(
  cloud: ImageCloud,
  request: DownloadRequest,
  { stateDir }: { readonly stateDir: string },
): Promise<FileExport> {
  const operation = `export image ${request.imageId} to ${request.path}`;
  requireCapability(cloud, cloud.capabilities.download, operation);
  const there = await stat(request.path).catch(() => undefined);
  if (there === undefined) {
    const { sizeBytes, sha256 } = await downloadToFile(cloud, request);
    return { sizeBytes, sha256, adopted: false };
  }
  const { signal } = request;
  const image = await cloud.getImage(request.imageId, { signal });
  const algorithm = HASHES.find((name) => image?.checksums?.[name] !== undefined);
  const same =
    algorithm !== undefined &&
    there.isFile() &&
    (await contentHash(localFile(request.path), algorithm, { signal })) === image?.checksums?.[algorithm];
  if (same)
    return {
      sizeBytes: there.size,
      sha256: await fileSha256(request.path, { signal, stateDir }),
      adopted: true,
    };
  throw new LocalFileError({
    operation,
    cloud: cloudLabel(cloud),
    object: request.path,
    reason:
      algorithm === undefined
        ? 'there is a file of that name already, and the service tells no hash to compare it with'
        : 'there is another file of that name already, and it is not overwritten',
    hint: 'Choose another name, or remove that file.',
  });
}

const HASHES: readonly HashName[] = ['sha256', 'sha512', 'md5'];
