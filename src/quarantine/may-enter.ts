import type { Feed, Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Quarantined rows of a feed that wait for rules which were loosened, mended or removed since. */
export interface MayEnter {
  readonly feed: string;
  /** The rules they wait for. */
  readonly rules: readonly string[];
  readonly rows: bigint;
}

/**
 * Whether no rule that a quarantined row waits for is in force any more as it was. Nothing judges such a row again until its
 * content is read again: the pool of held rows and of rows that wait for a key alone is judged with every run.
 */
export function isJudgedNoMore(feed: Feed | undefined, fingerprints: readonly string[]): boolean {
  if (!feed || fingerprints.length === 0) return false;
  const inForce = new Set(feed.contract.rules.filter((rule) => rule.severity !== "warn").map((rule) => rule.fingerprint));
  return !fingerprints.some((fingerprint) => inForce.has(fingerprint));
}

/** Counts a group's open rows that no run judges again, by what they wait for. */
export function waitingByRule(dialect: Dialect, group: string): Question {
  return {
    name: "waiting-by-rule",
    columns: ["feed", "reasons", "fingerprints", "row_count"],
    sql: `SELECT q.feed, q.reasons, q.fingerprints, ${asText("COUNT(*)")} AS row_count FROM ${ops(dialect, "open_quarantine")} q
WHERE q.run_group = ${dialect.literal(group)} AND q.kind <> 'held' AND NOT q.unique_only GROUP BY q.feed, q.reasons, q.fingerprints`,
  };
}

const list = (text: string | null | undefined) => JSON.parse(text ?? "[]") as string[];

/** Reads what `waitingByRule` returned: the feeds with rows that may enter, each with the rules these wait for. */
export function mayEnter({ feeds }: Pipeline, rows: readonly TextRow[]): MayEnter[] {
  const found = rows.filter((row) => isJudgedNoMore(feeds.get(row["feed"] ?? ""), list(row["fingerprints"])));
  return [...grouped(found, (row) => row["feed"] ?? "")]
    .map(([feed, mine]) => ({
      feed,
      rules: [...new Set(mine.flatMap((row) => list(row["reasons"])))].sort(),
      rows: mine.reduce((sum, row) => sum + BigInt(row["row_count"] ?? "0"), 0n),
    }))
    .sort((a, b) => (a.feed < b.feed ? -1 : 1));
}
