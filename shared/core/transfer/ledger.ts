// The books of one run: what is confirmed, what is under way, how fast. Pure but for the time it is told.
import { type PartPlan, partAt } from './plan.ts';
import { Rate, timeLeftMs } from './rate.ts';
import { pieceForRate } from './slow-link.ts';
import { partState, type UploadSnapshot } from './types.ts';

/** A confirmed part: the service's ETag, and the MD5 of the local bytes in hex. */
export interface ConfirmedPart {
  etag: string;
  md5: string;
}

/** Counts parts and bytes. */
export class Ledger {
  #plan: PartPlan;
  readonly #confirmed = new Map<number, ConfirmedPart>();
  readonly #sentHere = new Set<number>();
  readonly #underWay = new Map<number, number>();
  readonly #checking = new Set<number>();
  #confirmedBytes = 0;
  #sentBytes = 0;
  #rate: Rate;

  constructor(plan: PartPlan, nowMs: number) {
    this.#plan = plan;
    this.#rate = new Rate(nowMs);
  }

  /** Confirmed parts by number. */
  get confirmed(): ReadonlyMap<number, ConfirmedPart> {
    return this.#confirmed;
  }

  /** Bytes handed to the network in this run. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** True while parts are on their way to the service. */
  get isSending(): boolean {
    return this.#underWay.size > 0;
  }

  /** Confirmed parts that this run did not send. */
  get partsSkipped(): number {
    let skipped = 0;
    for (const n of this.#confirmed.keys()) if (!this.#sentHere.has(n)) skipped++;
    return skipped;
  }

  /** A part is on the server. `sent`: this run sent it. */
  confirm(partNumber: number, part: ConfirmedPart, sent: boolean): void {
    if (!this.#confirmed.has(partNumber)) this.#confirmedBytes += partAt(this.#plan, partNumber).sizeBytes;
    this.#confirmed.set(partNumber, part);
    if (sent) this.#sentHere.add(partNumber);
    this.#underWay.delete(partNumber);
    this.#checking.delete(partNumber);
  }

  /** Sets what the server has, after it was asked: parts it lost are no longer confirmed. */
  replace(parts: ReadonlyMap<number, ConfirmedPart>): void {
    this.#confirmed.clear();
    this.#confirmedBytes = 0;
    for (const [n, part] of parts) this.confirm(n, part, this.#sentHere.has(n));
  }

  /** Another plan: nothing of it is confirmed. */
  restart(plan: PartPlan): void {
    this.#plan = plan;
    this.#sentHere.clear();
    this.replace(new Map());
  }

  /** A part is being read and hashed, or no longer. */
  checking(partNumber: number, now: boolean): void {
    if (now) this.#checking.add(partNumber);
    else this.#checking.delete(partNumber);
  }

  /** Where each part stands: one byte of `partState` for each. */
  states(): Uint8Array {
    const states = new Uint8Array(this.#plan.partsTotal);
    for (const n of this.#checking) states[n - 1] = partState.checking;
    for (const n of this.#underWay.keys()) states[n - 1] = partState.sending;
    for (const n of this.#confirmed.keys()) states[n - 1] = partState.confirmed;
    return states;
  }

  /** Bytes of a part went to the network. */
  sent(partNumber: number, bytes: number): void {
    this.#underWay.set(partNumber, (this.#underWay.get(partNumber) ?? 0) + bytes);
    this.#sentBytes += bytes;
    this.#rate.add(bytes);
  }

  /** A try of a part begins. */
  begin(partNumber: number): void {
    this.#underWay.set(partNumber, 0);
  }

  /** A try of a part ended: its bytes are no longer under way. */
  drop(partNumber: number): void {
    this.#underWay.delete(partNumber);
  }

  /** Largest piece that goes to the network at once, in bytes. */
  pieceBytes(nowMs: number): number {
    return pieceForRate(this.#rate.perSecond(nowMs), this.#sentBytes);
  }

  /** Forgets the rate, after a pause. */
  restartRate(nowMs: number): void {
    this.#rate = new Rate(nowMs);
    this.#underWay.clear();
    this.#checking.clear();
  }

  /** The numbers of a snapshot. */
  figures(
    nowMs: number,
  ): Pick<
    UploadSnapshot,
    | 'partsDone'
    | 'partsSkipped'
    | 'confirmedBytes'
    | 'underWayBytes'
    | 'sentBytes'
    | 'bytesPerSecond'
    | 'etaMs'
  > {
    let underWay = 0;
    for (const bytes of this.#underWay.values()) underWay += bytes;
    const bytesPerSecond = this.#rate.perSecond(nowMs);
    const etaMs = timeLeftMs(this.#plan.sizeBytes - this.#confirmedBytes - underWay, bytesPerSecond);
    return {
      partsDone: this.#confirmed.size,
      partsSkipped: this.partsSkipped,
      confirmedBytes: this.#confirmedBytes,
      underWayBytes: underWay,
      sentBytes: this.#sentBytes,
      bytesPerSecond,
      ...(etaMs === undefined ? {} : { etaMs }),
    };
  }
}
