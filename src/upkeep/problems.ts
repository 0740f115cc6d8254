import { type Problem, problem } from "../kernel/problem.ts";

export function expiredWithoutReason(): Problem {
  return problem({
    code: "upkeep/reason",
    says: "evidence beyond its retention is only removed by a recorded decision",
    next: '`ledgerloop clean --expired --reason "…"`, with --ticket where there is one',
  });
}
