import { type Problem, problem } from "../../kernel/problem.ts";

export function pageTorn(): Problem {
  return problem({
    code: "pages.torn",
    says: "Kept answers of an API cannot be read: they are not the records that were written.",
    next: "`ledgerloop doctor --deep` says which; the next `ledgerloop run` reads the source again",
  });
}

export function pageNoJson(source: string, name: string): Problem {
  return problem({
    code: "pages.json",
    says: `${source} answered "${name}" with something that is no JSON of the expected form.`,
    next: "look whether a proxy stands in between, then repeat the same `ledgerloop run`",
  });
}
