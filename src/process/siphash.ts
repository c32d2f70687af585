/**
 * SipHash-2-4 (Aumasson and Bernstein) with 64-bit words as two 32-bit halves, over `length` bytes
 * that stand little-endian in `words`; `words` must have room for the padding (8 bytes more). The
 * result goes to `out[at]` (high half) and `out[at + 1]` (low half). `key` is the 16-byte key as
 * four little-endian words. A keyed hash: who does not know the key cannot make ids collide.
 */
export function sipHash(
  key: Uint32Array,
  words: Uint32Array,
  length: number,
  out: Uint32Array,
  at: number,
): void {
  const k0l = key[0] ?? 0;
  const k0h = key[1] ?? 0;
  const k1l = key[2] ?? 0;
  const k1h = key[3] ?? 0;
  let v0l = k0l ^ 0x70736575;
  let v0h = k0h ^ 0x736f6d65;
  let v1l = k1l ^ 0x6e646f6d;
  let v1h = k1h ^ 0x646f7261;
  let v2l = k0l ^ 0x6e657261;
  let v2h = k0h ^ 0x6c796765;
  let v3l = k1l ^ 0x79746573;
  let v3h = k1h ^ 0x74656462;

  const last = length >>> 3;
  // Blocks 0 to last are the message with its padding; two more passes of two rounds finish it.
  for (let block = 0; block <= last + 2; block++) {
    let ml = 0;
    let mh = 0;
    if (block <= last) {
      ml = words[block * 2] ?? 0;
      mh = words[block * 2 + 1] ?? 0;
      if (block === last) {
        const tail = length & 7;
        ml = tail >= 4 ? ml : ml & ((1 << (tail * 8)) - 1);
        mh = tail > 4 ? mh & ((1 << ((tail - 4) * 8)) - 1) : 0;
        mh |= length << 24;
      }
    } else if (block === last + 1) {
      v2l ^= 0xff;
    }
    v3l ^= ml;
    v3h ^= mh;
    for (let round = 0; round < 2; round++) {
      let sum = (v0l >>> 0) + (v1l >>> 0);
      v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v0l = sum | 0;
      let low = v1l;
      v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
      v1h = ((v1h << 13) | (low >>> 19)) ^ v0h;
      low = v0l;
      v0l = v0h;
      v0h = low;

      sum = (v2l >>> 0) + (v3l >>> 0);
      v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v2l = sum | 0;
      low = v3l;
      v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
      v3h = ((v3h << 16) | (low >>> 16)) ^ v2h;

      sum = (v0l >>> 0) + (v3l >>> 0);
      v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v0l = sum | 0;
      low = v3l;
      v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
      v3h = ((v3h << 21) | (low >>> 11)) ^ v0h;

      sum = (v2l >>> 0) + (v1l >>> 0);
      v2h = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
      v2l = sum | 0;
      low = v1l;
      v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
      v1h = ((v1h << 17) | (low >>> 15)) ^ v2h;
      low = v2l;
      v2l = v2h;
      v2h = low;
    }
    v0l ^= ml;
    v0h ^= mh;
  }
  out[at] = v0h ^ v1h ^ v2h ^ v3h;
  out[at + 1] = v0l ^ v1l ^ v2l ^ v3l;
}
