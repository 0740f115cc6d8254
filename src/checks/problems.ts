import { type Position, type Problem, problem } from "../kernel/problem.ts";

export function noNfc(at: Position | undefined, { rule, warehouse }: { rule: string; warehouse: string }): Problem {
  return problem({
    code: "checks.no_nfc",
    ...(at ? { at } : {}),
    says: `the rule ${rule} normalises by nfc, which ${warehouse} has no function for`,
    next: "remove nfc from normalise, and compose the texts at the source where they are not; or take an environment whose warehouse can",
  });
}
