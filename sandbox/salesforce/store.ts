import type { Fields } from "./values.ts";

/** A record. Its values are replaced as a whole whenever it changes, so that who holds them holds a version. */
export interface Row {
  readonly id: string;
  fields: Fields;
}

/** All committed rows of the org. */
export interface Store {
  find(id: string): Row | undefined;
  /** Rows of an object in the order in which they came, those in the recycle bin too. */
  rows(object: string): Iterable<Row>;
  count(object: string): number;
  /** The object that an id is of. */
  objectOf(id: string): string | undefined;
  /** Keeps what a row is from now on. */
  put(object: string, fields: Fields): void;
  drop(id: string): void;
}

/** A store without rows. `objectOf` says which object an id's prefix is of. */
export function emptyStore(objectOf: (prefix: string) => string | undefined): Store {
  const tables = new Map<string, Map<string, Row>>();
  const objectOfId = (id: string) => objectOf(id.slice(0, 3));
  const tableOf = (id: string) => tables.get(objectOfId(id) ?? "");
  return {
    find: (id) => tableOf(id)?.get(id),
    rows: (object) => tables.get(object)?.values() ?? [],
    count: (object) => tables.get(object)?.size ?? 0,
    objectOf: objectOfId,
    put: (object, fields) => {
      const id = String(fields["Id"]);
      const table = tables.get(object) ?? new Map<string, Row>();
      tables.set(object, table);
      const row = table.get(id);
      if (row) row.fields = fields;
      else table.set(id, { id, fields });
    },
    drop: (id) => void tableOf(id)?.delete(id),
  };
}
