import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { workTable } from "../warehouse/relations.ts";
import { and, column, columns } from "../warehouse/sql-text.ts";
import { equalAgain, sameAmount, sameText, waitingNow } from "./again.ts";
import { isFurther, isOpenFirst } from "./compared.ts";
import { keyTextColumn } from "./sides.ts";

function textsOf(feed: Feed, alias: string): string {
  return feed.sourceKey.map((_, i) => `${alias}.${keyTextColumn(i)}`).join(", ");
}

/** Rows of one key and one amount, numbered: which of them is which does not matter where all have the same money. */
function numbered(feed: Feed, alias: string): string {
  const money = `${alias}._currency, ${alias}._minor`;
  return `ROW_NUMBER() OVER (PARTITION BY ${textsOf(feed, alias)}, ${money} ORDER BY ${money}) AS _nth`;
}

/** True for a row that was read again and has an older version than another row of its key. */
function isOlder(dialect: Dialect, feed: Feed): string {
  if (feed.version === undefined) return "FALSE";
  const version = column(dialect, "r", feed.version);
  const newest = `MAX(${version}) OVER (PARTITION BY ${textsOf(feed, "r")})`;
  return `COALESCE(${version} < ${newest}, ${newest} IS NOT NULL)`;
}

/**
 * Rows that were read again and that nothing accounts for: they are not published, do not wait, are no older version, and are not the row of
 * their key that is told by itself, nor a copy of it or of each other.
 */
function unaccounted(dialect: Dialect, feed: Feed): string {
  const again = workTable(dialect, "again", feed);
  const told = `SELECT DISTINCT ${textsOf(feed, "c")} FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpenFirst("c")}`;
  const [text = ""] = feed.sourceKey.map((_, i) => keyTextColumn(i));
  return `SELECT a.* FROM (
    SELECT r.*, ${isOlder(dialect, feed)} AS _older, ROW_NUMBER() OVER (PARTITION BY ${textsOf(feed, "r")}, r._hash ORDER BY r._nth) AS _of_alike FROM ${again} r
  ) a
  JOIN ${again} b ON ${and([...sameText(feed, ["b", "a"]), "b._nth = 1"])}
  LEFT JOIN (${told}) t ON ${and(sameText(feed, ["t", "a"]))}
  LEFT JOIN (${equalAgain(dialect, feed)}) e ON ${sameAmount(feed, ["e", "a"], ["_nth"])}
  LEFT JOIN (${waitingNow(dialect, feed, "row_hash")}) w ON w.row_hash = a._hash
  WHERE a._of_alike = 1 AND NOT a._older AND e._nth IS NULL AND w.row_hash IS NULL AND (t.${text} IS NULL OR a._hash <> b._hash)`;
}

/** How many rows a relation `x` has of each key and amount. */
function counted(feed: Feed, { rows, currency, minor }: { rows: string; currency: string; minor: string }): string {
  const of = `${textsOf(feed, "x")}, x.${currency}, x.${minor}`;
  return `SELECT ${textsOf(feed, "x")}, x.${currency} AS _currency, x.${minor} AS _minor, COUNT(*) AS row_count FROM ${rows} x WHERE x.${currency} IS NOT NULL GROUP BY ${of}`;
}

/**
 * What becomes of further rows of a key, each with the key's money at the source: `set_aside` where another row of the key accounts for it, a
 * break where nothing does, `in_flight` where the key had other rows of that money when it was read again.
 */
export function settleFurther(dialect: Dialect, feed: Feed): string {
  const money = ["_source_minor", "_source_currency", "_live_minor", "_live_currency"].map((name) => `c.${name}`);
  const further = `SELECT o.*, ${numbered(feed, "o")} FROM (
    SELECT c.*, c._source_currency AS _currency, c._source_minor AS _minor FROM ${workTable(dialect, "compared", feed)} c WHERE ${isFurther("c")}
  ) o`;
  const left = `SELECT ${textsOf(feed, "u")}, u._currency, u._minor, u._nth AS _again, ${numbered(feed, "u")} FROM (${unaccounted(dialect, feed)}) u`;
  const then = counted(feed, {
    rows: workTable(dialect, "compared", feed),
    currency: "_source_currency",
    minor: "_source_minor",
  });
  const now = counted(feed, { rows: workTable(dialect, "again", feed), currency: "_currency", minor: "_minor" });
  return `SELECT ${[columns(dialect, "c", feed.sourceKey), ...money].join(", ")},
  CASE WHEN u._nth IS NOT NULL THEN 'break' WHEN t.row_count IS DISTINCT FROM n.row_count THEN 'in_flight' ELSE 'set_aside' END AS _term, 'further' AS _why, COALESCE(u._again, 1) AS _nth
FROM (${further}) c
LEFT JOIN (${then}) t ON ${sameAmount(feed, ["t", "c"])}
LEFT JOIN (${now}) n ON ${sameAmount(feed, ["n", "c"])}
LEFT JOIN (${left}) u ON ${sameAmount(feed, ["u", "c"], ["_nth"])}`;
}
