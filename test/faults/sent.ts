// Counts what clients send, and what they send again although the server has it: before a part that was seen before goes on,
// the server itself is asked whether it has it.
import type { PartHead, ProxyEvents } from './crossing.ts';
import type { Sight } from './requests.ts';
import { MIRROR, type ObjectStore } from './stored.ts';

interface PartFate {
  /** Order of the last sending. */
  sentAt: number;
  /** True when a client has heard that the server has it. */
  isKnown: boolean;
}

/** The books of one run. */
export class Sent implements ProxyEvents {
  readonly #store: ObjectStore;
  readonly #parts = new Map<string, PartFate>();
  /** Parts that were sent again: `n` of the upload. */
  readonly #again: string[] = [];
  /** Two machines cannot know of each other what is under way. */
  isShared = false;
  bytes = 0;
  bytesAgain = 0;
  /** Sent again although a client had been told that the server has them. */
  knownAgain = 0;
  /** Sent again after a reply that was lost, without asking the server. */
  blindAgain = 0;

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
    this.#parts.set(id, { sentAt: order, isKnown: false });
    if (fate === undefined || this.isShared) return;
    if (!(await this.#isThere(sight, md5))) return;
    this.bytesAgain += sizeBytes;
    if (fate.isKnown) this.knownAgain++;
    else this.blindAgain++;
    this.#again.push(`${partNumber}${fate.isKnown ? '' : ' blindly'}`);
  }

  onAnswered(sight: Sight, status: number, order: number): void {
    if (status !== 200) return;
    if (sight.what === 'part') {
      const fate = this.#parts.get(`${sight.uploadId}/${sight.partNumber}`);
      if (fate !== undefined) fate.isKnown = true;
    }
    if (sight.what === 'list-parts') {
      // Parts that were sent before the server was asked, and that it has, are in its answer.
      for (const [id, fate] of this.#parts) {
        if (id.startsWith(`${sight.uploadId}/`) && fate.sentAt < order) fate.isKnown = true;
      }
    }
  }

  /** A new client can ask for everything that was sent before it began. */
  newClient(): void {
    for (const fate of this.#parts.values()) fate.isKnown = true;
  }

  describe(): string {
    return this.#again.join(', ');
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
