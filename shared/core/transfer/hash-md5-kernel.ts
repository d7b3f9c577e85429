// MD5 of four messages at once, as a WebAssembly module that is put together here. One MD5 cannot use more than a third of a
// core, because each of its steps waits for the one before; four side by side in one vector register take hardly longer than
// one. A module of a few kilobytes, made of bytes in memory, runs wherever Node does; a native addon would not.

/** Messages that are hashed at once. */
export const md5Lanes = 4;

/** Where things are in the module's memory, in bytes. Whoever uses it must fill `constants` and `state` first. */
export const md5Memory = {
  /** `md5Constants`, 1 KiB. */
  constants: 0,
  /** The words of the current blocks; the kernel's own. */
  words: 1024,
  /** a, b, c, d of RFC 1321, each as four 32-bit words, one of each message. */
  state: 4096,
  /** From here on memory is free for the messages. */
  data: 65_536,
} as const;

const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const roundOf = (step: number) => step >> 4;
const wordOf = (step: number) => [step, 5 * step + 1, 3 * step + 5, 7 * step][roundOf(step)] ?? 0;

/** The 64 constants of RFC 1321, each four times over. Those of the last round are less by one: see `mix`. */
export function md5Constants(): Uint32Array {
  const constants = new Uint32Array(64 * md5Lanes);
  for (let step = 0; step < 64; step++) {
    const value = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) - (roundOf(step) === 3 ? 1 : 0);
    constants.fill(value, step * md5Lanes, (step + 1) * md5Lanes);
  }
  return constants;
}

// What follows writes the binary format of the WebAssembly specification (core 2.0, chapters "Binary Format" and "Vector
// Instructions"): numbers in LEB128, instructions as their opcodes.

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const last = rest >= -64 && rest < 64;
    bytes.push((rest & 127) | (last ? 0 : 128));
    if (last) return bytes;
  }
}

const vector = (items: readonly (readonly number[])[]) => [...unsigned(items.length), ...items.flat()];
const section = (id: number, bytes: readonly number[]) => [id, ...unsigned(bytes.length), ...bytes];

const [I32, V128, FUNCTION, EMPTY] = [0x7f, 0x7b, 0x60, 0x40];
const get = (local: number) => [0x20, ...unsigned(local)];
const set = (local: number) => [0x21, ...unsigned(local)];
const i32 = (value: number) => [0x41, ...signed(value)];
const [BLOCK, LOOP, BRANCH, BRANCH_IF, END] = [0x02, 0x03, 0x0c, 0x0d, 0x0b];
const [IS_ZERO, PLUS, MINUS, TIMES] = [0x45, 0x6a, 0x6b, 0x6c];
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
/** Aligned to 16 bytes, at an address on the stack plus `offset`. */
const load = (offset: number) => [...simd(0), 4, ...unsigned(offset)];
const store = (offset: number) => [...simd(11), 4, ...unsigned(offset)];
const [AND, AND_NOT, OR, XOR] = [simd(78), simd(79), simd(80), simd(81)];
const [SHIFT_LEFT, SHIFT_RIGHT, ADD, SUBTRACT] = [simd(171), simd(173), simd(174), simd(177)];
/** Picks four words out of the eight of two vectors. */
const pick = (...words: number[]) => [
  ...simd(13),
  ...words.flatMap((w) => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3]),
];

// Locals: the three parameters, a zero, the addresses of the four messages, then vectors.
const [POINTER, STRIDE, BLOCKS, ZERO, ADDRESS] = [0, 1, 2, 3, 4];
const [STATE, BEFORE, SCRATCH] = [8, 12, 16];
const [integerLocals, vectorLocals] = [5, 16];

/** Lays the words of one block of each message side by side: word 0 of all, word 1 of all, … */
function transpose(): number[] {
  const code: number[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    for (let lane = 0; lane < 4; lane++)
      code.push(...get(ADDRESS + lane), ...load(quarter * 16), ...set(SCRATCH + lane));
    const mixed = (a: number, b: number, words: number[], into: number) =>
      code.push(...get(SCRATCH + a), ...get(SCRATCH + b), ...pick(...words), ...set(SCRATCH + into));
    mixed(0, 1, [0, 4, 1, 5], 4);
    mixed(2, 3, [0, 4, 1, 5], 5);
    mixed(0, 1, [2, 6, 3, 7], 6);
    mixed(2, 3, [2, 6, 3, 7], 7);
    for (let word = 0; word < 4; word++) {
      const pair = word < 2 ? 4 : 6;
      const halves = word % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7];
      const at = md5Memory.words + (quarter * 4 + word) * 16;
      code.push(
        ...get(ZERO),
        ...get(SCRATCH + pair),
        ...get(SCRATCH + pair + 1),
        ...pick(...halves),
        ...store(at),
      );
    }
  }
  return code;
}

/** Adds the function of a round to what is on the stack, in the form that waits least for `b`, the newest value. */
function mix(round: number, b: number, c: number, d: number): number[] {
  switch (round) {
    case 0:
      return [...get(d), ...get(b), ...get(c), ...get(d), ...XOR, ...AND, ...XOR, ...ADD];
    case 1:
      return [...get(c), ...get(d), ...AND_NOT, ...ADD, ...get(d), ...get(b), ...AND, ...ADD];
    case 2:
      return [...get(c), ...get(d), ...XOR, ...get(b), ...XOR, ...ADD];
    default:
      // c ^ (b | ~d) = ~(c ^ (d & ~b)), and adding ~x is subtracting x and one more.
      return [...get(c), ...get(d), ...get(b), ...AND_NOT, ...XOR, ...SUBTRACT];
  }
}

function steps(): number[] {
  const code: number[] = [];
  for (let step = 0; step < 64; step++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => STATE + ((i - step + 64) % 4)) as [
      number,
      number,
      number,
      number,
    ];
    const shift = shifts[roundOf(step)]?.[step % 4] ?? 0;
    code.push(...get(a), ...get(ZERO), ...load(md5Memory.constants + step * 16), ...ADD);
    code.push(...get(ZERO), ...load(md5Memory.words + (wordOf(step) % 16) * 16), ...ADD);
    code.push(...mix(roundOf(step), b, c, d), ...set(SCRATCH));
    code.push(
      ...get(SCRATCH),
      ...i32(shift),
      ...SHIFT_LEFT,
      ...get(SCRATCH),
      ...i32(32 - shift),
      ...SHIFT_RIGHT,
      ...OR,
    );
    code.push(...get(b), ...ADD, ...set(a));
  }
  return code;
}

/**
 * The module. It imports its memory as `host.memory` and exports `hash(pointer, stride, blocks)`: takes so many blocks of
 * 64 bytes of four messages into the state; the messages begin at `pointer`, `stride` bytes apart, both multiples of 16.
 * @param memoryPages how large the memory is, in pages of 64 KiB
 */
export function md5Kernel(memoryPages: number): Uint8Array<ArrayBuffer> {
  const each = (make: (lane: number) => number[]) => [0, 1, 2, 3].flatMap(make);
  const code = [
    ...each((lane) => [...get(POINTER), ...get(STRIDE), ...i32(lane), TIMES, PLUS, ...set(ADDRESS + lane)]),
    ...each((i) => [...get(ZERO), ...load(md5Memory.state + i * 16), ...set(STATE + i)]),
    ...[BLOCK, EMPTY, LOOP, EMPTY],
    ...[...get(BLOCKS), IS_ZERO, BRANCH_IF, 1],
    ...transpose(),
    ...each((i) => [...get(STATE + i), ...set(BEFORE + i)]),
    ...steps(),
    ...each((i) => [...get(STATE + i), ...get(BEFORE + i), ...ADD, ...set(STATE + i)]),
    ...each((lane) => [...get(ADDRESS + lane), ...i32(64), PLUS, ...set(ADDRESS + lane)]),
    ...[...get(BLOCKS), ...i32(1), MINUS, ...set(BLOCKS)],
    ...[BRANCH, 0, END, END],
    ...each((i) => [...get(ZERO), ...get(STATE + i), ...store(md5Memory.state + i * 16)]),
    END,
  ];
  const locals = vector([
    [...unsigned(integerLocals), I32],
    [...unsigned(vectorLocals), V128],
  ]);
  const body = [...locals, ...code];
  const name = (text: string) => vector([...Buffer.from(text)].map((byte) => [byte]));
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[FUNCTION, ...vector([[I32], [I32], [I32]]), 0]])),
    ...section(2, vector([[...name('host'), ...name('memory'), 2, 0, ...unsigned(memoryPages)]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name('hash'), 0, 0]])),
    ...section(10, vector([[...unsigned(body.length), ...body]])),
  ]);
}
