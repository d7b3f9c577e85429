// Reads at positions out of a stream that only goes forward: keeps a window of what was unpacked last, puts reads in
// order, and starts again from the beginning only when there is no other way. Touches threads through UnpackThread.
import { CancelledError, FileChangedError, type ImageBridgeError, IntegrityError } from '../model/index.ts';
import type { ArchiveFile } from './archive-file.ts';
import { type Measured, UnpackThread } from './unpack-thread.ts';
import type { UnpackedEntry } from './unpack-thread-source.ts';

/** A piece that is unpacked at a time, in bytes. */
export const pieceBytes = 1024 * 1024;
/** Pieces that are unpacked before anybody asks. */
const aheadPieces = 4;
/** Pieces that are kept after they were read, for reads that come a little late. */
const behindPieces = 8;
/** What beginning at another place must spare, in bytes of content; a new thread takes some 50 ms. */
const worthBytes = 8 * 1024 * 1024;
const slots = aheadPieces + behindPieces;
/** How long a read that leaves a gap waits for others to ask for the bytes between, in ms. */
const patienceMs = 100;

interface WaitingRead {
  /** Position of the next byte it needs. */
  at: number;
  readonly end: number;
  readonly into: Uint8Array;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Piece {
  slot: number;
  start: number;
  length: number;
  /** False while the thread is at it. */
  filled: boolean;
}

/**
 * The order of reads. The *front* is how far anybody has read.
 * 1. What begins before the front and is still in the window (the last 8 MiB) is served at once.
 * 2. What begins at the front is served as fast as the thread unpacks, and moves the front. So parts 3, 4, 5 and 6, asked
 *    for at once, come one after the other, whatever the order of the calls, and so do lanes that read small pieces.
 * 3. When nobody asks for what is at the front, but for something ahead, the gap is unpacked and dropped, but only after
 *    100 ms without any read: another lane may be about to ask for it.
 * 4. When the read that waits longest begins before the window, unpacking starts again.
 * A gap is passed, and unpacking starts again, from the nearest place where the archive lets it begin: every block of
 * bzip2, the blocks of xz (-T), members, frames and streams. Where it has none, that is its beginning.
 */
export class UnpackWindow {
  readonly #file: ArchiveFile;
  readonly #measured: Pick<Measured, 'sizeBytes' | 'entries'>;
  #thread: UnpackThread | undefined;
  /** Resolves when the threads that were given up have ended. */
  #ended: Promise<unknown> = Promise.resolve();
  /** In ascending order, without gaps. */
  #pieces: Piece[] = [];
  /** Where the thread is when it has done all it was asked for. */
  #position = 0;
  /** How far anybody has read. */
  #front = 0;
  #reads: WaitingRead[] = [];
  /** When a read was asked for or served last. */
  #busyAt = 0;
  /** True after a new start: what is to be read first is known. */
  #jumps = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: ImageBridgeError | undefined;
  /** How often unpacking began, for tests. */
  starts = 0;

  constructor(file: ArchiveFile, measured: Pick<Measured, 'sizeBytes' | 'entries'>) {
    this.#file = file;
    this.#measured = measured;
  }

  /**
   * Fills `into`.
   * @throws IntegrityError, FileChangedError, UnsupportedError, LocalFileError, CancelledError
   */
  read(startByte: number, into: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const end = startByte + into.length;
      const settle = (call: () => void) => () => {
        signal?.removeEventListener('abort', abort);
        call();
      };
      const read: WaitingRead = {
        at: startByte,
        end,
        into,
        resolve: settle(resolve),
        reject: (error) => settle(() => reject(error))(),
      };
      const abort = () => {
        this.#reads = this.#reads.filter((other) => other !== read);
        read.reject(this.#cancelled());
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort);
      this.#reads.push(read);
      this.#busyAt = performance.now();
      this.#go();
    });
  }

  /** Ends the thread and all reads that wait. */
  async close(): Promise<void> {
    this.#fail(this.#cancelled());
    await Promise.all([this.#ended, this.#thread?.close()]);
  }

  #cancelled(): CancelledError {
    const { path } = this.#file.state;
    return new CancelledError({
      operation: `read ${path} unpacked`,
      object: path,
      reason: 'it was cancelled',
    });
  }

  #fail(error: ImageBridgeError): void {
    this.#failure ??= error;
    clearTimeout(this.#timer);
    for (const read of this.#reads.splice(0)) read.reject(this.#failure);
  }

  #go(): void {
    if (this.#failure) return;
    clearTimeout(this.#timer);
    this.#serve();
    const windowStart = this.#pieces[0]?.start ?? this.#position;
    const oldest = this.#reads[0];
    if (oldest !== undefined && oldest.at < windowStart) {
      this.#restart();
      this.#jumps = true;
    }
    if (this.#reads.length > 0) {
      const lowest = this.#reads.reduce((least, read) => Math.min(least, read.at), Number.POSITIVE_INFINITY);
      const patience = this.#jumps ? 0 : this.#busyAt + patienceMs - performance.now();
      this.#jumps = false;
      if (lowest > this.#front && patience > 0) this.#timer = setTimeout(() => this.#go(), patience);
      else if (lowest > this.#front) this.#jumpTo(lowest);
    }
    this.#unpackAhead();
  }

  /** Copies out of the window whatever is waited for. */
  #serve(): void {
    const bytes = this.#thread?.memory;
    // In ascending order, because one may bring the front to where the next one begins.
    for (const read of this.#reads.toSorted((a, b) => a.at - b.at)) {
      for (const piece of this.#pieces) {
        const from = read.at - piece.start;
        if (!bytes || !piece.filled || read.at > this.#front || from < 0 || from >= piece.length) continue;
        const left = read.end - read.at;
        const length = Math.min(piece.length - from, left);
        const offset = piece.slot * pieceBytes + from;
        read.into.set(bytes.subarray(offset, offset + length), read.into.length - left);
        read.at += length;
        this.#front = Math.max(this.#front, read.at);
        this.#busyAt = performance.now();
      }
      if (read.at < read.end) continue;
      this.#reads.splice(this.#reads.indexOf(read), 1);
      read.resolve();
    }
  }

  /** Gives the thread up; the next one begins anew. */
  #restart(): void {
    const old = this.#thread;
    this.#thread = undefined;
    this.#pieces = [];
    this.#position = 0;
    this.#front = 0;
    this.#ended = Promise.all([this.#ended, old?.close()]);
  }

  #started(from?: UnpackedEntry): UnpackThread {
    if (this.#thread === undefined) {
      this.starts++;
      this.#thread = new UnpackThread(this.#file, slots * pieceBytes, from);
    }
    return this.#thread;
  }

  /** Moves the front over a gap that nobody asks for. */
  #jumpTo(position: number): void {
    // What is unpacked already, or what the thread is at, needs no more than to be asked for.
    if (position > this.#position) {
      const entry = this.#measured.entries.findLast((at) => at.unpackedBytes <= position);
      if (entry !== undefined && entry.unpackedBytes > this.#position + worthBytes) {
        this.#restart();
        this.#started(entry);
        this.#position = entry.unpackedBytes;
      }
      // Nothing of the window is next to what comes now.
      this.#pieces = [];
      this.#skip(position - this.#position);
    }
    this.#front = position;
    this.#serve();
  }

  #skip(length: number): void {
    const thread = this.#started();
    this.#position += length;
    thread.skip(length).then(
      (done) => {
        if (thread === this.#thread && done.length < length) this.#wrongSize();
      },
      (error) => this.#threadFailed(thread, error),
    );
  }

  /** Keeps the thread busy, but not further ahead than the window allows. */
  #unpackAhead(): void {
    // Before anything is unpacked, what is wanted first may lie elsewhere.
    if (this.#thread === undefined && !this.#reads.some((read) => read.at === this.#front)) return;
    while (
      this.#position < this.#measured.sizeBytes &&
      this.#position < this.#front + aheadPieces * pieceBytes
    ) {
      const slot = this.#freeSlot();
      if (slot === undefined) return;
      const piece: Piece = {
        slot,
        start: this.#position,
        length: Math.min(pieceBytes, this.#measured.sizeBytes - this.#position),
        filled: false,
      };
      this.#pieces.push(piece);
      this.#position += piece.length;
      const last = this.#position === this.#measured.sizeBytes;
      const thread = this.#started();
      thread.fill(slot * pieceBytes, piece.length, last).then(
        (done) => {
          if (thread !== this.#thread) return;
          if (done.length < piece.length || done.more) return this.#wrongSize();
          piece.filled = true;
          this.#go();
        },
        (error) => this.#threadFailed(thread, error),
      );
    }
  }

  #freeSlot(): number | undefined {
    const used = new Set(this.#pieces.map((piece) => piece.slot));
    for (let slot = 0; slot < slots; slot++) if (!used.has(slot)) return slot;
    const oldest = this.#pieces[0];
    if (oldest === undefined || !oldest.filled || oldest.start + oldest.length > this.#front)
      return undefined;
    this.#pieces.shift();
    return oldest.slot;
  }

  /** A thread that was given up has nothing to say. */
  #threadFailed(thread: UnpackThread, error: ImageBridgeError): void {
    if (thread !== this.#thread) return;
    this.#afterFailure(error);
  }

  #wrongSize(): void {
    const { path } = this.#file.state;
    this.#afterFailure(
      new IntegrityError({
        operation: `read ${path} unpacked`,
        object: path,
        reason: `it does not unpack to the ${this.#measured.sizeBytes} bytes that it was measured to have`,
        hint: 'Check the disk, and start again.',
      }),
    );
  }

  /** When the archive was changed under us, that is what the user must hear. */
  #afterFailure(error: ImageBridgeError): void {
    this.#file.check().then(
      () => this.#fail(error),
      (changed) => this.#fail(changed instanceof FileChangedError ? changed : error),
    );
  }
}
