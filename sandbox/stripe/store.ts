import type { JsonObject } from "./json.ts";
import type { Kind } from "./kinds.ts";

/** An object as the account keeps it. */
export interface Stored {
  readonly id: string;
  readonly kind: Kind;
  /** Whole seconds since 1970. */
  readonly created: number;
  /** How many objects were written before it: what decides between two of one second. */
  readonly rank: number;
  /** Lists leave it out before this instant, in whole seconds since 1970. */
  readonly visibleFrom: number;
  /** The object that it is a part of: a line's invoice, an item's subscription. */
  readonly parent?: string;
  /** Its fields in the newest shape, without nested lists. */
  object: JsonObject;
  /** What it knows that no longer stands in the newest shape, and what only filters ask for. */
  aside: JsonObject;
  deleted: boolean;
}

/** All objects of the account. */
export interface Store {
  add(object: Omit<Stored, "rank" | "deleted">): Stored;
  find(id: string): Stored | undefined;
  /** The objects of a kind with `from` <= created < `to`, oldest first, deleted ones included. */
  between(kind: Kind, from: number, to: number): readonly Stored[];
  /** The parts of an object that are of a kind, in the order in which they were written. */
  parts(parent: string, kind: Kind): readonly Stored[];
}

/** The first place in a list sorted by `created` whose object is not older than `seconds`. */
function firstFrom(sorted: readonly Stored[], seconds: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.created ?? 0) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An empty store. */
export function emptyStore(): Store {
  const byId = new Map<string, Stored>();
  const byKind = new Map<Kind, Stored[]>();
  const byParent = new Map<string, Stored[]>();
  const listed = (kind: Kind) => byKind.get(kind) ?? byKind.set(kind, []).get(kind) ?? [];
  const partsOf = (place: string) => byParent.get(place) ?? byParent.set(place, []).get(place) ?? [];
  return {
    add: (object) => {
      if (byId.has(object.id)) throw new Error(`there is an object ${object.id} already`);
      const stored = { ...object, rank: byId.size, deleted: false };
      byId.set(stored.id, stored);
      const list = listed(stored.kind);
      list.splice(firstFrom(list, stored.created + 1), 0, stored);
      if (stored.parent !== undefined) partsOf(`${stored.kind} ${stored.parent}`).push(stored);
      return stored;
    },
    find: (id) => byId.get(id),
    between: (kind, from, to) => {
      const list = listed(kind);
      return list.slice(firstFrom(list, from), firstFrom(list, to));
    },
    parts: (parent, kind) => byParent.get(`${kind} ${parent}`) ?? [],
  };
}
