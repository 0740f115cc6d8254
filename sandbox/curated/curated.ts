import { rowsDiffering } from "../beside/differing.ts";
import { cellsOf, type KeyedRow, type MirrorRow, selectRows, type TextRow } from "../beside/mirror.ts";
import type { Difference } from "../difference.ts";
import type { Row } from "../feed.ts";
import type { Product } from "../product.ts";
import { crosswalk, customers, invoices, subscriptions } from "./links.ts";
import { payments, revenue } from "./payments.ts";
import { salesOrders } from "./sales.ts";
import type { Staging } from "./staging.ts";
import { CURATED_TABLES, type CuratedTable } from "./tables.ts";

/** What should stand in each curated table, by key; a deleted row is one that nothing leads to any more. */
export type ExpectedCurated = ReadonlyMap<string, Map<string, MirrorRow>>;

/** What stands there. A list may have a key twice, which nothing published should. */
export type PublishedCurated = ReadonlyMap<string, readonly KeyedRow[]>;

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

/** A publication: tables become what follows from staging, and a key that nothing leads to any more a tombstone with its last values. */
export function publish(expected: ExpectedCurated, staging: Staging): void {
  const live = liveRows(staging);
  for (const table of CURATED_TABLES) {
    const rows = expected.get(table.name);
    const should = new Map((live.get(table.name) ?? []).map((row) => [keyIn(table, row), cellsOf(table.columns, row)]));
    for (const [key, { cells }] of rows ?? []) if (!should.has(key)) rows?.set(key, { cells, deleted: true });
    for (const [key, cells] of should) rows?.set(key, { cells, deleted: false });
  }
}

const selectOf = ({ name, columns }: CuratedTable) =>
  selectRows(
    `curated.${name}`,
    columns.map(([column]) => column),
    "deleted_at",
  );

function rowOf(table: CuratedTable, found: TextRow): KeyedRow {
  const cells = cellsOf(table.columns, found);
  return { id: keyIn(table, cells), cells, deleted: (found["_deleted"] ?? null) !== null };
}

/** Reads all curated tables, of one moment. */
export async function readCurated(product: Pick<Product, "queries">): Promise<PublishedCurated> {
  const answers = await product.queries(CURATED_TABLES.map(selectOf));
  return new Map(CURATED_TABLES.map((table, i) => [table.name, (answers[i] ?? []).map((found) => rowOf(table, found))]));
}

/** Every key of every table that is not as it should be, in either direction. */
export function curatedDifferences(published: PublishedCurated, expected: ExpectedCurated): Difference[] {
  return [...expected].flatMap(([name, rows]) => rowsDiffering(name, rows, published.get(name) ?? []));
}

/** Rows beyond the first of each key. */
export function curatedDuplicates(published: PublishedCurated): number {
  return [...published.values()].reduce((sum, rows) => sum + rows.length - new Set(rows.map(({ id }) => id)).size, 0);
}

/** Live children whose parent has no row, not even a tombstone. */
export function curatedOrphans(published: PublishedCurated): number {
  const keys = new Map([...published].map(([name, rows]) => [name, new Set(rows.map(({ id }) => id))]));
  const isOrphan = ({ cells, deleted }: MirrorRow, { column, parent }: CuratedTable["references"][number]) => {
    const value = cells[column] ?? null;
    return !deleted && value !== null && !keys.get(parent)?.has(value);
  };
  return CURATED_TABLES.flatMap(({ name, references }) =>
    references.flatMap((to) => (published.get(name) ?? []).filter((row) => isOrphan(row, to))),
  ).length;
}
