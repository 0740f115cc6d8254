import type { Facts, Kind } from "../../sandbox/cast/facts.ts";
import type { Book } from "../../sandbox/world/book.ts";

/** Facts by their ids. */
export type Heard = { readonly [K in Kind]: Map<string, Facts[K]> };

const nothing = (): Heard => ({ customer: new Map(), subscription: new Map(), invoice: new Map(), payment: new Map() });

function remember<K extends Kind>(heard: Heard, kind: K, facts: readonly Facts[K][]): void {
  for (const fact of facts) heard[kind].set(fact.id, fact);
}

/** A book that only remembers what it was told: each fact as it was when it began, and as it is now. */
export function listener(): { readonly heard: Heard; readonly now: Heard; readonly book: Book } {
  const [heard, now] = [nothing(), nothing()];
  const book: Book = {
    feeds: [],
    open: async () => ({
      write: async (act) => {
        for (const { does, kind, facts } of act) {
          if (does === "begin") remember(heard, kind, facts);
          remember(now, kind, facts);
        }
      },
      beginHour: async () => [],
      endHour: async () => [],
      retyped: () => [],
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
  return { heard, now, book };
}
