import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stem, workName, workTable } from "../warehouse/relations.ts";
import { column, columns, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { hasKey, keyTextColumn } from "./sides.ts";

/** True for a row that has to be read again before anything is said of it: a key's own (`isOpenFirst`), or a further one of it (`isFurther`). */
export function isOpen(alias: string): string {
  return `${alias}._state IN ('differs', 'absent', 'further')`;
}

/** True for a key whose row differs at first sight, or is not there. */
export function isOpenFirst(alias: string): string {
  return `${alias}._state IN ('differs', 'absent')`;
}

/** True for a further row of a key that is open: at first sight neither a copy of the key's newest row nor an older version of it. */
export function isFurther(alias: string): string {
  return `${alias}._state = 'further'`;
}

/** Which sides have several rows of a key. */
export interface Copies {
  readonly source: boolean;
  readonly live: boolean;
}

export const NO_COPIES: Copies = { source: false, live: false };

/**
 * The rows of a side, each with its place among those of its key: the newest is the first, of equally new ones the one that is published.
 * Rows without a whole key are each their own.
 */
function placed(
  dialect: Dialect,
  feed: Feed,
  { side, order, firsts = [] }: { side: "source_side" | "live_side"; order: string; firsts?: readonly string[] },
): string {
  const own = `PARTITION BY ${columns(dialect, "c", feed.sourceKey)} ORDER BY ${order}`;
  const ofFirst = firsts.map((name) => `, FIRST_VALUE(c.${name}) OVER (${own}) AS _first${name}`);
  return `SELECT c.*, CASE WHEN ${hasKey(dialect, feed, "c")} THEN ROW_NUMBER() OVER (${own}) ELSE 1 END AS _nth${ofFirst.join("")}
  FROM ${workTable(dialect, side, feed)} c`;
}

function sourceRows(dialect: Dialect, feed: Feed, { source }: Copies): string {
  if (!source) return `SELECT c.*, 1 AS _nth FROM ${workTable(dialect, "source_side", feed)} c`;
  const published = `SELECT DISTINCT ${columns(dialect, "l", feed.sourceKey)}, l._content FROM ${workTable(dialect, "live_side", feed)} l`;
  const isPublished = `CASE WHEN e._content IS NULL THEN 1 ELSE 0 END`;
  const order = `CASE WHEN c._in_flight THEN 0 ELSE 1 END, c._version DESC NULLS LAST, ${isPublished}, c._currency, c._minor`;
  return `${placed(dialect, feed, { side: "source_side", order, firsts: ["_content", "_version", "_in_flight"] })}
  LEFT JOIN (${published}) e ON e._content = c._content AND ${sameKey(dialect, feed.sourceKey, ["e", "c"])}`;
}

/** Live rows, each with its place among those of its key, in an order where several are live. */
export function liveRows(dialect: Dialect, feed: Feed, { live, order }: Pick<Copies, "live"> & { order: string }): string {
  if (!live) return `SELECT c.*, 1 AS _nth FROM ${workTable(dialect, "live_side", feed)} c`;
  return placed(dialect, feed, { side: "live_side", order });
}

/** Columns of the table of keys, for rows that one side alone has; their state as SQL. */
function alone(dialect: Dialect, feed: Feed, of: { alias: string; side: "source" | "live"; state: string }): string {
  const { alias, side, state } = of;
  const money = (own: boolean) =>
    own ? [`${alias}._minor`, `${alias}._currency`] : ["CAST(NULL AS BIGINT)", "CAST(NULL AS VARCHAR)"];
  const texts = feed.sourceKey.map((_, i) => (side === "source" ? `${alias}.${keyTextColumn(i)}` : "CAST(NULL AS VARCHAR)"));
  return [columns(dialect, alias, feed.sourceKey), ...texts, state, ...money(side === "source"), ...money(side === "live")].join(
    ", ",
  );
}

/**
 * Further rows of the source's keys. What is a copy of its key's newest row, or an older version of it, is set aside; what is neither has to be
 * read again: it is another row of the same key, and nobody can say which one is right.
 */
function furtherRows(dialect: Dialect, feed: Feed, copies: Copies): string {
  const isOlder =
    feed.version === undefined
      ? "FALSE"
      : "c._first_version IS NOT NULL AND (c._version IS NULL OR c._version < c._first_version)";
  const later = `SELECT DISTINCT ${columns(dialect, "l", feed.sourceKey)}, l._later FROM ${workTable(dialect, "live_side", feed)} l WHERE l._later`;
  const state = `CASE WHEN n._first_in_flight OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content = n._first_content OR n._older THEN 'set_aside' ELSE 'further' END`;
  return `SELECT ${alone(dialect, feed, { alias: "n", side: "source", state })}
FROM (SELECT c.*, ${isOlder} AS _older FROM (${sourceRows(dialect, feed, copies)}) c WHERE c._nth > 1) n
LEFT JOIN (${later}) s ON ${sameKey(dialect, feed.sourceKey, ["s", "n"])}`;
}

/**
 * Whether a comparison that took no side to have several rows of a key was right to: each row of either side is in it once, and of the rows that one
 * side alone has none share a key. A pass over all keys of each side would say the same, and take longer.
 */
export async function wasUnique(session: Session, dialect: Dialect, feed: Feed): Promise<boolean> {
  const compared = workTable(dialect, "compared", feed);
  const keys = columns(dialect, "c", feed.sourceKey);
  const rowsOf = (side: "source_side" | "live_side") => `(SELECT COUNT(*) AS row_count FROM ${workTable(dialect, side, feed)} t)`;
  const alone = `SELECT ${keys} FROM ${compared} c WHERE (c._source_currency IS NULL OR c._live_currency IS NULL) AND ${hasKey(dialect, feed, "c")} GROUP BY ${keys} HAVING COUNT(*) > 1`;
  const [row] = await session.rows({
    name: `reconcile.unique.${feed.id}`,
    sql: `SELECT CASE WHEN x.source_rows = n.row_count AND x.live_rows = s.row_count AND a.row_count = 0 THEN 'yes' ELSE 'no' END AS is_unique
FROM (SELECT COUNT(c._source_currency) AS source_rows, COUNT(c._live_currency) AS live_rows FROM ${compared} c) x
CROSS JOIN ${rowsOf("source_side")} n
CROSS JOIN ${rowsOf("live_side")} s
CROSS JOIN (SELECT COUNT(*) AS row_count FROM (${alone}) d) a`,
  });
  return row?.["is_unique"] === "yes";
}

/**
 * Every key of either side with what becomes of it at first sight, its money at the source and live: one row a key, and one more for each
 * further row of it (`furtherRows` at the source, `copy` where it is live twice).
 */
export function compareSides(dialect: Dialect, feed: Feed, copies: Copies): Statement {
  const keys = feed.sourceKey.map(
    (name) => `COALESCE(${column(dialect, "n", name)}, ${column(dialect, "s", name)}) AS ${dialect.identifier(name)}`,
  );
  const texts = feed.sourceKey.map((_, i) => `n.${keyTextColumn(i)}`);
  const state = `CASE WHEN COALESCE(n._in_flight, FALSE) OR COALESCE(s._later, FALSE) THEN 'in_flight'
    WHEN n._content IS NULL THEN 'gone' WHEN s._content IS NULL THEN 'absent'
    WHEN n._content = s._content THEN 'equal' ELSE 'differs' END`;
  const live = liveRows(dialect, feed, { ...copies, order: "c._content, c._currency, c._minor" });
  const select = `SELECT ${[...keys, ...texts].join(", ")}, ${state} AS _state,
  n._minor AS _source_minor, n._currency AS _source_currency, s._minor AS _live_minor, s._currency AS _live_currency
FROM (SELECT p.* FROM (${sourceRows(dialect, feed, copies)}) p WHERE p._nth = 1) n
FULL JOIN (SELECT p.* FROM (${live}) p WHERE p._nth = 1) s ON ${sameKey(dialect, feed.sourceKey, ["n", "s"])}`;
  const more = [
    ...(copies.source ? [furtherRows(dialect, feed, copies)] : []),
    ...(copies.live
      ? [`SELECT ${alone(dialect, feed, { alias: "s", side: "live", state: "'copy'" })} FROM (${live}) s WHERE s._nth > 1`]
      : []),
  ];
  const sql = dialect.createWork(workName("compared", stem(feed)), [select, ...more].join("\nUNION ALL\n"));
  return { name: `reconcile.compared.${feed.id}`, sql };
}
