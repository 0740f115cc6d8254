import type { Dialect } from "../warehouse/dialect.ts";
import { MEASURED_COLUMNS, type MeasuredLine, measuredLines } from "../warehouse/measured.ts";
import type { Question } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import type { LandedRows } from "./landed-keys.ts";
import { AS_PUBLISHED, OLD_ROWS } from "./match.ts";
import { labelWithVerdict } from "./tally.ts";
import { isAsked } from "./vanished.ts";

/**
 * How rows and money of a feed become others by a heal. `restored`: rows whose stored hash is that of the source's row, so that all by which
 * they differ from it another hand has done. `appeared`: rows that did not live; nobody can say whether the source had them when they should have come.
 * `unasked`: rows of other keys than those that were asked for, which a reader should not have given.
 */
export type HealedHow = "restored" | "appeared" | "unasked";

/** By how much a heal changes what stands of a feed and currency, in one of these ways. */
export interface HealedLine extends MeasuredLine {
  readonly how: HealedHow;
}

/** A judged batch of keys that were asked for. */
export type AskedBatch = FeedBatch & { readonly asked: LandedRows };

/** Sums what a heal changes of feeds whose keys were asked for, and what it brings beside these; null without any. */
export function countHealed(dialect: Dialect, inputs: readonly AskedBatch[]): Question | null {
  const selects = inputs.map((input) => {
    const [feed, verdict] = [dialect.literal(input.feed.id), workTable(dialect, "verdict", input.feed)];
    const minor = `CAST(COALESCE(l._minor, 0) AS ${dialect.minorType})`;
    const restored = `v._class = 'updated' AND v.${AS_PUBLISHED}`;
    const appeared = `l._origin = ${ORIGIN.batch} AND (v._class IS NULL OR v._class = 'inserted' OR v._class = 'updated' AND v._tombstone)`;
    return `SELECT ${feed} AS feed, h.how, h.currency, ${asText(exactSum(dialect, "h.n"))} AS row_count, ${asText(exactSum(dialect, "h.minor"))} AS minor FROM (
  SELECT CASE WHEN ${restored} THEN 'restored' ELSE 'appeared' END AS how, l._currency AS currency, 1 AS n, ${minor} AS minor
  FROM ${labelWithVerdict(dialect, input)} WHERE ${restored} OR ${appeared}
  UNION ALL
  SELECT 'unasked' AS how, l._currency AS currency, 1 AS n, ${minor} AS minor FROM ${workTable(dialect, "label", input.feed)} l
  WHERE l._origin = ${ORIGIN.batch} AND NOT ${isAsked(dialect, input.feed, { listed: input.asked, alias: "l" })}
  UNION ALL
  SELECT 'restored' AS how, v._old_currency AS currency, -v.${OLD_ROWS} AS n, -COALESCE(v._old_minor, 0) AS minor FROM ${verdict} v WHERE ${restored}
) h GROUP BY h.how, h.currency`;
  });
  if (selects.length === 0) return null;
  return { name: "healed", columns: [...MEASURED_COLUMNS, "how"], sql: selects.join("\nUNION ALL\n") };
}

/** Reads what `countHealed` asks. */
export function parseHealed(rows: readonly TextRow[]): HealedLine[] {
  return measuredLines(rows).map((line, i) => ({ ...line, how: rows[i]?.["how"] as HealedHow }));
}
