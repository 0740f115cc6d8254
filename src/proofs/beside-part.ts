import { typeOf } from "../checks/landed-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import { boundsOf } from "../kernel/half-open.ts";
import type { DateRange } from "../sources/contents.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stagingRows, workTable } from "../warehouse/relations.ts";
import { and, asText, column, or, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { isOpen } from "./compared.ts";
import { keyTextColumn, withKeysOf } from "./sides.ts";

/** The day of a date or an instant in UTC. */
export function dayOf(dialect: Dialect, { alias, name }: { alias: string; name: string }): string {
  return `CAST(${column(dialect, alias, name)} AS DATE)`;
}

/** A day as an ISO date; another text for a year that has not four digits, NULL for NULL. */
export function dayText(dialect: Dialect, day: string): string {
  return dialect.landedText(day, { kind: "date" });
}

/** True for rows under an alias whose column is in one of the ranges; NULL is below every date. */
export function isWithinDates(
  dialect: Dialect,
  rows: Pick<Feed, "contract">,
  { alias, name, of }: { alias: string; name: string; of: readonly DateRange[] },
): string {
  const own = column(dialect, alias, name);
  const isDate = typeOf(rows, name).kind === "date";
  const bound = (at: string) => {
    if (isDate) return `CAST(${dialect.literal(at)} AS DATE)`;
    return dialect.timestamp(at.includes("T") ? at : `${at}T00:00:00Z`);
  };
  const ranges = of.map((range) => {
    const bounds = boundsOf(own, range, bound);
    const within = bounds.length === 0 ? "1 = 1" : and(bounds);
    return range.from === null ? `(${within} OR ${own} IS NULL)` : `(${within})`;
  });
  return `(${or(ranges)})`;
}

/** Compared live rows `s` of which the source's part has no row, and which may be in another part of it. */
function alone(dialect: Dialect, feed: Feed): string {
  const [first = ""] = feed.sourceKey;
  const join = withKeysOf(dialect, feed, workTable(dialect, "source_side", feed));
  return `${workTable(dialect, "live_side", feed)} s${join}
WHERE ${column(dialect, "k", first)} IS NULL`;
}

/** How many compared live rows have no row in the part of the source that was read. */
export async function countAlone(session: Session, dialect: Dialect, feed: Feed): Promise<number> {
  const [row] = await session.rows({
    name: `reconcile.alone.${feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS alone FROM ${alone(dialect, feed)}`,
  });
  return Number(row?.["alone"] ?? 0);
}

/** The keys of these rows, as the source would land them. */
export async function keysAlone(session: Session, dialect: Dialect, feed: Feed): Promise<(string | null)[][]> {
  const texts = feed.sourceKey.map(
    (name, i) => `${dialect.landedText(column(dialect, "s", name), typeOf(feed, name))} AS key_${i}`,
  );
  const rows = await session.rows({
    name: `reconcile.alone-keys.${feed.id}`,
    sql: `SELECT DISTINCT ${texts.join(", ")} FROM ${alone(dialect, feed)}`,
  });
  return rows.map((row) => feed.sourceKey.map((_, i) => row[`key_${i}`] ?? null));
}

/** The days of these rows by a column; null for rows without one. */
export async function daysAlone(
  session: Session,
  dialect: Dialect,
  { feed, name }: { feed: Feed; name: string },
): Promise<(string | null)[]> {
  const same = sameKey(dialect, feed.sourceKey, ["r", "s"]);
  const rows = await session.rows({
    name: `reconcile.alone-days.${feed.id}`,
    sql: `SELECT DISTINCT ${dayText(dialect, dayOf(dialect, { alias: "r", name }))} AS at_day
FROM ${stagingRows(dialect, feed)} r JOIN (SELECT s.* FROM ${alone(dialect, feed)}) s ON ${same} AND r._deleted_at IS NULL`,
  });
  return rows.map((row) => row["at_day"] ?? null);
}

/** Takes the rows of every open key out of the source's part: they are read once more, with those that are in another part of it. */
export function forgetOpen(dialect: Dialect, feed: Feed): Statement {
  const side = workTable(dialect, "source_side", feed);
  const texts = feed.sourceKey.map((_, i) => keyTextColumn(i));
  const open = `SELECT DISTINCT ${texts.map((name) => `c.${name}`).join(", ")} FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpen("c")}`;
  const lacks = (alias: string) => or(texts.map((name) => `${alias}.${name} IS NULL`));
  const same = and(texts.map((name) => `${side}.${name} IS NOT DISTINCT FROM o.${name}`));
  return {
    name: `reconcile.open-forgotten.${feed.id}`,
    sql: `DELETE FROM ${side} USING (${open}) o WHERE (${same}) OR ((${lacks("o")}) AND (${lacks(side)}))`,
  };
}
