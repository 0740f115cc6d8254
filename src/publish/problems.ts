import { type Position, type Problem, problem } from "../kernel/problem.ts";

/** An engine refused what a model's author wrote. */
export function selectFailed({ table, at, says }: { table: string; at: Position; says: string }): Problem {
  return problem({
    code: "publish.select_failed",
    at,
    says: `the SELECT of curated.${table}, or of its touched_by, is refused: ${says}`,
    next: "nothing was published; mend the model, or the rule that lets such rows into staging, then `ledgerloop run` again",
  });
}
