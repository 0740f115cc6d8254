import { labelHash, type Scanned, scanColumns, typedScan } from "../checks/label.ts";
import type { LandedRows } from "../checks/landed-keys.ts";
import { moneyColumns } from "../checks/money.ts";
import { payloadTextThen, readablePayloads } from "../checks/payloads.ts";
import { scannedMeta } from "../checks/record-fault.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, or, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { isOpen } from "./compared.ts";
import { hasKey, keyTextColumn } from "./sides.ts";

/** How many keys' rows have to be read again. */
export async function countOpen(session: Session, dialect: Dialect, feed: Feed): Promise<number> {
  const [row] = await session.rows({
    name: `reconcile.open.${feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS open_keys FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpen("c")}`,
  });
  return Number(row?.["open_keys"] ?? 0);
}

/** The landed texts of the keys whose rows have to be read again, in the order of the source key. */
export async function openKeys(session: Session, dialect: Dialect, feed: Feed): Promise<(string | null)[][]> {
  const texts = feed.sourceKey.map((_, i) => keyTextColumn(i));
  const rows = await session.rows({
    name: `reconcile.open-keys.${feed.id}`,
    sql: `SELECT DISTINCT ${texts.map((name) => `c.${name} AS ${name}`).join(", ")} FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpen("c")}`,
  });
  return rows.map((row) => texts.map((name) => row[name] ?? null));
}

/**
 * A place for each of several rows that are alike: the newest row of a key stands first among its rows, and a row without a key has one
 * among those of the same money, so that both reads number the same rows alike.
 */
export function placeOf(
  dialect: Dialect,
  feed: Feed,
  { alias, version, keys }: { alias: string; version: string | null; keys: readonly string[] },
): string {
  const money = `${alias}._currency, ${alias}._minor`;
  return `CASE WHEN ${hasKey(dialect, feed, alias)} THEN ROW_NUMBER() OVER (PARTITION BY ${keys.join(", ")} ORDER BY ${version === null ? "" : `${version} DESC NULLS LAST, `}${money})
    ELSE ROW_NUMBER() OVER (PARTITION BY ${[...keys, money].join(", ")} ORDER BY ${alias}._currency) END`;
}

/** True where a text of a scanned row is no value of its column's type: it has none, and is not the NULL of another row. */
export function isMisread(dialect: Dialect, feed: Feed, text: (name: string) => string): string {
  const misread = feed.contract.columns
    .filter((c) => c.type.kind !== "string")
    .map((c) => `(${text(c.name)} IS NOT NULL AND ${dialect.identifier(c.name)} IS NULL)`);
  return or(misread);
}

/**
 * A SELECT of what the waiting rows of a feed have in a column, each value once. Of hashes also those that rows which wait since another version of the
 * contract have by today's columns, where the feed's texts are all that is hashed: a column that they lack is NULL.
 */
export function waitingNow(dialect: Dialect, feed: Feed, name: "row_hash" | "source_key"): string {
  const open = `${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(feed.id)}`;
  const kept = `SELECT DISTINCT q.${name} FROM ${open}`;
  if (name === "source_key" || scannedMeta(feed).length > 0) return kept;
  const text = (of: string) => payloadTextThen(dialect, of, false);
  return `${kept}
  UNION SELECT ${labelHash(dialect, feed, text)} AS row_hash FROM (
    SELECT ${readablePayloads(dialect)} FROM ${open} AND COALESCE(q.contract_version, '') <> ${dialect.literal(feed.contract.version)}
  ) q`;
}

/** The rows that were read again: typed as a run types them, with their hash, their money and the texts of their keys. */
export function typeAgain(
  dialect: Dialect,
  feed: Feed,
  { rows, currencies }: { rows: LandedRows; currencies: Readonly<Record<string, number>> },
): Statement {
  const scanned: Scanned = { feed, batchId: rows.batchId, seq: 0n, hasPool: false, relation: rows.relation };
  const { text } = scanColumns(dialect, feed);
  const money = moneyColumns(dialect, feed, { text, currencies });
  const typed = feed.contract.columns.map((c) => dialect.identifier(c.name));
  const keys = feed.sourceKey.map((name, i) => `${text(name)} AS ${keyTextColumn(i)}`);
  const version = feed.version === undefined ? null : column(dialect, "a", feed.version);
  const place = placeOf(dialect, feed, { alias: "a", version, keys: feed.sourceKey.map((_, i) => `a.${keyTextColumn(i)}`) });
  const select = `SELECT a.*, ${place} AS _nth FROM (
  SELECT ${[...typed, ...keys].join(", ")}, ${labelHash(dialect, feed, text)} AS _hash, ${isMisread(dialect, feed, text)} AS _misread, COALESCE(${money.minor}, 0) AS _minor, ${money.currency} AS _currency
  FROM (
  ${typedScan(dialect, scanned)}
  ) t
) a`;
  return { name: `reconcile.again.${feed.id}`, sql: dialect.createWork(workName("again", stem(feed)), select) };
}

/**
 * Rows that were read again and whose values are those of a live row of their key, each once, however often that is live. A text that is no
 * value of its type has none, and is not the NULL of another row.
 */
export function equalAgain(dialect: Dialect, feed: Feed): string {
  const differs = feed.contract.columns.map(
    (c) => `${column(dialect, "a", c.name)} IS DISTINCT FROM ${column(dialect, "s", c.name)}`,
  );
  const texts = feed.sourceKey.map((_, i) => `a.${keyTextColumn(i)}`);
  return `SELECT DISTINCT ${texts.join(", ")}, a._nth, a._currency, a._minor
  FROM ${workTable(dialect, "again", feed)} a
  JOIN ${stagingRows(dialect, feed)} s ON ${sameKey(dialect, feed.sourceKey, ["s", "a"])} AND s._deleted_at IS NULL
  WHERE NOT a._misread AND NOT (${or(differs)})`;
}

/** The conditions under which rows of two aliases have the same texts of their keys. */
export function sameText(feed: Feed, [a, b]: readonly [string, string]): string[] {
  return feed.sourceKey.map((_, i) => `${a}.${keyTextColumn(i)} IS NOT DISTINCT FROM ${b}.${keyTextColumn(i)}`);
}

/** The same, and the same money; `at` are further columns that both have, such as a row's place. */
export function sameAmount(feed: Feed, pair: readonly [string, string], at: readonly string[] = []): string {
  const [a, b] = pair;
  return and([...sameText(feed, pair), ...[...at, "_currency", "_minor"].map((name) => `${a}.${name} = ${b}.${name}`)]);
}
