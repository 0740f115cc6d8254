import type { Gate, Verdict } from "../publish/gate.ts";
import type { RuleVerdict } from "../publish/rule-verdicts.ts";
import type { VerdictRecord } from "../store/operations/record-verdicts.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

const NOTHING_ELSE = { currency: null, table: null, rule: null, subject: null };

/** A rule's verdict as the control store keeps it. */
export function ruleRecord({ feed, rule, severity, fingerprint, verdict, observed, limit }: RuleVerdict): VerdictRecord {
  return {
    scope: "rule",
    ...NOTHING_ELSE,
    ...{ feed, name: rule, severity, verdict, observed, limit },
    detail: { severity, fingerprint },
  };
}

/** A gate as the control store keeps it. */
export function gateRecord({ name, severity, verdict, observed, limit, ...about }: Gate): VerdictRecord {
  return { scope: "gate", feed: null, ...NOTHING_ELSE, ...about, name, severity, verdict, observed, limit, detail: null };
}

/** A row of `ops.verdict` as the control store keeps it. */
export function publishedRecord(row: TextRow): VerdictRecord {
  const text = (name: string) => row[name] ?? null;
  const severity = text("severity");
  const isRule = text("scope") === "rule";
  return {
    scope: isRule ? "rule" : "gate",
    feed: text("feed"),
    name: text("name") ?? "",
    severity,
    verdict: (text("verdict") ?? "error") as Verdict,
    observed: text("observed"),
    limit: text("limit_text"),
    currency: text("currency"),
    table: text("curated"),
    rule: text("rule"),
    subject: text("subject"),
    detail: isRule ? { severity, fingerprint: text("fingerprint") } : null,
  };
}
