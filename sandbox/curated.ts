import { type Cell, COLUMNS, columnNames, FEEDS, type FeedId, type Row } from "./billing/tables.ts";
import { BUSINESS_KEY, REFERENCES } from "./expectation/rules.ts";
import type { ExpectedState } from "./expectation/state.ts";
import type { Product } from "./product.ts";

/** Curated table of each feed. */
const TABLES: Readonly<Record<FeedId, string>> = {
  "billing.customers": "customer",
  "billing.subscriptions": "subscription",
  "billing.invoices": "invoice",
  "billing.payments": "payment",
};

/** One curated row, in the source's own words. */
export interface CuratedRow {
  /** The feed's columns; `id` is the source row it came from. */
  readonly cells: Row;
  readonly deleted: boolean;
  /** Number of the publication that wrote it. */
  readonly publication: number;
}

export type Curated = Readonly<Record<FeedId, readonly CuratedRow[]>>;

function inSourceWords(type: string, text: Cell): Cell {
  if (text === null) return null;
  if (type === "boolean") return text.slice(0, 1);
  if (type !== "timestamptz") return text;
  const [whole = "", fraction = ""] = text.replace(/\+00$/, "").split(".");
  const digits = fraction.replace(/0+$/, "");
  return `${whole}${digits === "" ? "" : `.${digits}`}+00`;
}

/** Where rows of a feed stand in the warehouse. */
interface Relation {
  readonly name: string;
  readonly id: string;
  readonly deletedAt: string;
}

async function read(product: Product, feed: FeedId, from: Relation): Promise<CuratedRow[]> {
  const list = columnNames(feed).map((name) => `CAST(${name === "id" ? from.id : name} AS VARCHAR) AS "${name}"`);
  const rows = await product.query(
    `SELECT ${list.join(", ")}, CAST(_publication AS VARCHAR) AS _publication, CAST(${from.deletedAt} AS VARCHAR) AS _deleted FROM ${from.name}`,
  );
  return rows.map((row) => ({
    cells: Object.fromEntries(COLUMNS[feed].map(([name, type]) => [name, inSourceWords(type, row[name] ?? null)])),
    deleted: row["_deleted"] !== null,
    publication: Number(row["_publication"]),
  }));
}

function relationOf(feed: FeedId, schema: "curated" | "history" | "staging"): Relation {
  if (schema === "staging") return { name: `staging.${feed.replace(".", "_")}__rows`, id: "id", deletedAt: "_deleted_at" };
  return { name: `${schema}.${TABLES[feed]}`, id: "source_row_id", deletedAt: "deleted_at" };
}

/** Reads the four curated tables, what history kept of them, or the source's mirror that they are made of. */
export async function readCurated(product: Product, schema: "curated" | "history" | "staging"): Promise<Curated> {
  const tables: [FeedId, CuratedRow[]][] = [];
  for (const feed of FEEDS) tables.push([feed, await read(product, feed, relationOf(feed, schema))]);
  return Object.fromEntries(tables) as Record<FeedId, CuratedRow[]>;
}

/** The curated rows of one feed as they should be: live ones, and tombstones of keys that no live row has. */
export function expectedCurated(state: ExpectedState, feed: FeedId): Map<string, { cells: Row; deleted: boolean }> {
  const rows = [...state.published[feed].values()];
  const key = (row: { cells: Row }) => row.cells[BUSINESS_KEY[feed]] ?? "";
  const tombstones = rows.filter((row) => row.deleted).map((row) => [key(row), row] as const);
  const live = rows.filter((row) => !row.deleted).map((row) => [key(row), row] as const);
  return new Map([...tombstones, ...live]);
}

/** One line a curated key that is not as expected, for whoever has to find out why. */
export interface Difference {
  readonly feed: FeedId;
  readonly key: string;
  readonly columns: readonly string[];
}

function differencesOf(feed: FeedId, is: readonly CuratedRow[], state: ExpectedState): Difference[] {
  const expected = expectedCurated(state, feed);
  const found = new Map(is.map((row) => [row.cells[BUSINESS_KEY[feed]] ?? "", row]));
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key): Difference[] => {
    const [should, row] = [expected.get(key), found.get(key)];
    if (!should || !row) return [{ feed, key, columns: [should ? "missing" : "surplus"] }];
    const columns = columnNames(feed).filter((name) => (should.cells[name] ?? null) !== (row.cells[name] ?? null));
    const all = should.deleted === row.deleted ? columns : [...columns, "deleted_at"];
    return all.length === 0 ? [] : [{ feed, key, columns: all }];
  });
}

/** Every key that differs, in either direction. */
export function curatedDifferences(curated: Curated, state: ExpectedState): Difference[] {
  return FEEDS.flatMap((feed) => differencesOf(feed, curated[feed], state));
}

/** Rows beyond the first of each business key. */
export function curatedDuplicates(curated: Curated): number {
  return FEEDS.reduce(
    (sum, feed) => sum + curated[feed].length - new Set(curated[feed].map((r) => r.cells[BUSINESS_KEY[feed]])).size,
    0,
  );
}

/** Live children whose parent has no curated row, not even a tombstone. */
export function curatedOrphans(curated: Curated): number {
  return FEEDS.flatMap((feed) =>
    REFERENCES[feed].flatMap(({ column, parent }) => {
      const parents = new Set(curated[parent].map((row) => row.cells[BUSINESS_KEY[parent]] ?? null));
      return curated[feed].filter(
        (row) => !row.deleted && (row.cells[column] ?? null) !== null && !parents.has(row.cells[column] ?? null),
      );
    }),
  ).length;
}
