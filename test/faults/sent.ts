// Counts what clients send, and what they send again although the server has it: before a part that was seen before goes on,
// the server itself is asked whether it has it.
import type { PartHead, ProxyEvents } from './crossing.ts';
import type { Sight } from './requests.ts';
import { MIRROR, type ObjectStore, partsIn } from './stored.ts';

interface PartFate {
  /** Order of the last sending. */
  sentAt: number;
  /** What a client has heard of it since: that the server has it, that it has it not, or nothing at all. */
  heard: 'there' | 'missing' | 'nothing';
}

/** The books of one run. */
export class Sent implements ProxyEvents {
  readonly #store: ObjectStore;
  readonly #parts = new Map<string, PartFate>();
  /** Two machines cannot know of each other what is under way. */
  isShared = false;
  bytes = 0;
  bytesAgain = 0;
  /** Parts that were sent again although the server had them, and how it came. */
  readonly partsAgain: string[] = [];

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  onBytes(count: number): void {
    this.bytes += count;
  }

  async onPart(sight: Sight, { md5, sizeBytes, order }: PartHead): Promise<void> {
    const { uploadId = '', partNumber = 0 } = sight;
    const id = `${uploadId}/${partNumber}`;
    const fate = this.#parts.get(id);
    this.#parts.set(id, { sentAt: order, heard: 'nothing' });
    // Where the server said no, and the part came late, nobody could know.
    if (fate === undefined || fate.heard === 'missing' || this.isShared) return;
    if (!(await this.#isThere(sight, md5))) return;
    this.bytesAgain += sizeBytes;
    this.partsAgain.push(
      `${partNumber} (${fate.heard === 'there' ? 'the client knew, or could have asked at its start' : 'the reply was lost, and nobody asked'})`,
    );
  }

  onAnswered(sight: Sight, status: number, order: number, text: string): void {
    if (status !== 200) return;
    if (sight.what === 'part') {
      const fate = this.#parts.get(`${sight.uploadId}/${sight.partNumber}`);
      if (fate !== undefined) fate.heard = 'there';
    }
    if (sight.what !== 'list-parts') return;
    const listed = partsIn(text);
    const after = Number(new URLSearchParams(sight.target.split('?')[1]).get('part-number-marker') ?? 0);
    const upTo = text.includes('<IsTruncated>true') ? Math.max(...listed.keys()) : Number.POSITIVE_INFINITY;
    for (const [id, fate] of this.#parts) {
      const [uploadId, number] = id.split('/');
      const n = Number(number);
      if (uploadId !== sight.uploadId || fate.sentAt > order || n <= after || n > upTo) continue;
      fate.heard = listed.has(n) ? 'there' : 'missing';
    }
  }

  /** A new client can ask for everything that was sent before it began. */
  newClient(): void {
    for (const fate of this.#parts.values()) fate.heard = 'there';
  }

  async #isThere({ service, target, uploadId = '', partNumber = 0 }: Sight, md5: string): Promise<boolean> {
    const [bucket = '', key = ''] =
      target
        .split('?')[0]
        ?.slice(1)
        .split(/\/(.*)/s) ?? [];
    const place = {
      bucket: service === 'ucloudstack-s3' ? MIRROR : bucket,
      key: decodeURIComponent(key),
      uploadId,
    };
    const parts = await this.#store.parts(place, partNumber - 1, 1).catch(() => undefined);
    return parts?.get(partNumber) === md5;
  }
}
