import { isOrdered } from "../config/landed-meta.ts";
import { stagingName } from "../config/link-feeds.ts";
import type { Feed, Model } from "../config/pipeline.ts";
import type { ColumnType } from "../contract/contract.ts";
import type { Dialect, Schema } from "./dialect.ts";
import { FORM, hasForms } from "./key-form.ts";

/** What of a feed decides the names of its relations. */
export type FeedName = Pick<Feed, "source" | "name">;

/** `billing.invoices` → `billing_invoices`: its raw relation, its staging view and the stem of its other tables. */
export function stem(feed: FeedName): string {
  return stagingName(`${feed.source}.${feed.name}`);
}

/** `billing.invoices` → its source and name. */
export function feedName(id: string): FeedName {
  const dot = id.indexOf(".");
  return { source: id.slice(0, dot), name: id.slice(dot + 1) };
}

/** Whether both names give one staging table: `a.b_c` and `a_b.c` do. */
export function sharesStaging({ feed, was }: { readonly feed: FeedName; readonly was: string }): boolean {
  return stem(feed) === stem(feedName(was));
}

/** What the name of a table ends with that holds all rows of a relation, where the relation's own name is that of the view of live ones. */
export const ROWS = "__rows";

/** What the table of a feed's typed mirror is called in its schema. */
export function stagingTable(feed: FeedName): string {
  return `${stem(feed)}${ROWS}`;
}

/** All rows of the typed mirror, tombstones included, with the engine's own columns. */
export function stagingRows(dialect: Dialect, feed: FeedName): string {
  return dialect.table("staging", stagingTable(feed));
}

/** Live rows of the typed mirror with the contract's columns only: what models select from. */
export function stagingView(dialect: Dialect, feed: FeedName): string {
  return dialect.table("staging", stem(feed));
}

/** What the table is called that holds the rows of a published relation: a curated table's own name is that of the view of its live rows. */
export function rowsName(schema: Schema, table: string): string {
  return schema === "curated" ? `${table}${ROWS}` : table;
}

/** All rows of a curated table, tombstones included, with the engine's own columns. */
export function curatedRows(dialect: Dialect, { table }: Pick<Model, "table">): string {
  return dialect.table("curated", rowsName("curated", table));
}

/** Live rows of a curated table: what people read. */
export function curatedView(dialect: Dialect, { table }: Pick<Model, "table">): string {
  return dialect.table("curated", table);
}

/** Tables of one run, by what they hold. */
export type WorkKind =
  | "label"
  | "verdict"
  | "waiting"
  | "keys"
  | "made"
  | "missing"
  | "netted"
  | "deleted"
  | "vanished"
  | "old"
  | "further_side"
  | "touched"
  | "refused"
  | "source_side"
  | "landed"
  | "live_side"
  | "compared"
  | "again"
  | "settled"
  | "older"
  | "altered"
  | "tie"
  | "tied";

export function workName(kind: WorkKind, name: string): string {
  return `${kind}_${name}`;
}

export function workTable(dialect: Dialect, kind: WorkKind, feed: FeedName): string {
  return dialect.work(workName(kind, stem(feed)));
}

/** The type of a column of the engine's own; hashes have one of each engine's. */
export type MetaType = ColumnType | "hash" | "text_hash";

/** A type as the engine writes it. */
export function metaType(dialect: Dialect, type: MetaType): string {
  if (type === "hash") return dialect.hashType;
  return type === "text_hash" ? dialect.textHashType : dialect.columnType(type);
}

/** What every staging table has, in order, after the contract's columns. */
const STAGING_META: readonly (readonly [name: string, type: MetaType])[] = [
  ["_batch_id", { kind: "string" }],
  ["_position", { kind: "string" }],
  ["_seq", { kind: "integer", bits: 64 }],
  ["_hash", "hash"],
  // 64 bits hold every amount; DuckDB 1.5.5 sums 15 M of them in 0.2 s, and as many of 128 bits in 1.7 s.
  ["_minor", { kind: "integer", bits: 64 }],
  ["_currency", { kind: "string" }],
  ["_contract_version", { kind: "string" }],
  ["_publication", { kind: "integer", bits: 64 }],
  ["_deleted_at", { kind: "timestamp" }],
];

/** The part of a scoped feed that a row belongs to: a column of its raw relation, its label table and its staging table. */
export const SCOPE = "_scope";

/** Where the part of the feed stands that a row belongs to, in a feed whose later parts win; texts compare as the parts do. */
export const ORDER = "_order";

/** Columns that say where a row stands in its feed. */
export const PART_META: readonly string[] = [SCOPE, ORDER];

/** What a feed's raw relation, label table and staging table say of a row's part of the feed. */
export function partMeta(feed: Pick<Feed, "scoped" | "lands">): readonly string[] {
  return [...(feed.scoped ? [SCOPE] : []), ...(isOrdered(feed) ? [ORDER] : [])];
}

/** The column that says which of two rows of one source key is the newer one; undefined where none does. */
export function versionColumn(feed: Pick<Feed, "version" | "lands">): string | undefined {
  return isOrdered(feed) ? ORDER : feed.version;
}

/** Every column that the engine itself has in staging tables, of whatever feed. */
export const STAGING_META_NAMES: readonly string[] = [...STAGING_META.map(([name]) => name), FORM, ...PART_META];

/** What the staging table of a feed has, in order, behind what every one has: columns that came with a release or with the feed's parts. */
export function stagingExtra(
  feed: Pick<Feed, "scoped" | "lands" | "contract" | "businessKey">,
): readonly { readonly name: string; readonly type: MetaType }[] {
  return [
    ...partMeta(feed).map((name) => ({ name, type: { kind: "string" } as const })),
    ...(hasForms(feed) ? [{ name: FORM, type: "text_hash" as const }] : []),
  ];
}

/** The engine's own columns of a feed's staging table. */
export function stagingMeta(feed: Parameters<typeof stagingExtra>[0]): readonly (readonly [name: string, type: MetaType])[] {
  return [...STAGING_META, ...stagingExtra(feed).map(({ name, type }) => [name, type] as const)];
}

/** The engine's own columns of a curated table, in order, after the contract's. */
export const CURATED_META: readonly (readonly [name: string, type: ColumnType])[] = [
  ["_contract_version", { kind: "string" }],
  ["_publication", { kind: "integer", bits: 64 }],
  ["deleted_at", { kind: "timestamp" }],
];

/** The engine's number of a row of a work table, and of any other where `can.rowsByNumber`, under an alias. */
export function rowNumber(dialect: Dialect, alias: string): string {
  return `${alias}.${dialect.can.rowNumber.column}`;
}
