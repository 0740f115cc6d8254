import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { FORM, keyForm, plainKey, spelledKey } from "../warehouse/key-form.ts";
import type { Question } from "../warehouse/questions.ts";
import { stagingRows, workTable } from "../warehouse/relations.ts";
import { firstOf } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { isInserted } from "./entering.ts";

/** So many inserted keys are named. */
const NAMED = 5;

/** So many characters of a key are shown. */
const SHOWN = 80;

/** A feed into which a run inserts rows, and whose keys can be spelled in more than one way. */
export interface InsertingFeed {
  readonly feed: Feed;
  /** It had no live row before: its keys can only be spellings of each other. */
  readonly isFirst: boolean;
}

/** Inserted keys of a feed that are other spellings of live ones. */
export interface RespelledKeys {
  readonly feed: string;
  readonly keys: bigint;
  /** The first of them, each with the first of its other spellings; none where keys are personal. */
  readonly examples: readonly { readonly key: string; readonly other: string }[];
}

/** Forms of inserted keys that several live rows have: few or none, and found in numbers alone, so that the keys' texts of all rows are not read for them. */
function sharedForms(dialect: Dialect, feed: Feed): string {
  return `SELECT o.${FORM} FROM ${stagingRows(dialect, feed)} o
      WHERE o._deleted_at IS NULL AND o.${FORM} IN (SELECT d.${FORM} FROM ${workTable(dialect, "label", feed)} d WHERE ${isInserted(dialect, feed, "d")})
      GROUP BY o.${FORM} HAVING COUNT(*) > 1`;
}

/**
 * Inserted keys beside each live key that has their plain form. Forms are joined and the keys themselves compared: equal forms may be of
 * different keys. The inserted side is read from the label table, whose size an engine knows: over the staging table by its publication
 * DuckDB 1.5.5 built the join on the larger side, five times as slow. Plain keys stand in a CASE: as an equality of both sides they were a
 * second key of the join, computed for every row of staging. Rows without a form are looked at apart, so that no other pays for them.
 */
function besidePublished(dialect: Dialect, feed: Feed): string {
  const [own, other] = [spelledKey(dialect, feed, "l"), spelledKey(dialect, feed, "s")];
  const respells = `CASE WHEN ${other} <> ${own} THEN ${plainKey(dialect, feed, "s")} = ${plainKey(dialect, feed, "l")} ELSE FALSE END`;
  const [label, staging] = [`${workTable(dialect, "label", feed)} l`, `${stagingRows(dialect, feed)} s`];
  const pairs = (from: string) => `SELECT ${own} AS spelled, ${other} AS other
    FROM ${from}
    WHERE s._deleted_at IS NULL AND ${respells} AND ${isInserted(dialect, feed, "l")}`;
  const shared = `(
      ${sharedForms(dialect, feed)}
    ) f JOIN ${label} ON l.${FORM} = f.${FORM} JOIN ${staging} ON s.${FORM} = f.${FORM}`;
  const unformed = `${label} JOIN ${staging} ON s.${FORM} IS NULL AND ${keyForm(dialect, feed, "s")} = l.${FORM}`;
  return `${pairs(shared)}\n    UNION ALL\n    ${pairs(unformed)}`;
}

/** Inserted keys beside another spelling among themselves. */
function besideEachOther(dialect: Dialect, feed: Feed): string {
  const label = workTable(dialect, "label", feed);
  const key = spelledKey(dialect, feed, "l");
  const ofForm = `OVER (PARTITION BY ${plainKey(dialect, feed, "l")})`;
  return `SELECT k.spelled, CASE WHEN k.spelled = k.least THEN k.greatest ELSE k.least END AS other FROM (
      SELECT ${key} AS spelled, MIN(${key}) ${ofForm} AS least, MAX(${key}) ${ofForm} AS greatest
      FROM ${label} l
      WHERE ${isInserted(dialect, feed, "l")} AND l.${FORM} IN (
        SELECT d.${FORM} FROM ${label} d WHERE ${isInserted(dialect, feed, "d")} GROUP BY d.${FORM} HAVING COUNT(*) > 1
      )
    ) k WHERE k.least <> k.greatest`;
}

function respelled(dialect: Dialect, { feed, isFirst }: InsertingFeed): string {
  const pairs = isFirst ? besideEachOther(dialect, feed) : besidePublished(dialect, feed);
  const shown = (name: string) => `SUBSTR(r.${name}, 1, ${SHOWN}) AS ${name}`;
  const first = firstOf({
    rows: `SELECT p.spelled, MIN(p.other) AS other
  FROM (
    ${pairs}
  ) p GROUP BY p.spelled`,
    columns: ["f.spelled", "f.other"],
    total: "row_count",
    order: ["f.spelled"],
    limit: NAMED,
  });
  return `SELECT ${dialect.literal(feed.id)} AS feed, ${shown("spelled")}, ${shown("other")}, r.row_count FROM (\n${first}\n) r`;
}

/**
 * Keys that this run inserts and that are live under another spelling, too: published before, or inserted with them. Two keys are one but
 * for spelling where they are equal under all normal forms that the engine has. Asked once the rows are in staging; null where there is no feed.
 */
export function findRespelled(dialect: Dialect, feeds: readonly InsertingFeed[]): Question | null {
  if (feeds.length === 0) return null;
  const sql = feeds.map((feed) => respelled(dialect, feed)).join("\nUNION ALL\n");
  return { name: "respelled", columns: ["feed", "spelled", "other", "row_count"], sql };
}

/** Reads what `findRespelled` asks, one entry for each feed that was asked. */
export function parseRespelled(feeds: readonly InsertingFeed[], rows: readonly TextRow[]): RespelledKeys[] {
  return feeds.map(({ feed: { id, contract, businessKey } }) => {
    const mine = rows.filter((row) => row["feed"] === id);
    const isPersonal = contract.columns.some((c) => c.pii && businessKey.includes(c.name));
    const examples = (isPersonal ? [] : mine).map((row) => ({ key: row["spelled"] ?? "", other: row["other"] ?? "" }));
    return { feed: id, keys: BigInt(mine[0]?.["row_count"] ?? "0"), examples };
  });
}
