// Checksums that Node does not have: XXH64 (zstd) and CRC-64 (xz), on halves of 32 bits because BigInt is ten times
// slower. Self-contained functions: they run as text in a thread.

/** XXH64 with seed 0 of bytes that come in steps. */
export function xxHash64(): { update(bytes: Uint8Array): void; lowHalf(): number } {
  // The lanes' states, low half and high half: P1 + P2, P2, 0, -P1.
  const low = new Uint32Array([0x85ebca87 + 0x27d4eb4f, 0x27d4eb4f, 0, -0x85ebca87]);
  const high = new Uint32Array([0x9e3779b1 + 0xc2b2ae3d, 0xc2b2ae3d, 0, -0x9e3779b1 - 1]);
  const rest = new Uint8Array(32);
  let restLength = 0;
  let total = 0;

  /** Upper half of the product of two unsigned numbers of 32 bits; `b` comes as halves of 16 bits. */
  const upper = (a: number, bHigh: number, bLow: number) => {
    const aLow = a & 0xffff;
    const aHigh = a >>> 16;
    const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
    const other = Math.imul(aLow, bHigh) + ((middle >>> 0) & 0xffff);
    return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
  };

  const stripes = (bytes: Uint8Array, from: number, to: number) => {
    for (let lane = 0; lane < 4; lane++) {
      let l = (low[lane] as number) | 0;
      let h = (high[lane] as number) | 0;
      for (let i = from + lane * 8; i < to; i += 32) {
        const inLow =
          (bytes[i] as number) |
          ((bytes[i + 1] as number) << 8) |
          ((bytes[i + 2] as number) << 16) |
          ((bytes[i + 3] as number) << 24);
        const inHigh =
          (bytes[i + 4] as number) |
          ((bytes[i + 5] as number) << 8) |
          ((bytes[i + 6] as number) << 16) |
          ((bytes[i + 7] as number) << 24);
        // Adds the input times P2 (0xc2b2ae3d27d4eb4f).
        const addLow = Math.imul(inLow, 0x27d4eb4f);
        const addHigh =
          upper(inLow, 0x27d4, 0xeb4f) + Math.imul(inHigh, 0x27d4eb4f) + Math.imul(inLow, 0xc2b2ae3d);
        const sum = (l >>> 0) + (addLow >>> 0);
        h = (h + addHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        l = sum | 0;
        // Rotates by 31, times P1 (0x9e3779b185ebca87).
        const turnedLow = (l << 31) | (h >>> 1);
        const turnedHigh = (h << 31) | (l >>> 1);
        l = Math.imul(turnedLow, 0x85ebca87);
        h =
          (upper(turnedLow, 0x85eb, 0xca87) +
            Math.imul(turnedHigh, 0x85ebca87) +
            Math.imul(turnedLow, 0x9e3779b1)) |
          0;
      }
      low[lane] = l;
      high[lane] = h;
    }
  };

  return {
    update(bytes) {
      total += bytes.length;
      let at = 0;
      if (restLength > 0) {
        at = Math.min(32 - restLength, bytes.length);
        rest.set(bytes.subarray(0, at), restLength);
        restLength += at;
        if (restLength < 32) return;
        stripes(rest, 0, 32);
        restLength = 0;
      }
      const whole = at + ((bytes.length - at) & ~31);
      stripes(bytes, at, whole);
      rest.set(bytes.subarray(whole));
      restLength = bytes.length - whole;
    },
    lowHalf() {
      const mask = (1n << 64n) - 1n;
      const [p1, p2, p3] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n];
      const [p4, p5] = [0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n];
      const turn = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask;
      const lane = (i: number) => (BigInt(high[i] as number) << 32n) | BigInt(low[i] as number);
      const round = (x: bigint) => (turn((x * p2) & mask, 31n) * p1) & mask;
      let hash = p5;
      if (total >= 32) {
        hash = (turn(lane(0), 1n) + turn(lane(1), 7n) + turn(lane(2), 12n) + turn(lane(3), 18n)) & mask;
        for (let i = 0; i < 4; i++) hash = ((hash ^ round(lane(i))) * p1 + p4) & mask;
      }
      hash = (hash + BigInt(total)) & mask;
      let at = 0;
      const word = (bytes: number) => {
        let value = 0n;
        for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(rest[at + i] as number);
        at += bytes;
        return value;
      };
      while (at + 8 <= restLength) hash = (turn(hash ^ round(word(8)), 27n) * p1 + p4) & mask;
      if (at + 4 <= restLength) hash = (turn(hash ^ ((word(4) * p1) & mask), 23n) * p2 + p3) & mask;
      while (at < restLength) hash = (turn(hash ^ ((word(1) * p5) & mask), 11n) * p1) & mask;
      hash = ((hash ^ (hash >> 33n)) * p2) & mask;
      hash = ((hash ^ (hash >> 29n)) * p3) & mask;
      return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
    },
  };
}

/** CRC-64 of xz of bytes that come in steps. */
export function crc64(): { update(bytes: Uint8Array): void; halves(): [number, number] } {
  const tableLow = new Int32Array(256);
  const tableHigh = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let l = i;
    let h = 0;
    for (let k = 0; k < 8; k++) {
      const odd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd) {
        l ^= 0xd7870f42;
        h ^= 0xc96c5795;
      }
    }
    tableLow[i] = l;
    tableHigh[i] = h;
  }
  let low = -1;
  let high = -1;
  return {
    update(bytes) {
      let l = low;
      let h = high;
      for (let i = 0; i < bytes.length; i++) {
        const entry = (l ^ (bytes[i] as number)) & 255;
        l = ((l >>> 8) | (h << 24)) ^ (tableLow[entry] as number);
        h = (h >>> 8) ^ (tableHigh[entry] as number);
      }
      low = l;
      high = h;
    },
    halves: () => [~low >>> 0, ~high >>> 0],
  };
}
