import { minorOfText } from "../checks/money.ts";
import type { Feed, SideOfFiles } from "../config/pipeline.ts";
import { stateInForce } from "../ledger/adapter-state.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { exactSum, jsonTextAt, rowKey } from "../warehouse/sql-text.ts";

/** Exponents of currencies; `*` is every other one, where it is there. */
export type Currencies = Readonly<Record<string, number>>;

/**
 * What came of files, by file and currency: published rows, and those that wait, each key once. Of a key whose newer row waits in the file
 * that the published one came from, that counts. A record without an amount, or without a currency where there is one, has no money.
 */
function cameOf(dialect: Dialect, feed: Feed): string {
  const waiting = `${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(feed.id)}`;
  const known = feed.money?.currency === undefined ? "" : ` WHERE c.currency <> '-'`;
  return `SELECT c.file, c.currency, ${exactSum(dialect, "c.minor")} AS minor FROM (
    SELECT r._scope AS file, r._currency AS currency, r._minor AS minor
    FROM ${stagingRows(dialect, feed)} r
    LEFT JOIN (SELECT q.scope, q.source_key, MAX(q.seq) AS seq FROM ${waiting} GROUP BY q.scope, q.source_key) w
      ON w.scope = r._scope AND w.source_key = ${rowKey(dialect, "r", feed.sourceKey)}
    WHERE r._deleted_at IS NULL AND r._minor IS NOT NULL AND (w.seq IS NULL OR w.seq <= r._seq)
    UNION ALL
    SELECT q.scope AS file, q.currency, q.minor FROM ${waiting} AND q.scope IS NOT NULL AND q.minor IS NOT NULL
  ) c${known} GROUP BY c.file, c.currency`;
}

/** Files in force that say what they come to, each with its newest line. What is in no one currency, or none that is known, is left out. */
function totalsOf(dialect: Dialect, feed: Feed, currencies: Currencies): string {
  const { money, totals } = feed;
  if (!(money && totals)) throw new Error(`the feed ${feed.id} has no totals: configuration should have refused the tie`);
  const currency = "COALESCE(s.currency, o.currency)";
  const said = (keys: readonly string[]) => jsonTextAt(dialect, "l.state_value", keys);
  const minor = minorOfText(dialect, money, { amount: "s.amount", currency, currencies });
  return `SELECT t.* FROM (
    SELECT s.file, ${currency} AS currency, ${minor} AS minor, CAST(s.said_day AS DATE) AS on_day
    FROM (
      SELECT l.state_key AS file, ${said(totals.sum)} AS amount, ${said(totals.currency)} AS currency, ${said(totals.day)} AS said_day
      FROM (
${stateInForce(dialect, { group: feed.group, feed: feed.id })}
      ) l
    ) s
    LEFT JOIN (SELECT c.file, MIN(c.currency) AS currency FROM came c GROUP BY c.file HAVING COUNT(DISTINCT c.currency) = 1) o ON o.file = s.file
    WHERE s.amount IS NOT NULL
  ) t WHERE t.currency IS NOT NULL AND t.minor IS NOT NULL`;
}

/**
 * A side of a tie that is a feed's files: what each says that it comes to, or the rows that came of it. A file speaks in one currency: that of
 * its layout, else the only one of its rows.
 */
export function sideOfFiles(dialect: Dialect, { feed, takes }: SideOfFiles, currencies: Currencies): string {
  const select =
    takes === "said"
      ? "SELECT t.file, t.file AS id, t.currency, t.minor AS amount_minor, t.on_day FROM totals t"
      : "SELECT c.file, c.file || ' ' || c.currency AS id, c.currency, c.minor AS amount_minor, t.on_day FROM came c JOIN totals t ON t.file = c.file";
  return `WITH came AS (
  ${cameOf(dialect, feed)}
),
totals AS (
  ${totalsOf(dialect, feed, currencies)}
)
${select}`;
}
