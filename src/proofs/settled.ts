import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stem, workName, workTable } from "../warehouse/relations.ts";
import { and, column, columns, rowKey, sameKey } from "../warehouse/sql-text.ts";
import { equalAgain, placeOf, sameAmount, sameText, waitingNow } from "./again.ts";
import { type Copies, isOpenFirst } from "./compared.ts";
import { settleFurther } from "./further.ts";
import { keyTextColumn } from "./sides.ts";

/**
 * What becomes of each key whose row was read again. Equal: its values are those of the published row, whatever way they are written.
 * Waiting, stale: the row waits as it is, hash by hash; without a published row or beside one. In flight: it changed or went while it was
 * read. Everything else is a break, and why. Behind them further rows of keys, where there are any. A row that waits is none where the
 * older one that stays is not what was landed of it (`altered`).
 */
export function settle(dialect: Dialect, feed: Feed, copies: Copies): Statement {
  const [first = ""] = feed.sourceKey;
  const waits = "w.row_hash IS NOT NULL";
  const isAltered = `${column(dialect, "z", first)} IS NOT NULL`;
  const money = ["_source_minor", "_source_currency", "_live_minor", "_live_currency"].map((name) => `c.${name}`);
  const place = placeOf(dialect, feed, {
    alias: "o",
    version: null,
    keys: feed.sourceKey.map((_, i) => `o.${keyTextColumn(i)}`),
  });
  const open = `SELECT o.*, ${place} AS _nth FROM (
    SELECT c.*, c._source_currency AS _currency, c._source_minor AS _minor FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpenFirst("c")}
  ) o`;
  const select = `SELECT ${[columns(dialect, "c", feed.sourceKey), ...money].join(", ")},
  CASE WHEN a._hash IS NULL THEN 'in_flight'
    WHEN e._nth IS NOT NULL THEN 'equal'
    WHEN ${waits} THEN CASE WHEN c._live_currency IS NULL THEN 'waiting' WHEN ${isAltered} THEN 'break' ELSE 'stale' END
    ELSE 'break' END AS _term,
  CASE WHEN ${waits} AND ${isAltered} THEN 'altered' WHEN y.source_key IS NOT NULL THEN 'waits_otherwise' WHEN c._live_currency IS NULL THEN 'missing' ELSE 'differs' END AS _why, c._nth
FROM (${open}) c
LEFT JOIN ${workTable(dialect, "again", feed)} a ON ${and([...sameText(feed, ["a", "c"]), "a._nth = c._nth", "a._currency = c._source_currency", "a._minor = c._source_minor"])}
LEFT JOIN (${equalAgain(dialect, feed)}) e ON ${sameAmount(feed, ["e", "a"], ["_nth"])}
LEFT JOIN (${waitingNow(dialect, feed, "row_hash")}) w ON w.row_hash = a._hash
LEFT JOIN (${waitingNow(dialect, feed, "source_key")}) y ON y.source_key = ${rowKey(dialect, "a", feed.sourceKey)}
LEFT JOIN ${workTable(dialect, "altered", feed)} z ON ${sameKey(dialect, feed.sourceKey, ["z", "c"])}`;
  const all = copies.source ? `${select}\nUNION ALL\n${settleFurther(dialect, feed)}` : select;
  return { name: `reconcile.settled.${feed.id}`, sql: dialect.createWork(workName("settled", stem(feed)), all) };
}
