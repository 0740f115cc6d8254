import type { Facts, Kind } from "../../sandbox/cast/facts.ts";
import type { Book } from "../../sandbox/world/book.ts";

/** Facts by their ids, each as it was when it began. */
export type Heard = { readonly [K in Kind]: Map<string, Facts[K]> };

/** A book that only remembers what it was told. */
export function listener(): { readonly heard: Heard; readonly book: Book } {
  const heard: Heard = { customer: new Map(), subscription: new Map(), invoice: new Map(), payment: new Map() };
  const remember = <K extends Kind>(kind: K, facts: readonly Facts[K][]) => {
    for (const fact of facts) heard[kind].set(fact.id, fact);
  };
  const book: Book = {
    feeds: [],
    open: async () => ({
      write: async (act) => {
        for (const { does, kind, facts } of act) if (does === "begin") remember(kind, facts);
      },
      beginHour: async () => [],
      endHour: async () => [],
      retyped: () => [],
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
  return { heard, book };
}
