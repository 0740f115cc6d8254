/** Where an object was read last. */
export interface Place {
  /** `<page>/<element>` */
  readonly position: string;
  /** First and last of the pages on which a list inside it went on; null where it did not. */
  readonly rest: readonly [number, number] | null;
}

/**
 * Which readings of objects count: of two the later one. Lists overlap where they shift between two pages, at ties of one second and at
 * their head, so the first and the last readings are remembered and not the millions between them; what repeats beyond that is two rows
 * of one key, which the checks see.
 */
export interface Positions {
  isKnown(id: string): boolean;
  take(id: string, place: Place): void;
  /** Takes pages out that were read in vain. */
  drop(pages: readonly [number, number]): void;
  /** Takes a reading out that is not whole. */
  overrule(place: Place): void;
  /** Takes an object out that is gone by now. */
  remove(id: string): void;
  /** Forgets which objects were read: what comes is another part of the list, which none of them is in. */
  turn(): void;
  readonly overruled: readonly string[];
  /** Pages that nothing is taken of. */
  readonly dropped: readonly (readonly [number, number])[];
}

const HEAD = 1_000;
const TAIL = 10_000;

export function readPositions(): Positions {
  const [head, tail] = [new Map<string, Place>(), new Map<string, Place>()];
  const overruled: string[] = [];
  const dropped: (readonly [number, number])[] = [];
  const overrule = (place: Place) => {
    overruled.push(place.position);
    if (place.rest) dropped.push(place.rest);
  };
  return {
    isKnown: (id) => head.has(id) || tail.has(id),
    take: (id, place) => {
      const before = head.get(id) ?? tail.get(id);
      if (before) overrule(before);
      if (head.has(id) || head.size < HEAD) {
        head.set(id, place);
        return;
      }
      tail.delete(id);
      tail.set(id, place);
      if (tail.size <= TAIL) return;
      const [oldest = ""] = tail.keys();
      tail.delete(oldest);
    },
    drop: (pages) => {
      if (pages[0] <= pages[1]) dropped.push(pages);
    },
    overruled,
    overrule,
    remove: (id) => {
      const before = head.get(id) ?? tail.get(id);
      if (before) overrule(before);
      head.delete(id);
      tail.delete(id);
    },
    turn: () => {
      head.clear();
      tail.clear();
    },
    dropped,
  };
}
