import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { type RuleDraft, sealRule } from "../../src/contract/rule-draft.ts";
import type { Hour } from "./desk.ts";
import { account, entry } from "./desk-rows.ts";

type Draft = Pick<Rule, "id" | "kind" | "columns"> & Readonly<Record<string, unknown>>;

/** A rule of the curated table of entries; a warning unless its draft says otherwise. */
function rule(draft: Draft): Rule {
  return sealRule({ severity: "warn", nulls: "pass", owner: "desk", ...draft } as RuleDraft);
}

/** Amounts are below a limit. */
export const small = (severity: "warn" | "block" = "warn", limit = 1000): Rule =>
  rule({ id: "small", kind: "expression", columns: ["amount"], expression: `amount < ${limit}`, severity });

/** A memo stands in one entry. */
export const memoOnce = rule({ id: "memo_once", kind: "unique", columns: ["memo"] });

/** A memo names an account. */
export const memoKnown = rule({
  ...{ id: "memo_known", kind: "foreign_key", columns: ["memo"], action: "hold", holdHours: 1 },
  parent: { object: "account", columns: ["account_id"] },
});

/** Entries with one memo have one currency; where most have, only the others break it. */
export const memoCurrency = (majority = false): Rule =>
  rule({
    ...{ id: "memo_currency", kind: "functional_dependency", columns: ["memo", "currency"] },
    ...{ determinants: ["memo"], determines: ["currency"], majority },
  });

/** The curated table of entries with these rules alone. */
export function judgedBy(...rules: readonly Rule[]): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => {
    const model = pipeline.models.get("entry") ?? raise();
    const contract = { ...model.contract, rules };
    return { ...pipeline, models: new Map(pipeline.models).set("entry", { ...model, contract }) };
  };
}

function raise(): never {
  throw new Error("the pipeline has no curated table of entries");
}

/** Two accounts, of which entries name one. */
export const ACCOUNTS = [account(1, "A"), account(2, "B")];

/** Findings of all kinds that begin, are mended, and go with their rule. */
export const FINDINGS_HOURS: readonly Hour[] = [
  {
    rows: {
      "app.accounts": ACCOUNTS,
      "app.entries": [entry(1, "e1", { amount: 2000, memo: "A" }), entry(2, "e2", { memo: "A" }), entry(3, "e3", { memo: "C" })],
    },
    adjust: judgedBy(small(), memoOnce),
  },
  {
    rows: { "app.entries": [entry(1, "e1"), entry(4, "e4", { memo: "C", currency: "EUR" })] },
    adjust: judgedBy(small(), memoOnce, memoKnown, memoCurrency(true)),
  },
  { rows: {}, adjust: judgedBy(small(), memoKnown) },
  { rows: {}, adjust: judgedBy(small()) },
];
