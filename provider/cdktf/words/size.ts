// An amount of disk or memory with its unit.
import { Token } from 'cdktf';

type Unit = 'MiB' | 'GiB';
const MIB: Readonly<Record<Unit, number>> = { MiB: 1, GiB: 1024 };

/** An amount of disk or memory. The unit is said where it is made: `Size.gibibytes(40)`. */
export class Size {
  readonly #amount: number;
  readonly #unit: Unit;

  private constructor(amount: number, unit: Unit) {
    if (!Token.isUnresolved(amount) && !(Number.isFinite(amount) && amount >= 0)) {
      throw new Error(`Size: got ${amount} ${unit}, expected a number from 0 on.`);
    }
    this.#amount = amount;
    this.#unit = unit;
  }

  /** So many GiB (1024 MiB). May be a token. */
  static gibibytes(amount: number): Size {
    return new Size(amount, 'GiB');
  }

  /** So many MiB (1,048,576 bytes). May be a token. */
  static mebibytes(amount: number): Size {
    return new Size(amount, 'MiB');
  }

  /**
   * In GiB.
   * @throws Error when that is no whole number, or the amount is a token of another unit
   */
  toGibibytes(): number {
    return this.#to('GiB');
  }

  /**
   * In MiB.
   * @throws Error when that is no whole number, or the amount is a token of another unit
   */
  toMebibytes(): number {
    return this.#to('MiB');
  }

  /** The amount with its unit, e.g. `40 GiB`. */
  toString(): string {
    return `${Token.isUnresolved(this.#amount) ? '(known after apply)' : this.#amount} ${this.#unit}`;
  }

  #to(unit: Unit): number {
    if (Token.isUnresolved(this.#amount)) {
      if (unit === this.#unit) return this.#amount;
      throw new Error(
        `Size: got a token in ${this.#unit}, expected one in ${unit}: it cannot be converted yet.`,
      );
    }
    const amount = (this.#amount * MIB[this.#unit]) / MIB[unit];
    if (Number.isSafeInteger(amount)) return amount;
    throw new Error(`Size: got ${this.toString()}, expected a whole number of ${unit}.`);
  }
}
