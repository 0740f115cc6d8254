import type { Dialect } from "../warehouse/dialect.ts";
import { column, or } from "../warehouse/sql-text.ts";
import { type FeedBatch, maskColumn } from "./label.ts";

/**
 * True where a live row `s` holds what label row `l` holds, value by value, and the money of it. A row that breaks a rule is not judged by
 * its values: a text that is no value of its type has none.
 */
export function hasSameValues(dialect: Dialect, { feed, plan }: FeedBatch): string {
  const broken = Array.from({ length: plan.words }, (_, word) => `l.${maskColumn(word)} <> 0`);
  const differs = feed.contract.columns.map(
    (c) => `${column(dialect, "l", c.name)} IS DISTINCT FROM ${column(dialect, "s", c.name)}`,
  );
  const money = "NOT l._unreadable AND (l._minor IS DISTINCT FROM s._minor OR l._currency IS DISTINCT FROM s._currency)";
  return `(${or([...broken, `NOT (${or([...differs, money])})`])})`;
}
