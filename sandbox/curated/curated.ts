import { differing } from "../beside/differing.ts";
import { asInWarehouse, type TextRow, textColumn } from "../beside/mirror.ts";
import type { Difference } from "../difference.ts";
import type { Row } from "../feed.ts";
import type { Product } from "../product.ts";
import { crosswalk, customers, invoices, subscriptions } from "./links.ts";
import { payments, revenue } from "./payments.ts";
import { salesOrders } from "./sales.ts";
import type { Staging } from "./staging.ts";
import { CURATED_TABLES, type CuratedTable } from "./tables.ts";

/** A row of a curated table; deleted is one that nothing leads to any more. */
export interface CuratedRow {
  readonly cells: Row;
  readonly deleted: boolean;
}

/** What should stand in each curated table, by key, tombstones too. */
export type ExpectedCurated = ReadonlyMap<string, Map<string, CuratedRow>>;

/** What stands there. A list may have a key twice, which nothing published should. */
export type PublishedCurated = ReadonlyMap<string, readonly (CuratedRow & { readonly key: string })[]>;

/** Nothing is published yet. */
export function emptyCurated(): ExpectedCurated {
  return new Map(CURATED_TABLES.map(({ name }) => [name, new Map()]));
}

const keyIn = ({ key }: CuratedTable, cells: Row) => key.map((name) => cells[name] ?? "").join("|");

/** Live rows of all tables, as they follow from staging. */
function liveRows(staging: Staging): ReadonlyMap<string, readonly Row[]> {
  const links = crosswalk(staging);
  const money = payments(staging, links);
  return new Map([
    ["crosswalk_customer", links],
    ["customer", customers(staging, links)],
    ["subscription", subscriptions(staging)],
    ["invoice", invoices(staging)],
    ["payment", money],
    ["revenue_month", revenue(money)],
    ["sales_order", salesOrders(staging)],
  ]);
}

function inForms({ columns }: CuratedTable, row: Row): Row {
  return Object.fromEntries(columns.map(([name, form]) => [name, asInWarehouse(form, row[name] ?? null)]));
}

/** A publication: tables become what follows from staging, and a key that nothing leads to any more a tombstone with its last values. */
export function publish(expected: ExpectedCurated, staging: Staging): void {
  const live = liveRows(staging);
  for (const table of CURATED_TABLES) {
    const rows = expected.get(table.name);
    const should = new Map((live.get(table.name) ?? []).map((row) => [keyIn(table, row), inForms(table, row)]));
    for (const [key, { cells }] of rows ?? []) if (!should.has(key)) rows?.set(key, { cells, deleted: true });
    for (const [key, cells] of should) rows?.set(key, { cells, deleted: false });
  }
}

const selectOf = ({ name, columns }: CuratedTable) =>
  `SELECT ${columns.map(([column]) => textColumn(column)).join(", ")}, CAST(deleted_at AS VARCHAR) AS "deleted_at" FROM curated.${name}__rows`;

function rowOf(table: CuratedTable, found: TextRow): CuratedRow & { key: string } {
  const cells = inForms(table, found);
  return { key: keyIn(table, cells), cells, deleted: (found["deleted_at"] ?? null) !== null };
}

/** Reads all curated tables, of one moment. */
export async function readCurated(product: Pick<Product, "queries">): Promise<PublishedCurated> {
  const answers = await product.queries(CURATED_TABLES.map(selectOf));
  return new Map(CURATED_TABLES.map((table, i) => [table.name, (answers[i] ?? []).map((found) => rowOf(table, found))]));
}

const withDeletion = ({ cells, deleted }: CuratedRow): Row => ({ ...cells, deleted_at: String(deleted) });

/** Every key of every table that is not as it should be, in either direction. */
export function curatedDifferences(published: PublishedCurated, expected: ExpectedCurated): Difference[] {
  return CURATED_TABLES.flatMap(({ name }) =>
    differing(
      name,
      new Map([...(expected.get(name) ?? [])].map(([key, row]) => [key, withDeletion(row)])),
      (published.get(name) ?? []).map((row) => [row.key, withDeletion(row)]),
    ),
  );
}

/** Rows beyond the first of each key. */
export function curatedDuplicates(published: PublishedCurated): number {
  return [...published.values()].reduce((sum, rows) => sum + rows.length - new Set(rows.map(({ key }) => key)).size, 0);
}

/** Live children whose parent has no row, not even a tombstone. */
export function curatedOrphans(published: PublishedCurated): number {
  const keys = new Map([...published].map(([name, rows]) => [name, new Set(rows.map(({ key }) => key))]));
  const isOrphan = ({ cells, deleted }: CuratedRow, { column, parent }: CuratedTable["references"][number]) => {
    const value = cells[column] ?? null;
    return !deleted && value !== null && !keys.get(parent)?.has(value);
  };
  return CURATED_TABLES.flatMap(({ name, references }) =>
    references.flatMap((to) => (published.get(name) ?? []).filter((row) => isOrphan(row, to))),
  ).length;
}
