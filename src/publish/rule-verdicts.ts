import type { BatchRuleOutcome } from "../checks/batch-verdicts.ts";
import type { JudgedFeed, Judgement } from "../checks/judge.ts";
import { parentQuarantinedId } from "../contract/check-plan.ts";
import type { Rule, Severity } from "../contract/rule.ts";
import { type Gate, type GateOutcome, gateSeverity, severeGate, type Verdict } from "./gate.ts";

/** The verdict of one rule on one batch, as it is recorded. */
export interface RuleVerdict {
  readonly feed: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly fingerprint: string;
  readonly verdict: Verdict;
  readonly observed: string;
  readonly limit: string;
}

/** How many rules a run declared and what became of them. */
export interface RuleSummary {
  readonly declared: number;
  readonly executed: number;
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly errored: number;
}

/** Whether a rule holds, with what was seen and what was allowed. */
export function outcomeOf({ rule, holds, observed, reason }: BatchRuleOutcome): GateOutcome {
  if (holds === null) return { holds, observed: reason ?? "", limit: "must run" };
  const limit = "operator" in rule ? `${rule.operator.name} ${rule.operator.operands.join(", ")}` : "equal sums";
  return { holds, observed: observed ?? "", limit };
}

function ofRow(judged: JudgedFeed, rule: Rule): RuleVerdict {
  const ids = rule.kind === "foreign_key" ? [rule.id, parentQuarantinedId(rule.id)] : [rule.id];
  const counts = judged.rules.filter((count) => ids.includes(count.id));
  const broken = counts.reduce((sum, count) => sum + count.broken, 0n);
  const published = counts.reduce((sum, count) => sum + count.publishedBreaking, 0n);
  const [groups] = counts.flatMap((count) => (count.groups === null ? [] : [`${count.groups} groups, `]));
  const observed = `${groups ?? ""}${broken} rows${published > 0n ? `, published_breaking ${published}` : ""}`;
  const verdict = broken === 0n ? (published > 0n ? "warn" : "pass") : rule.severity === "warn" ? "warn" : "fail";
  return {
    feed: judged.input.feed.id,
    rule: rule.id,
    severity: rule.severity,
    fingerprint: rule.fingerprint,
    verdict,
    observed,
    limit: "0 rows",
  };
}

function verdictOf(judged: JudgedFeed, rule: Rule): RuleVerdict {
  const base = { feed: judged.input.feed.id, rule: rule.id, severity: rule.severity, fingerprint: rule.fingerprint };
  const cannotRun = judged.brokenRules.find((b) => b.id === rule.id);
  if (cannotRun) return { ...base, verdict: "error", observed: `cannot run: ${cannotRun.reason}`, limit: "must run" };
  const outcome = judged.batchRules.find((o) => o.rule.id === rule.id);
  if (!outcome) return ofRow(judged, rule);
  const { holds, observed, limit } = outcomeOf(outcome);
  const broken = rule.severity === "warn" ? "warn" : "fail";
  return { ...base, verdict: holds === null ? "error" : holds ? "pass" : broken, observed, limit };
}

/** One verdict per declared rule and judged batch; a declared rule without an outcome cannot exist here. */
export function ruleVerdicts(judgement: Judgement): RuleVerdict[] {
  return judgement.feeds
    .filter((judged) => judged.input.batchId !== null)
    .flatMap((judged) => judged.input.feed.contract.rules.map((rule) => verdictOf(judged, rule)));
}

export function summarizeRules(verdicts: readonly Pick<RuleVerdict, "verdict">[]): RuleSummary {
  const count = (verdict: Verdict) => verdicts.filter((v) => v.verdict === verdict).length;
  return {
    declared: verdicts.length,
    executed: verdicts.length - count("error"),
    passed: count("pass"),
    warned: count("warn"),
    failed: count("fail"),
    errored: count("error"),
  };
}

/**
 * Rules that stop the publication: a broken rule of severity `block`, and any rule but a warning that could not run, since
 * the rows it would have kept out are not known.
 */
export function ruleGates(verdicts: readonly RuleVerdict[]): Gate[] {
  return verdicts
    .filter((v) => (v.verdict === "fail" && v.severity === "block") || v.verdict === "error")
    .map(({ feed, rule, severity, verdict, observed, limit }) =>
      severeGate(
        { name: "rule", severity: gateSeverity(severity) },
        { feed, rule },
        { holds: verdict === "error" ? null : false, observed, limit },
      ),
    );
}
