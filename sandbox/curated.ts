import type { ExpectedState } from "./expectation/state.ts";
import type { Feed, FeedId, Row } from "./feed.ts";
import type { Product } from "./product.ts";

/** One curated row, in the source's own words. */
export interface CuratedRow {
  /** The feed's columns under their names in the feed. */
  readonly cells: Row;
  readonly deleted: boolean;
  /** Number of the publication that wrote it. */
  readonly publication: number;
}

/** What stands published of one feed. */
export interface CuratedFeed {
  readonly feed: Feed;
  readonly rows: readonly CuratedRow[];
}

/** Where rows of a feed stand in the warehouse. */
interface Relation {
  readonly name: string;
  readonly renamed: Readonly<Record<string, string>>;
  readonly deletedAt: string;
  /** Which of its rows are the feed's, in SQL. */
  readonly only: string | null;
}

async function read(product: Product, feed: Feed, from: Relation): Promise<CuratedRow[]> {
  const list = feed.columns.map((name) => `CAST(${from.renamed[name] ?? name} AS VARCHAR) AS "${name}"`);
  const rows = await product.query(
    `SELECT ${list.join(", ")}, CAST(_publication AS VARCHAR) AS _publication, CAST(${from.deletedAt} AS VARCHAR) AS _deleted FROM ${from.name}${from.only === null ? "" : ` WHERE ${from.only}`}`,
  );
  const cell = (name: string, text: string | null) => (text === null ? null : feed.curated.inSourceWords(name, text));
  return rows.map((row) => ({
    cells: Object.fromEntries(feed.columns.map((name) => [name, cell(name, row[name] ?? null)])),
    deleted: row["_deleted"] !== null,
    publication: Number(row["_publication"]),
  }));
}

/** The curated tables, what history kept of them, or the source's mirror that they are made of. */
export type CuratedSchema = "curated" | "history" | "staging";

function relationOf({ id, curated }: Feed, schema: CuratedSchema): Relation {
  if (schema === "staging")
    return { name: `staging.${id.replace(".", "_")}__rows`, renamed: {}, deletedAt: "_deleted_at", only: null };
  const name = schema === "curated" ? `curated.${curated.name}__rows` : `history.${curated.name}`;
  return { name, renamed: curated.renamed, deletedAt: "deleted_at", only: curated.only };
}

/** Reads what stands of some feeds in one schema of the warehouse. */
export async function readCurated(product: Product, feeds: readonly Feed[], schema: CuratedSchema): Promise<CuratedFeed[]> {
  const tables: CuratedFeed[] = [];
  for (const feed of feeds) tables.push({ feed, rows: await read(product, feed, relationOf(feed, schema)) });
  return tables;
}

function keyIn({ rules }: Feed): (row: { readonly cells: Row }) => string {
  return (row) => row.cells[rules.businessKey] ?? "";
}

/** The curated rows of one feed as they should be: live ones, and tombstones of keys that no live row has. */
function expectedCurated(state: ExpectedState, feed: Feed): Map<string, { cells: Row; deleted: boolean }> {
  const rows = [...state.of(feed.id).published.values()];
  const key = keyIn(feed);
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

function differencesOf({ feed, rows }: CuratedFeed, state: ExpectedState): Difference[] {
  const expected = expectedCurated(state, feed);
  const found = new Map(rows.map((row) => [keyIn(feed)(row), row]));
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key): Difference[] => {
    const [should, row] = [expected.get(key), found.get(key)];
    if (!should || !row) return [{ feed: feed.id, key, columns: [should ? "missing" : "surplus"] }];
    const columns = feed.columns.filter((name) => (should.cells[name] ?? null) !== (row.cells[name] ?? null));
    const all = should.deleted === row.deleted ? columns : [...columns, "deleted_at"];
    return all.length === 0 ? [] : [{ feed: feed.id, key, columns: all }];
  });
}

/** Every key that differs, in either direction. */
export function curatedDifferences(curated: readonly CuratedFeed[], state: ExpectedState): Difference[] {
  return curated.flatMap((table) => differencesOf(table, state));
}

/** Rows beyond the first of each business key. */
export function curatedDuplicates(curated: readonly CuratedFeed[]): number {
  return curated.reduce((sum, { feed, rows }) => sum + rows.length - new Set(rows.map(keyIn(feed))).size, 0);
}

/** Live children whose parent has no curated row, not even a tombstone. */
export function curatedOrphans(curated: readonly CuratedFeed[]): number {
  const keys = new Map(curated.map(({ feed, rows }) => [feed.id, new Set(rows.map(keyIn(feed)))]));
  return curated.flatMap(({ feed, rows }) =>
    feed.rules.references.flatMap(({ column, parent }) =>
      rows.filter((row) => {
        const value = row.cells[column] ?? null;
        return !row.deleted && value !== null && !keys.get(parent)?.has(value);
      }),
    ),
  ).length;
}
