import type { Ids } from "../ids.ts";
import type { Field, SObject } from "../schema/fields.ts";
import type { Schema } from "../schema/schema.ts";
import type { Store } from "../store.ts";
import { type Fields, type Given, kept, type Value } from "../values.ts";
import type { Pen } from "./pen.ts";

/** Values that somebody writes, by the names of fields. */
export type Written = Readonly<Record<string, Given>>;

/** What can be done to rows. Each writes the clock's second into SystemModstamp. */
export interface Verbs {
  /** Makes a row and gives its id. What the org itself writes, stamps included, is taken where it is given. */
  create(object: string, fields: Written): string;
  update(id: string, fields: Written): void;
  /** What automation does: only SystemModstamp moves, LastModifiedDate stays. */
  touch(id: string, fields?: Written): void;
  /** Puts a row into the recycle bin. */
  delete(id: string): void;
  undelete(id: string): void;
  /** Takes a row out of the org for good: neither queryAll nor getDeleted know it. */
  purge(id: string): void;
  /** The loser goes into the recycle bin with the winner's id; rows that referred to it refer to the winner. */
  merge(winner: string, loser: string): void;
}

/** What verbs work with. */
export interface Workshop {
  readonly schema: Schema;
  readonly store: Store;
  readonly ids: Ids;
  /** The clock's whole second, in ms. */
  readonly second: () => number;
  /** Who writes. */
  readonly writer: () => string;
  /** Whom rows belong to whose owner nobody names: one after the other. */
  readonly owner: () => string;
  readonly currency: string | null;
}

/** What the org itself writes into a new row. */
function systemValues(workshop: Workshop, object: SObject): (ownerGiven: boolean) => Record<string, Value> {
  const { ids, second, writer, owner, currency } = workshop;
  const has = new Set(object.fields.map(({ name }) => name));
  const always: Record<string, Value> = {
    ...(has.has("IsDeleted") ? { IsDeleted: false } : {}),
    ...(has.has("CurrencyIsoCode") ? { CurrencyIsoCode: currency } : {}),
  };
  return (ownerGiven) => {
    const at = second();
    const row: Record<string, Value> = { Id: ids.next(object.keyPrefix), ...always };
    if (has.has("OwnerId")) {
      row["OwnerId"] = ownerGiven ? null : owner();
      row["CreatedById"] = writer();
      row["LastModifiedById"] = row["CreatedById"];
    }
    for (const stamp of ["CreatedDate", "LastModifiedDate", "SystemModstamp"]) row[stamp] = at;
    if (object.name === "Order") row["OrderNumber"] = String(ids.serial(object.name)).padStart(8, "0");
    return row;
  };
}

/** Makes the values of new rows of an object. */
export function makerOf(workshop: Workshop, object: SObject): (given: Written) => Fields {
  const named = new Map(object.fields.map((field) => [field.name, field]));
  const system = systemValues(workshop, object);
  return (given) => {
    const row = system(given["OwnerId"] !== undefined);
    for (const name in given) row[name] = kept(typeOf(named, object, name), given[name]);
    return row;
  };
}

function typeOf(named: ReadonlyMap<string, Field>, object: SObject, name: string) {
  const field = named.get(name);
  if (!field || field.compute) throw new Error(`${object.name}.${name} cannot be written`);
  return field.type;
}

interface Found {
  readonly object: string;
  readonly fields: Fields;
}

/** Moves rows that refer to the loser to the winner. */
function reparent(
  workshop: Workshop,
  ids: { winner: string; loser: string },
  update: (id: string, fields: Written) => void,
): void {
  const target = workshop.store.objectOf(ids.loser) ?? "";
  for (const { name, fields } of workshop.schema.objects()) {
    const references = fields.filter((one) => one.referenceTo.includes(target) && one.name !== "MasterRecordId");
    if (references.length === 0) continue;
    for (const row of [...workshop.store.rows(name)]) {
      const moved = references.filter((one) => row.fields[one.name] === ids.loser).map((one) => [one.name, ids.winner]);
      if (moved.length > 0 && row.fields["IsDeleted"] !== true) update(row.id, Object.fromEntries(moved));
    }
  }
}

/** The verbs of a pen. */
export function verbsOf(workshop: Workshop, pen: Pen): Verbs {
  const { schema, store, second } = workshop;
  const found = (id: string): Found => {
    const [object, fields] = [store.objectOf(id), pen.read(id)];
    if (object === undefined || !fields) throw new Error(`there is no row ${id}`);
    return { object, fields };
  };
  const change = (id: string, given: Written, modified: boolean) => {
    const { object, fields } = found(id);
    const known = schema.object(object);
    const named = new Map(known.fields.map((field) => [field.name, field]));
    const at = second();
    const next: Record<string, Value> = { ...fields };
    if (modified) {
      next["LastModifiedDate"] = at;
      if (named.has("LastModifiedById")) next["LastModifiedById"] = workshop.writer();
    }
    next["SystemModstamp"] = at;
    for (const [name, value] of Object.entries(given)) next[name] = kept(typeOf(named, known, name), value);
    pen.write(object, next);
  };
  const bin = (id: string, given: Written) => {
    if (found(id).fields["IsDeleted"] === true) throw new Error(`${id} is in the recycle bin already`);
    change(id, { IsDeleted: true, ...given }, true);
  };
  return {
    create: (object, given) => {
      const fields = makerOf(workshop, schema.object(object))(given);
      pen.write(object, fields);
      return String(fields["Id"]);
    },
    update: (id, given) => change(id, given, true),
    touch: (id, given = {}) => change(id, given, false),
    delete: (id) => bin(id, {}),
    undelete: (id) => {
      const { fields } = found(id);
      if (fields["IsDeleted"] !== true) throw new Error(`${id} is not in the recycle bin`);
      change(id, { IsDeleted: false, ...("MasterRecordId" in fields ? { MasterRecordId: null } : {}) }, true);
    },
    purge: (id) => {
      found(id);
      pen.drop(id);
    },
    merge: (winner, loser) => {
      found(winner);
      bin(loser, { MasterRecordId: winner });
      reparent(workshop, { winner, loser }, (id, fields) => change(id, fields, true));
      change(winner, {}, true);
    },
  };
}
