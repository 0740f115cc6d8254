import type { Contract } from "./contract.ts";
import { type ContractChange, change } from "./contract-change.ts";
import type { Bound, Rule, Severity } from "./rule.ts";

/** Rules that a column's own change already tells: reporting both would count one change twice. */
const TOLD_BY_COLUMN: ReadonlySet<Rule["kind"]> = new Set(["type"] as const);

const STRICTNESS: Readonly<Record<Severity, number>> = { warn: 0, quarantine: 1, block: 2 };

/** Compares rules by id: added and tightened ones may stop rows that used to pass, removed and loosened ones cannot. */
export function diffRules(before: Contract, after: Contract): ContractChange[] {
  const old = new Map(before.rules.map((r) => [r.id, r]));
  const now = new Map(after.rules.map((r) => [r.id, r]));
  const columns = new Set(before.columns.map((c) => c.name));
  const removed = before.rules
    .filter((r) => !now.has(r.id) && !TOLD_BY_COLUMN.has(r.kind))
    .map((r) => change("rule_removed", r.id, { compatible: true, says: `rule ${r.id} was removed` }));
  const rest = after.rules.flatMap((rule) => {
    const was = old.get(rule.id);
    if (was) return was.fingerprint === rule.fingerprint ? [] : [compareRules(was, rule)];
    return TOLD_BY_COLUMN.has(rule.kind) ? [] : [addedRule(rule, columns)];
  });
  return [...removed, ...rest];
}

/** A rule on new columns only cannot stop older rows: they hold NULL there. */
function addedRule(rule: Rule, oldColumns: ReadonlySet<string>): ContractChange {
  const onNewOnly = rule.columns.length > 0 && rule.columns.every((c) => !oldColumns.has(c)) && rule.nulls === "pass";
  const says = `rule ${rule.id} (${rule.severity}) was added`;
  return change("rule_added", rule.id, { compatible: rule.severity === "warn" || onNewOnly, says });
}

function compareRules(before: Rule, after: Rule): ContractChange {
  const steps = [...commonSteps(before, after), ...parameterSteps(before, after)];
  const tighter = steps.includes("tighter") || steps.includes("other");
  const harmless = !tighter || after.severity === "warn";
  if (steps.includes("other") || (steps.includes("tighter") && steps.includes("looser"))) {
    return change("rule_changed", after.id, { compatible: harmless, says: `rule ${after.id} was changed` });
  }
  const kind = tighter ? "rule_tightened" : "rule_loosened";
  return change(kind, after.id, { compatible: harmless, says: `rule ${after.id} was ${tighter ? "tightened" : "loosened"}` });
}

type Step = "tighter" | "looser" | "other";

/** The step between two numbers where a higher one is stricter. */
function step(before: number, after: number): Step[] {
  return before === after ? [] : [after > before ? "tighter" : "looser"];
}

function commonSteps(before: Rule, after: Rule): Step[] {
  const severity = step(STRICTNESS[before.severity], STRICTNESS[after.severity]);
  const nulls = step(Number(before.nulls === "fail"), Number(after.nulls === "fail"));
  const columns: Step[] = before.columns.join("\n") === after.columns.join("\n") ? [] : ["other"];
  return [...severity, ...nulls, ...columns];
}

function parameterSteps(before: Rule, after: Rule): Step[] {
  if (before.kind === "length" && after.kind === "length") return lengthSteps(before, after);
  if (before.kind === "accepted" && after.kind === "accepted") return acceptedSteps(before.values, after.values);
  if (before.kind === "range" && after.kind === "range") return rangeSteps(before, after);
  if (before.kind === "unique" && after.kind === "unique") return uniqueSteps(before, after);
  if (before.kind === "functional_dependency" && after.kind === "functional_dependency") {
    return dependencySteps(before, after);
  }
  return sameParameters(before, after) ? [] : ["other"];
}

type Range = Extract<Rule, { kind: "range" }>;

function rangeSteps(before: Range, after: Range): Step[] {
  const multiple: Step[] = before.multipleOf === after.multipleOf ? [] : ["other"];
  return [...boundSteps(before.min, after.min, 1), ...boundSteps(before.max, after.max, -1), ...multiple];
}

type Unique = Extract<Rule, { kind: "unique" }>;

/** Keys that are compared without more of their spelling are more often the same one. */
function uniqueSteps(before: Unique, after: Unique): Step[] {
  const [old, now] = [before.normalise?.forms ?? [], after.normalise?.forms ?? []];
  const survivor: Step[] = JSON.stringify(before.survivor) === JSON.stringify(after.survivor) ? [] : ["other"];
  return [...acceptedSteps(now, old), ...survivor];
}

type Dependency = Extract<Rule, { kind: "functional_dependency" }>;

function dependencySteps(before: Dependency, after: Dependency): Step[] {
  const sides = ({ determinants, determines }: Dependency) => JSON.stringify([determinants, determines]);
  const others: Step[] = sides(before) === sides(after) ? [] : ["other"];
  return [...others, ...step(Number(!before.majority), Number(!after.majority))];
}

type Lengths = Pick<Extract<Rule, { kind: "length" }>, "min" | "max">;

function lengthSteps(before: Lengths, after: Lengths): Step[] {
  const most = (max: number | undefined): number => -(max ?? Number.POSITIVE_INFINITY);
  return [...step(before.min ?? 0, after.min ?? 0), ...step(most(before.max), most(after.max))];
}

function acceptedSteps(before: readonly string[], after: readonly string[]): Step[] {
  const gone: Step[] = before.every((v) => after.includes(v)) ? [] : ["tighter"];
  const added: Step[] = after.every((v) => before.includes(v)) ? [] : ["looser"];
  return [...gone, ...added];
}

function boundSteps(before: Bound | undefined, after: Bound | undefined, direction: 1 | -1): Step[] {
  if (!before || !after) return before === after ? [] : [after ? "tighter" : "looser"];
  const [old, now] = [limit(before), limit(after)];
  if (old !== now) return step(old * direction, now * direction);
  return step(Number(before.exclusive), Number(after.exclusive));
}

/** Numbers as they are, dates and instants as milliseconds; only the order counts. */
function limit(bound: Bound): number {
  const number = Number(bound.value);
  return Number.isNaN(number) ? Date.parse(bound.value) : number;
}

function sameParameters(before: Rule, after: Rule): boolean {
  const { severity: _s1, nulls: _n1, columns: _c1, ...old } = bare(before);
  const { severity: _s2, nulls: _n2, columns: _c2, ...now } = bare(after);
  return JSON.stringify(old) === JSON.stringify(now);
}

/** What a rule does, without its place, owner and words. */
function bare(rule: Rule): Omit<Rule, "id" | "owner" | "description" | "at" | "fingerprint"> {
  const { id: _id, owner: _owner, description: _description, at: _at, fingerprint: _fingerprint, ...rest } = rule;
  return rest;
}
