import type { Fields } from "../values.ts";
import { directPen, type Open, penOf } from "./pen.ts";
import { makerOf, type Verbs, verbsOf, type Workshop, type Written } from "./verbs.ts";

/** Writes that others see all at once, or never. */
export interface Transaction extends Verbs {
  /** What is written becomes visible, stamped with the time of its writing. */
  commit(): void;
  rollback(): void;
}

/** What happens in the org. */
export interface Books extends Verbs {
  /** Makes many rows quickly and gives their ids. */
  createMany(object: string, count: number, fields: (at: number) => Written): string[];
  /** Begins a transaction. */
  begin(): Transaction;
  /** Forgets deletions of an object before an instant: getDeleted lists them no more, and says from when on it does. */
  trimDeleted(object: string, before: Date): void;
  /** A row as it is for everybody. */
  find(id: string): Fields | undefined;
  /** Rows of an object, those in the recycle bin too. */
  rows(object: string): Fields[];
}

/** What replication asks of the books besides rows. */
export interface Ledger {
  /** When the oldest open transaction began, in ms; null where there is none. */
  oldestOpen(): number | null;
  /** From when on getDeleted knows all deletions of an object. */
  deletedSince(object: string): number;
}

/** Opens the books of an org that has been there since `founded`. */
export function openBooks(
  workshop: Workshop & { readonly now: () => number },
  founded: number,
): { readonly books: Books; readonly ledger: Ledger } {
  const { store, schema } = workshop;
  const open = new Set<Open>();
  const trimmed = new Map<string, number>();
  const direct = directPen(store, open);
  const begin = (): Transaction => {
    const transaction: Open = { began: workshop.now(), written: new Map() };
    open.add(transaction);
    const end = () => {
      if (!open.delete(transaction)) throw new Error("the transaction has ended");
    };
    return {
      ...verbsOf(workshop, penOf(transaction, store, direct)),
      commit: () => {
        end();
        for (const [id, one] of transaction.written) {
          if (one) store.put(one.object, one.fields);
          else store.drop(id);
        }
      },
      rollback: end,
    };
  };
  // Rows that are held keep a merge from happening at all, not from one half of it.
  const merge = (winner: string, loser: string) => {
    const whole = begin();
    try {
      whole.merge(winner, loser);
    } catch (error) {
      whole.rollback();
      throw error;
    }
    whole.commit();
  };
  const createMany: Books["createMany"] = (object, count, fields) => {
    const make = makerOf(workshop, schema.object(object));
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const row = make(fields(at));
      store.put(object, row);
      ids.push(String(row["Id"]));
    }
    return ids;
  };
  return {
    books: {
      ...verbsOf(workshop, direct),
      merge,
      createMany,
      begin,
      trimDeleted: (object, before) => void trimmed.set(object, before.getTime()),
      find: (id) => store.find(id)?.fields,
      rows: (object) => [...store.rows(object)].map(({ fields }) => fields),
    },
    ledger: {
      oldestOpen: () => (open.size === 0 ? null : Math.min(...[...open].map(({ began }) => began))),
      deletedSince: (object) => trimmed.get(object) ?? founded,
    },
  };
}
