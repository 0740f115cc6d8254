import { maskedKeys } from "../checks/samples.ts";
import type { Feed } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText, column, columns, exactSum, firstOf, rowKey } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { isOpen } from "./compared.ts";

/**
 * What may have become of a row of the source, or of a published one; each key is in exactly one (docs/reconciliation.md). `equal`: both
 * are one. `waiting`: it waits, and nothing of its key is published. `stale`: an older row is published, and this one waits. `set_aside`: a
 * further row of a key, a copy or an older one. `in_flight`: changed since what is published was read. `delete_pending`: published, and gone at the source, until
 * the next key pass. `break`: nothing of all this.
 */
export const TERMS = ["equal", "waiting", "stale", "set_aside", "in_flight", "delete_pending", "break"] as const;

export type Term = (typeof TERMS)[number];

/**
 * Why a key is a break. `missing`: it is neither published nor does it wait. `differs`: another row is published. `waits_otherwise`: a row
 * of its key waits, with other content. `gone`: published, and gone at the source, where rows do not go. `copy`: live more than once.
 * `further`: the source has another row of its key, that is neither a copy nor an older version and does not wait. `unlanded`: published, and
 * nothing of its key was ever landed. `altered`: the source's row waits, and the older one that stays is not what was landed of it.
 */
export type BreakReason = "missing" | "differs" | "waits_otherwise" | "gone" | "copy" | "further" | "unlanded" | "altered";

/** Rows and minor units of one term in one currency, on both sides. */
export interface TermLine {
  readonly term: Term;
  readonly currency: string;
  readonly sourceRows: bigint;
  readonly sourceMinor: bigint;
  readonly liveRows: bigint;
  readonly liveMinor: bigint;
}

/** A line of an equation as JSON. */
export interface TermLineDocument {
  readonly term: Term;
  readonly currency: string;
  readonly source_rows: JsonAmount;
  readonly source_minor: JsonAmount;
  readonly live_rows: JsonAmount;
  readonly live_minor: JsonAmount;
}

/** A line of an equation as it is printed and kept. */
export function termLineDocument({ term, currency, sourceRows, sourceMinor, liveRows, liveMinor }: TermLine): TermLineDocument {
  return {
    ...{ term, currency, source_rows: jsonAmount(sourceRows), source_minor: jsonAmount(sourceMinor) },
    ...{ live_rows: jsonAmount(liveRows), live_minor: jsonAmount(liveMinor) },
  };
}

/** A line of an equation that was printed or kept. */
export function readTermLine(line: TermLineDocument): TermLine {
  const { term, currency } = line;
  return {
    ...{ term, currency, sourceRows: BigInt(line.source_rows), sourceMinor: BigInt(line.source_minor) },
    ...{ liveRows: BigInt(line.live_rows), liveMinor: BigInt(line.live_minor) },
  };
}

/** A key of a term; personal values are masked. */
export interface TermKey {
  readonly key: Readonly<Record<string, string | null>>;
  /** Null for every term but `break`. */
  readonly why: BreakReason | null;
  /** Its money on either side; null where it has no row there. */
  readonly source: KeyMoney | null;
  readonly live: KeyMoney | null;
}

/** Minor units in a currency. */
export interface KeyMoney {
  readonly currency: string;
  readonly minor: bigint;
}

/** The money of a side of a row that a query gives. */
export function moneyOf(row: TextRow, side: "source" | "live"): KeyMoney | null {
  const currency = row[`${side}_currency`] ?? null;
  return currency === null ? null : { currency, minor: BigInt(row[`${side}_minor`] ?? "0") };
}

/** Which work tables have the terms of keys: what was seen at first sight, what was settled behind it. */
export type NamedIn = "compared" | "settled" | "both";

/** A feed whose keys were compared. */
export interface Named {
  readonly feed: Feed;
  readonly namedIn: NamedIn;
}

/** A SELECT of all keys with their terms, and which of the rows that were read again speaks for each. */
export function namedRows(dialect: Dialect, { feed, namedIn }: Named): string {
  const money = ["_source_minor", "_source_currency", "_live_minor", "_live_currency"];
  const own = (alias: string) => [columns(dialect, alias, feed.sourceKey), ...money.map((name) => `${alias}.${name}`)].join(", ");
  const isGone = feed.absence === "incomplete" ? "'break'" : "'delete_pending'";
  const first = `SELECT ${own("c")}, CASE c._state WHEN 'gone' THEN ${isGone} WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why, 1 AS _nth
  FROM ${workTable(dialect, "compared", feed)} c WHERE NOT ${isOpen("c")}`;
  const settled = `SELECT ${own("d")}, d._term, d._why, d._nth FROM ${workTable(dialect, "settled", feed)} d`;
  return { compared: first, settled, both: `${first}\n  UNION ALL\n  ${settled}` }[namedIn];
}

const zero = "CAST(0 AS BIGINT)";

/** Sums every term by currency, each from its keys. */
export async function sumTerms(session: Session, dialect: Dialect, of: Named): Promise<TermLine[]> {
  const side = (own: "source" | "live", counted: readonly string[]) =>
    `SELECT n._term AS term, n._${own}_currency AS currency, ${counted.join(", ")} FROM named n WHERE n._${own}_currency IS NOT NULL`;
  const sum = (name: string) => `${asText(exactSum(dialect, `b.${name}`))} AS ${name}`;
  const rows = await session.rows({
    name: `reconcile.terms.${of.feed.id}`,
    sql: `WITH named AS (
  ${namedRows(dialect, of)}
)
SELECT b.term, b.currency, ${["source_rows", "source_minor", "live_rows", "live_minor"].map(sum).join(", ")} FROM (
  ${side("source", ["1 AS source_rows", "n._source_minor AS source_minor", `${zero} AS live_rows`, `${zero} AS live_minor`])}
  UNION ALL
  ${side("live", [`${zero} AS source_rows`, `${zero} AS source_minor`, "1 AS live_rows", "n._live_minor AS live_minor"])}
) b GROUP BY b.term, b.currency ORDER BY b.currency, b.term`,
  });
  return rows.map(termLine);
}

function termLine(row: TextRow): TermLine {
  const count = (name: string) => BigInt(row[name] ?? "0");
  return {
    term: (row["term"] ?? "break") as Term,
    currency: row["currency"] ?? "-",
    sourceRows: count("source_rows"),
    sourceMinor: count("source_minor"),
    liveRows: count("live_rows"),
    liveMinor: count("live_minor"),
  };
}

/** Which of some keys, by their whole texts, are in flight: nothing is said of them. */
export async function inFlightAmong(
  session: Session,
  dialect: Dialect,
  { keys, ...of }: Named & { keys: readonly string[] },
): Promise<ReadonlySet<string>> {
  const key = rowKey(dialect, "n", of.feed.sourceKey);
  const rows = await session.rows({
    name: `reconcile.in-flight.${of.feed.id}`,
    sql: `SELECT DISTINCT ${key} AS key_text FROM (
  ${namedRows(dialect, of)}
) n WHERE n._term = 'in_flight' AND ${key} IN (${keys.map(dialect.literal).join(", ")})`,
  });
  return new Set(rows.map((row) => row["key_text"] ?? ""));
}

/** How many keys a term has, and the first of them. */
export async function keysOf(
  session: Session,
  dialect: Dialect,
  { term, limit, ...of }: Named & { term: Term; limit: number },
): Promise<{ readonly all: bigint; readonly keys: TermKey[] }> {
  const { feed } = of;
  const keys = maskedKeys(dialect, feed, { alias: "f", names: feed.sourceKey });
  const money = (["source", "live"] as const).flatMap((side) => [
    `f._${side}_currency AS ${side}_currency`,
    `${asText(`f._${side}_minor`)} AS ${side}_minor`,
  ]);
  const rows = await session.rows({
    name: `reconcile.keys.${feed.id}`,
    sql: firstOf({
      rows: `SELECT n.* FROM (
  ${namedRows(dialect, of)}
) n WHERE n._term = ${dialect.literal(term)}`,
      columns: [...keys, "f._why AS why", ...money],
      total: "all_keys",
      order: feed.sourceKey.map((name) => column(dialect, "f", name)),
      limit,
    }),
  });
  return {
    all: BigInt(rows[0]?.["all_keys"] ?? "0"),
    keys: rows.map((row) => ({
      key: Object.fromEntries(feed.sourceKey.map((name, i) => [name, row[`key_${i}`] ?? null])),
      why: term === "break" ? ((row["why"] ?? "differs") as BreakReason) : null,
      source: moneyOf(row, "source"),
      live: moneyOf(row, "live"),
    })),
  };
}
