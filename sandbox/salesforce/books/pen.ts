import type { Store } from "../store.ts";
import type { Fields } from "../values.ts";

/** Where verbs read and write: the org itself, or a transaction that nobody else sees yet. */
export interface Pen {
  read(id: string): Fields | undefined;
  write(object: string, fields: Fields): void;
  drop(id: string): void;
}

/** A transaction that has begun and is neither committed nor rolled back. */
export interface Open {
  /** The clock when it began. */
  readonly began: number;
  readonly written: Map<string, { readonly object: string; readonly fields: Fields } | null>;
}

/** A row is held by an open transaction. */
export class Held extends Error {}

/** A pen that writes into the org at once. Throws `Held` for a row that an open transaction has written. */
export function directPen(store: Store, open: ReadonlySet<Open>): Pen {
  const expectFree = (id: string) => {
    for (const { written } of open)
      if (written.has(id)) throw new Held(`unable to obtain exclusive access to this record: ${id}`);
  };
  return {
    read: (id) => store.find(id)?.fields,
    write: (object, fields) => {
      if (open.size > 0) expectFree(String(fields["Id"]));
      store.put(object, fields);
    },
    drop: (id) => {
      expectFree(id);
      store.drop(id);
    },
  };
}

/** A pen that writes into a transaction. */
export function penOf(transaction: Open, store: Store, direct: Pen): Pen {
  const { written } = transaction;
  const expectFree = (id: string) => {
    if (written.has(id)) return;
    const now = store.find(id);
    if (now) direct.write(store.objectOf(id) ?? "", now.fields);
  };
  return {
    read: (id) => {
      const own = written.get(id);
      return own === undefined ? store.find(id)?.fields : own?.fields;
    },
    write: (object, fields) => {
      const id = String(fields["Id"]);
      expectFree(id);
      written.set(id, { object, fields });
    },
    drop: (id) => {
      expectFree(id);
      written.set(id, null);
    },
  };
}
