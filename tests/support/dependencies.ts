import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { sealRule } from "../../src/contract/rule-draft.ts";
import { ruleVerdicts } from "../../src/publish/rule-verdicts.ts";
import type { Desk, Hour, Played, Row } from "./desk.ts";
import { openDesk } from "./desk.ts";
import { account, entry, withRules } from "./desk-rows.ts";
import { ENTRIES } from "./scoped-desk.ts";

export type Dependency = Extract<Rule, { kind: "functional_dependency" }>;

/** A rule of entries: their currency determines their memo, unless something else is said. */
export function dependency(more: Partial<Dependency> = {}): Dependency {
  const determinants = more.determinants ?? ["currency"];
  const determines = more.determines ?? ["memo"];
  return sealRule({
    id: "memo_by_currency",
    kind: "functional_dependency",
    severity: "quarantine",
    majority: false,
    nulls: "pass",
    owner: "desk",
    ...more,
    determinants,
    determines,
    columns: [...new Set([...determinants, ...determines])],
  }) as Dependency;
}

/** The pipeline in which entries have further rules. */
export function withDependencies(...rules: readonly Rule[]): (pipeline: Pipeline) => Pipeline {
  return (pipeline) =>
    withRules(pipeline, ENTRIES, (own) => [...own.filter(({ id }) => rules.every((r) => r.id !== id)), ...rules]);
}

/** A desk on which entries are judged by the rules, and account `A` is published. */
export async function dependentDesk(...rules: readonly Rule[]): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust: withDependencies(...rules) });
  return desk;
}

/** Plays entries; an hour that is not published fails. */
export async function playEntries(desk: Desk, rows: readonly Row[], more: Partial<Hour> = {}): Promise<Played> {
  const played = await desk.play({ ...more, rows: { [ENTRIES]: rows, ...more.rows } });
  if (played.outcome.outcome !== "published")
    throw new Error(JSON.stringify(played.outcome, (_k, v) => (typeof v === "bigint" ? `${v}` : v)));
  return played;
}

/** What is recorded of a rule of entries. */
export function observedOf(played: Pick<Played, "judgement">, id = "memo_by_currency"): string {
  const found = ruleVerdicts(played.judgement).find((v) => v.feed === ENTRIES && v.rule === id);
  return `${found?.verdict} ${found?.observed}`;
}

/** The same, where a row of the table `entry` is compared with others too. */
export function withTableDependency(...rules: readonly Rule[]): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => {
    const model = pipeline.models.get("entry");
    if (!model) throw new Error("no table entry");
    const contract = { ...model.contract, rules: [...model.contract.rules, ...rules] };
    return { ...pipeline, models: new Map(pipeline.models).set("entry", { ...model, contract }) };
  };
}

/** Hours of two rules, one of them by majority and of several columns: rows that differ from others of the batch and from published ones. */
export const DEPENDENT_HOURS: readonly Hour[] = [
  {
    rows: { "app.accounts": [account(1, "A")] },
    adjust: (pipeline) =>
      withTableDependency(dependency({ severity: "warn" }))(
        withDependencies(
          dependency({ severity: "warn" }),
          dependency({ id: "several", determinants: ["account_id", "currency"], determines: ["amount", "memo"], majority: true }),
        )(pipeline),
      ),
  },
  { rows: { [ENTRIES]: [entry(1, "e1", { memo: "a" }), entry(2, "e2", { memo: "a" }), entry(3, "e3", { memo: "b" })] } },
  {
    rows: { [ENTRIES]: [entry(1, "e1", { memo: "c" }), entry(4, "e4", { memo: "a" }), entry(5, "e5", { memo: "a" })] },
    keys: { [ENTRIES]: [1, 2, 4, 5].map((id) => ({ id })) },
  },
];
