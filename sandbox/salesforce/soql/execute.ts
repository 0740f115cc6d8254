import { Refusal } from "../api/refusal.ts";
import type { Seen, Sight } from "../sight.ts";
import type { Fields, FieldType, Value } from "../values.ts";
import { columnOf } from "./columns.ts";
import type { Order, Soql } from "./syntax.ts";
import { comparerOf, type Predicate, predicateOf } from "./where.ts";

/** Which rows a query may read, and what faults make of that. */
export interface Reach {
  /** Whether rows in the recycle bin are read too. */
  readonly deleted: boolean;
  /** Whether the condition is passed over. */
  readonly whereIgnored: boolean;
}

const MOST_OFFSET = 2000;

type Compare = (a: Fields, b: Fields) => number;

/** How two values stand to each other where a query sorts by them. */
export function orderedBy(order: Omit<Order, "field">, type: FieldType): (a: Value, b: Value) => number {
  const compare = comparerOf(type);
  const nulls = order.nullsLast ? 1 : -1;
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? nulls : -nulls;
    return order.descending ? compare(b, a) : compare(a, b);
  };
}

function compareBy(order: Order, object: Seen, sight: Sight): Compare {
  const { read, field } = columnOf(order.field, object, sight);
  const compare = orderedBy(order, field.type);
  return (left, right) => compare(read(left), read(right));
}

/** Rows in the order of some fields; rows that these do not tell apart keep theirs. */
export function sorted<T>(rows: T[], compares: readonly ((a: T, b: T) => number)[]): T[] {
  if (compares.length === 0) return rows;
  return rows.sort((a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** The object that a query is of. Refuses with INVALID_TYPE. */
export function objectOf(soql: Soql, sight: Sight, refuse: (name: string) => Refusal): Seen {
  const object = sight.object(soql.from);
  if (!object) throw refuse(soql.from);
  return object;
}

function cut(rows: Fields[], { limit, offset }: Soql): Fields[] {
  if ((offset ?? 0) > MOST_OFFSET) {
    throw new Refusal(400, "NUMBER_OUTSIDE_VALID_RANGE", { message: `SOQL OFFSET ${offset} is beyond ${MOST_OFFSET}` });
  }
  const from = offset ?? 0;
  return limit === null && from === 0 ? rows : rows.slice(from, limit === null ? undefined : from + limit);
}

/** What a query asks of rows, checked before any is read. */
export interface Plan {
  readonly soql: Soql;
  readonly object: Seen;
  readonly sight: Sight;
  readonly predicate: Predicate | null;
  readonly compares: readonly Compare[];
}

/** Checks all that a query names. */
export function planOf(soql: Soql, object: Seen, sight: Sight): Plan {
  const predicate = soql.where ? predicateOf(soql.where, object, sight) : null;
  const compares = soql.groupBy.length > 0 ? [] : soql.orderBy.map((order) => compareBy(order, object, sight));
  return { soql, object, sight, predicate, compares };
}

/** The rows of a query, without what LIMIT and ORDER BY say of them. */
export function matching({ object, sight, predicate }: Plan, { deleted, whereIgnored }: Reach): Fields[] {
  const rows: Fields[] = [];
  const test = whereIgnored ? null : predicate;
  for (const row of sight.rows(object.name)) {
    if (!deleted && row["IsDeleted"] === true) continue;
    if (!test || test(row)) rows.push(row);
  }
  return rows;
}

/** The rows of a query. */
export function selectedRows(plan: Plan, reach: Reach): Fields[] {
  return cut(sorted(matching(plan, reach), plan.compares), plan.soql);
}
