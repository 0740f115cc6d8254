/** Ids, each once, in some twenty bytes of memory for each: a first load has as many as there are records. */
export interface IdSet {
  /** @returns whether it was not in it before. */
  add(id: string): boolean;
}

/** 15 characters say which record it is; 18 have a checksum behind them. */
const ID = /^[A-Za-z0-9]{15}/;
/** Characters that begin the ids of most records of an object alike; the others are a number below 2^53. */
const [SHARED, WHOLE] = [7, 15];
const [ALPHABET, UPPER, LOWER] = [62, 65, 97];
const FIRST_SLOTS = 1024;

function digitOf(unit: number): number {
  if (unit < UPPER) return unit - 48;
  return unit < LOWER ? unit - UPPER + 10 : unit - LOWER + 36;
}

/** From 1, since 0 is an empty slot. */
function numberOf(id: string): number {
  let number = 0;
  for (let i = SHARED; i < WHOLE; i += 1) number = number * ALPHABET + digitOf(id.charCodeAt(i));
  return number + 1;
}

const slotOf = (number: number, slots: number) =>
  (Math.imul(Math.imul(number % 2 ** 32, 0x9e3779b1) ^ Math.floor(number / 2 ** 32), 0x85ebca6b) >>> 8) & (slots - 1);

/** @returns whether it was put. */
function put(table: Float64Array, number: number): boolean {
  for (let slot = slotOf(number, table.length); ; slot = (slot + 1) & (table.length - 1)) {
    if (table[slot] === number) return false;
    if (table[slot] !== 0) continue;
    table[slot] = number;
    return true;
  }
}

function numbers(): (number: number) => boolean {
  let [table, size] = [new Float64Array(FIRST_SLOTS), 0];
  return (number) => {
    if (2 * size > table.length) {
      const wider = new Float64Array(2 * table.length);
      for (const one of table) if (one !== 0) put(wider, one);
      table = wider;
    }
    if (!put(table, number)) return false;
    size += 1;
    return true;
  };
}

/** An empty one. */
export function idSet(): IdSet {
  const alike = new Map<string, (number: number) => boolean>();
  const odd = new Set<string>();
  return {
    add: (id) => {
      if (!ID.test(id)) return odd.size < odd.add(id).size;
      const shared = id.slice(0, SHARED);
      const add = alike.get(shared) ?? numbers();
      alike.set(shared, add);
      return add(numberOf(id));
    },
  };
}
