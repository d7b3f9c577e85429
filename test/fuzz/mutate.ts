// Changes images by chance, repeatably. Pure.
import { repair } from './repair.ts';

/** Numbers by chance from a seed: the same seed gives the same numbers (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  /** One of them. */
  of<T>(...choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}

/** Values that break what computes with lengths and places. */
const EXTREMES = [
  0n,
  1n,
  2n,
  511n,
  512n,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  1n << 40n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 62n) | 1n,
  (1n << 63n) - 1n,
  (1n << 64n) - 1n,
] as const;

/** Places that headers and tables stand at: they are changed more often than the rest. */
const TABLE_STARTS = [
  0,
  512,
  1024,
  16 * 2048,
  17 * 2048,
  40 * 2048,
  50 * 2048,
  64 * 1024,
  128 * 1024,
  192 * 1024,
  256 * 1024,
  512 * 1024,
  576 * 1024,
];

type Mutation = (bytes: Buffer, chance: Chance, other: Buffer) => Buffer;

const placeIn = (bytes: Buffer, chance: Chance): number => {
  const size = Math.max(1, bytes.length);
  switch (chance.below(4)) {
    case 0:
      return chance.below(size);
    case 1:
      return Math.max(0, size - 1 - chance.below(1536));
    default:
      return Math.min(size - 1, chance.of(0, ...TABLE_STARTS) + chance.below(chance.of(64, 256, 2048)));
  }
};

const flipBits: Mutation = (bytes, chance) => {
  for (let i = chance.below(16); i >= 0; i--) {
    const at = placeIn(bytes, chance);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
  }
  return bytes;
};

const setExtreme: Mutation = (bytes, chance) => {
  for (let i = chance.below(6); i >= 0; i--) {
    const width = chance.of(1, 2, 4, 8);
    const value = BigInt.asUintN(width * 8, chance.of(...EXTREMES));
    const field = Buffer.alloc(8);
    const isLittle = chance.below(2) === 0;
    if (isLittle) field.writeBigUInt64LE(value);
    else field.writeBigUInt64BE(value << BigInt(64 - width * 8));
    // Fields stand at multiples of their width.
    const at = Math.floor(placeIn(bytes, chance) / width) * width;
    field.copy(bytes, at, 0, width);
  }
  return bytes;
};

/** A place that another field already points to, or near it: loops and overlaps come of it. */
const copyField: Mutation = (bytes, chance) => {
  const width = chance.of(4, 8, 16);
  const from = Math.floor(placeIn(bytes, chance) / width) * width;
  bytes.copyWithin(Math.floor(placeIn(bytes, chance) / width) * width, from, from + width);
  return bytes;
};

const truncate: Mutation = (bytes, chance) => Buffer.from(bytes.subarray(0, placeIn(bytes, chance)));

const fill: Mutation = (bytes, chance) => {
  const at = placeIn(bytes, chance);
  return bytes.fill(chance.of(0, 0xff, 1, 0x88), at, Math.min(bytes.length, at + chance.below(8192)));
};

/** The beginning of one image, the rest of another. */
const splice: Mutation = (bytes, chance, other) => {
  const at = placeIn(bytes, chance);
  return Buffer.concat([bytes.subarray(0, at), other.subarray(at)]);
};

/** A piece of another image in the middle of this one. */
const implant: Mutation = (bytes, chance, other) => {
  const from = placeIn(other, chance);
  other.copy(bytes, chance.of(from, placeIn(bytes, chance)), from, from + chance.below(4096));
  return bytes;
};

const append: Mutation = (bytes, chance, other) =>
  Buffer.concat([bytes, other.subarray(Math.max(0, other.length - chance.below(4096)))]);

const MUTATIONS = [
  flipBits,
  flipBits,
  setExtreme,
  setExtreme,
  setExtreme,
  copyField,
  truncate,
  fill,
  splice,
  implant,
  append,
] as const;

/** A changed copy: one to four changes, one after the other. Half of them get right checksums again. */
export function mutate(bytes: Buffer, chance: Chance, other: Buffer): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let i = chance.below(4); i >= 0; i--) changed = chance.of(...MUTATIONS)(changed, chance, other);
  if (chance.below(2) === 0) repair(changed);
  return changed;
}
