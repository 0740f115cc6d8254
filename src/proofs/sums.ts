import type { Feed } from "../config/pipeline.ts";
import type { DateRange } from "../sources/contents.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { isWithinDates } from "./beside-part.ts";
import type { Total } from "./sides.ts";

/** Live rows and their money in each of some ranges of dates that have no row in common, by currency; in the order of the ranges. */
export async function liveSums(
  session: Session,
  dialect: Dialect,
  { feed, column, of }: { feed: Feed; column: string; of: readonly DateRange[] },
): Promise<Total[][]> {
  const cases = of.map((range, i) => `WHEN ${isWithinDates(dialect, feed, { alias: "s", name: column, of: [range] })} THEN ${i}`);
  const rows = await session.rows({
    name: `reconcile.sums.${feed.id}`,
    sql: `SELECT ${asText("t.nth")} AS nth, t._currency AS currency, ${asText("COUNT(*)")} AS row_count, ${asText(exactSum(dialect, "t._minor"))} AS minor FROM (
  SELECT CASE ${cases.join(" ")} END AS nth, s._currency, s._minor FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL
) t WHERE t.nth IS NOT NULL GROUP BY t.nth, t._currency`,
  });
  return of.map((_, i) =>
    rows
      .filter((row) => row["nth"] === String(i))
      .map((row) => ({
        currency: row["currency"] ?? "-",
        rows: BigInt(row["row_count"] ?? "0"),
        minor: BigInt(row["minor"] ?? "0"),
      })),
  );
}
