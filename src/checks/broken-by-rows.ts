import type { Feed, Pipeline } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { Rule } from "../contract/rule.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { asText, column, concatenated, rowKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { labelSelect, maskColumn } from "./label.ts";
import { overPublished, publishedBatch, stagingColumns } from "./published-breaking.ts";

/** What the rules over single rows that are in force say of published rows. */
export interface RowRuleResults {
  /** How many rules there are. */
  readonly rules: number;
  /** Source key → the rules that its row breaks; a key without an entry breaks none. */
  readonly broken: ReadonlyMap<string, readonly Pick<Rule, "id" | "severity">[]>;
}

/** Judges published rows of a feed, by their source keys, by its contract as it is now. Nothing comes of it. */
export async function brokenByRows(
  session: Session,
  dialect: Dialect,
  { feed, keys, currencies }: { feed: Feed; keys: readonly string[] } & Pick<Pipeline, "currencies">,
): Promise<RowRuleResults> {
  const plan = planChecks(feed.contract);
  const rules = plan.rowRules.filter(({ rule }) => rule.kind !== "record");
  if (rules.length === 0) return { rules: 0, broken: new Map() };
  const existing = await stagingColumns(session, dialect, feed);
  const over = overPublished(dialect, { feed, existing, keys });
  const input = publishedBatch(feed, plan);
  const bits = rules.map(({ word, bit }) => {
    const isBroken = dialect.hasBit(column(dialect, "l", maskColumn(word)), bit);
    return `CASE WHEN ${isBroken} THEN ${asText("1")} ELSE ${asText("0")} END`;
  });
  const found = await session.rows({
    name: "lineage.row-rules",
    sql: `SELECT ${rowKey(dialect, "l", feed.sourceKey)} AS source_key, ${concatenated(bits)} AS broken FROM (
${labelSelect(over, input, currencies)}
) l`,
  });
  const broken = found.map(({ source_key: key, broken: marks }) => {
    const of = rules.filter((_, i) => marks?.[i] === "1").map(({ rule }) => rule);
    return [key ?? "", of] as const;
  });
  return { rules: rules.length, broken: new Map(broken) };
}
