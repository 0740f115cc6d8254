import type { BitRule } from "../contract/check-plan.ts";
import { messageOf } from "../kernel/problem.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type FeedBatch, scanColumns, typedScan } from "./label.ts";
import { maskWord } from "./row-rules.ts";

/** A rule that cannot run, and what the engine said. */
export interface BrokenRule {
  readonly id: string;
  readonly reason: string;
}

function probe(dialect: Dialect, input: FeedBatch, rules: readonly BitRule[]): Statement {
  const scan = scanColumns(dialect, input.feed);
  const words = [...new Set(rules.map((b) => b.word))];
  const sums = words.map((word) => exactSum(dialect, maskWord(dialect, rules, { word, scan })));
  return {
    name: `bisect.${input.feed.id}`,
    sql: `SELECT ${["COUNT(*)", ...sums].map((e, i) => `${e} AS c${i}`).join(", ")} FROM (\n  ${typedScan(dialect, input)}\n) t`,
  };
}

async function failure(session: Session, statement: Statement): Promise<string | null> {
  try {
    await session.rows(statement);
    return null;
  } catch (error) {
    return messageOf(error).split("\n")[0] ?? "";
  }
}

/**
 * Finds the row rules that make the fused label scan fail, by halving: one bad rule in n costs about 2·log2(n) probes.
 * @returns the rules that fail alone; none if the scan fails without any rule (then the scan itself is at fault).
 */
export async function bisectRules(session: Session, dialect: Dialect, input: FeedBatch): Promise<BrokenRule[]> {
  const search = async (rules: readonly BitRule[]): Promise<BrokenRule[]> => {
    if (rules.length === 0) return [];
    const reason = await failure(session, probe(dialect, input, rules));
    if (reason === null) return [];
    const only = rules[0];
    if (rules.length === 1 && only) return [{ id: only.rule.id, reason }];
    const half = Math.ceil(rules.length / 2);
    return [...(await search(rules.slice(0, half))), ...(await search(rules.slice(half)))];
  };
  const scanItself = await failure(session, probe(dialect, input, []));
  return scanItself === null ? search(input.plan.rowRules) : [];
}
