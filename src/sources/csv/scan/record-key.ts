import type { Units } from "./encoding.ts";

/** Gives each record of a file a text of its own that does not depend on where it stands: a hash of its content, and its how-manieth it is. */
export interface RecordKeys {
  /** Writes `<16 hex digits>-<occurrence>` in ASCII. @returns behind it. */
  write(record: { readonly units: Units; readonly from: number; readonly to: number }, out: Uint8Array, at: number): number;
}

/** Two lanes of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), the second with another basis: 64 bits without a BigInt a record. */
const [PRIME, BASIS, OTHER_BASIS] = [0x01000193, 0x811c9dc5, 0x9747b28c];
const HEX = Buffer.from("0123456789abcdef");
const [HYPHEN, ZERO] = [45, 48];
const FIRST_SLOTS = 1 << 8;
/** So full a table may be before it grows. */
const FULL = 0.6;

/** How often each of many hashes has come: an open table, 12 bytes a slot. */
interface Occurrences {
  /** Counts a hash. @returns how often it has come now. */
  count(high: number, low: number): number;
}

function table(slots: number) {
  return { slots, high: new Uint32Array(slots), low: new Uint32Array(slots), times: new Uint32Array(slots) };
}

/** The slot of a hash: its own, or the free one where it belongs. */
function slotOf({ slots, high, low, times }: ReturnType<typeof table>, h: number, l: number): number {
  let slot = (l ^ (h >>> 7)) & (slots - 1);
  while (times[slot] !== 0 && !(high[slot] === h && low[slot] === l)) slot = (slot + 1) & (slots - 1);
  return slot;
}

function grown(old: ReturnType<typeof table>): ReturnType<typeof table> {
  const next = table(old.slots * 2);
  for (let i = 0; i < old.slots; i += 1) {
    const times = old.times[i] as number;
    if (times === 0) continue;
    const [h, l] = [old.high[i] as number, old.low[i] as number];
    const slot = slotOf(next, h, l);
    next.high[slot] = h;
    next.low[slot] = l;
    next.times[slot] = times;
  }
  return next;
}

function occurrences(): Occurrences {
  let seen = table(FIRST_SLOTS);
  let used = 0;
  return {
    count: (h, l) => {
      const slot = slotOf(seen, h, l);
      const times = (seen.times[slot] as number) + 1;
      seen.high[slot] = h;
      seen.low[slot] = l;
      seen.times[slot] = times;
      if (times > 1) return times;
      used += 1;
      if (used > FULL * seen.slots) seen = grown(seen);
      return times;
    },
  };
}

function putHex(out: Uint8Array, at: number, value: number): number {
  for (let shift = 28, i = at; shift >= 0; shift -= 4, i += 1) out[i] = HEX[(value >>> shift) & 15] as number;
  return at + 8;
}

function putDecimal(out: Uint8Array, at: number, value: number): number {
  const text = value < 10 ? null : String(value);
  if (text === null) {
    out[at] = ZERO + value;
    return at + 1;
  }
  out.set(Buffer.from(text), at);
  return at + text.length;
}

/** Keys of one file's records. Two contents with one hash are told apart by their occurrence, as copies are. */
export function recordKeys(): RecordKeys {
  const seen = occurrences();
  return {
    write: ({ units, from, to }, out, at) => {
      let [high, low] = [BASIS, OTHER_BASIS];
      for (let i = from; i < to; i += 1) {
        const unit = units[i] as number;
        high = Math.imul(high ^ unit, PRIME);
        low = Math.imul(low ^ unit, PRIME) ^ (low >>> 15);
      }
      const next = putHex(out, putHex(out, at, high >>> 0), low >>> 0);
      out[next] = HYPHEN;
      return putDecimal(out, next + 1, seen.count(high >>> 0, low >>> 0));
    },
  };
}
