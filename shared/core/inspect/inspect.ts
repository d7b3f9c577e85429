// What an image is, before anything is sent. Reads at most 4 MiB, follows no name found inside an image.
import { type CallOptions, CancelledError, UnsupportedError } from '../model/index.ts';
import { type ByteReader, type LimitedReader, limitedReader } from './byte-reader.ts';
import { Bytes } from './bytes.ts';
import { type DiskFacts, readDisk } from './disk/disk.ts';
import { error, info, warning } from './findings.ts';
import { type FormatReader, HEAD_BYTES, type Layout, type Probe, TAIL_BYTES } from './format.ts';
import { FORMATS, raw } from './formats/index.ts';
import type { Finding, ImageFacts } from './types.ts';

/** Most bytes that an inspection reads. */
export const MAX_INSPECT_BYTES = 4 * 1024 * 1024;
/** Most reads that an inspection makes. */
export const MAX_INSPECT_READS = 2000;

/** How an image is inspected. */
export interface InspectOptions extends CallOptions {
  /** Most bytes to read; a finding tells when they were not enough. Default, and at most: 4 MiB. */
  maxBytes?: number | undefined;
}

/**
 * Inspects an image by its content, wherever its bytes come from.
 * @param reader throws UnsupportedError for what it cannot reach: that part is left out of the judgement, and a finding
 *   says so
 * @throws CancelledError when the signal aborts; whatever else the reader throws. Never because of what is in the image.
 */
export async function inspectSource(reader: ByteReader, options: InspectOptions = {}): Promise<ImageFacts> {
  const maxBytes = Math.min(options.maxBytes ?? MAX_INSPECT_BYTES, MAX_INSPECT_BYTES);
  const limited = limitedReader(reader, maxBytes, MAX_INSPECT_READS);
  const reach = reachable(limited, options.signal);
  const { file } = reach;
  const probe: Probe = {
    file,
    head: new Bytes(await file.read(0, HEAD_BYTES)),
    tail: new Bytes(await file.read(Math.max(0, file.sizeBytes - TAIL_BYTES), TAIL_BYTES)),
  };
  const matching = FORMATS.filter((format) => format.matches(probe));
  const format = matching[0] ?? raw;
  const { guest, ...layout } = await format.read(probe);
  const disk = guest === undefined || guest.sizeBytes === 0 ? undefined : await readDisk(guest);
  const facts = { ...disk, ...layout };
  const { refersTo = [] } = facts;
  const told: ImageFacts = {
    format: format.format,
    virtualSizeBytes: facts.virtualSizeBytes,
    // What was not read to its end may hold more.
    boot: limited.exhausted ? 'unknown' : (facts.boot ?? (facts.virtualSizeBytes === 0 ? 'none' : 'unknown')),
    encrypted: facts.encrypted ?? false,
    features: facts.features ?? [],
    ...known({
      variant: facts.variant,
      compression: facts.compression,
      unpackedSizeBytes: facts.unpackedSizeBytes,
      partitionTable: facts.partitionTable,
      partitions: facts.partitions,
      fileSystem: facts.fileSystem,
      volumeLabel: facts.volumeLabel,
      architecture: facts.architecture,
      osType: facts.osType,
      osHint: facts.osHint,
      refersTo: refersTo.length === 0 ? undefined : refersTo,
    }),
    findings: distinct([
      ...(layout.findings ?? []),
      ...generalFindings(layout, matching, limited),
      ...diskFindings(layout, disk),
    ]),
  };
  return reach.isWhole ? told : onlySeen(told);
}

/** The same is not said twice: of findings with one code the first is kept. */
const distinct = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ code }, i) => findings.findIndex((other) => other.code === code) === i);

/** Facts that are not known are left out. */
const known = <T extends object>(facts: T): Partial<T> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Partial<T>;

/** A disk that is known to be cut need not be complained about again. */
function diskFindings(layout: Layout, disk: DiskFacts | undefined): Finding[] {
  const isCut = layout.findings?.some(({ code }) => code.endsWith('-truncated')) ?? false;
  return (disk?.findings ?? []).filter(({ code }) => !(isCut && code.endsWith('-truncated')));
}

function generalFindings(
  layout: Layout,
  matching: readonly FormatReader[],
  limited: LimitedReader,
): Finding[] {
  const findings: Finding[] = [];
  const names = matching.map(({ format }) => format);
  if (names.length > 1)
    findings.push(
      warning(
        'several-formats',
        `The file looks like all of these: ${names.join(', ')}. Programs that guess the format may disagree.`,
        'Use it only if you know where it comes from, and give the disk format yourself.',
      ),
    );
  if (limited.sizeBytes === 0)
    findings.push(
      error(
        'empty-file',
        'The file has no content.',
        'As it stands, it is empty (0 bytes). Get or build the image again.',
      ),
    );
  else if (
    layout.virtualSizeBytes === 0 &&
    !(layout.findings ?? []).some(({ severity }) => severity === 'error')
  )
    findings.push(error('zero-size', 'The disk inside has 0 bytes.', 'Get or build the image again.'));
  if (limited.exhausted)
    findings.push(
      error(
        'inspection-limit',
        `The image could not be judged by reading ${limited.bytesRead} bytes of it: its tables lead too far.`,
        'Write it anew with a tool that you trust: qemu-img convert -O qcow2 IN OUT.',
      ),
    );
  return findings;
}

/** A source may be readable in part only (what an archive holds): it says so, and the rest of it reads as empty. */
function reachable(reader: ByteReader, signal: AbortSignal | undefined) {
  const reach = {
    isWhole: true,
    file: {
      sizeBytes: reader.sizeBytes,
      async read(offset: number, lengthBytes: number) {
        if (signal?.aborted) throw new CancelledError({ operation: 'inspect an image' });
        try {
          return await reader.read(offset, lengthBytes);
        } catch (cause) {
          if (!(cause instanceof UnsupportedError)) throw cause;
          reach.isWhole = false;
          return Buffer.alloc(0);
        }
      },
    },
  };
  return reach;
}

/** What was not read does not speak against an image. */
function onlySeen(facts: ImageFacts): ImageFacts {
  const seen = facts.findings.filter(({ code }) => !/-truncated$|-damaged$|^vhdx-bad-header$/.test(code));
  const partly = info(
    'inspected-in-part',
    'Only the beginning and the end of the image could be looked at.',
    'To have it inspected as a whole, unpack it first.',
  );
  return {
    ...facts,
    boot: facts.boot === 'none' ? 'unknown' : facts.boot,
    findings: [...seen, partly],
  };
}
