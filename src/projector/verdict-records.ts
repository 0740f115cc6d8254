import { fingerprint } from "../kernel/fingerprint.ts";
import type { Gate, Verdict } from "../publish/gate.ts";
import type { RuleVerdict } from "../publish/rule-verdicts.ts";
import type { VerdictRecord } from "../store/operations/record-verdicts.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

const NOTHING_ELSE = { currency: null, table: null, rule: null, subject: null };

/** Longer texts are no names: a currency is whatever stands in its column at the source. */
const LONGEST_NAME = 200;

/** A text as part of a key: one that is too long keeps its beginning, and its fingerprint tells it from its like. */
function named(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text.length <= LONGEST_NAME) return text ?? null;
  return `${text.slice(0, LONGEST_NAME)}… (${fingerprint(text)})`;
}

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
  const { feed = null, table = null, rule = null } = about;
  const [currency, subject] = [named(about.currency), named(about.subject)];
  return { scope: "gate", feed, currency, table, rule, subject, name, severity, verdict, observed, limit, detail: null };
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
    currency: named(text("currency")),
    table: text("curated"),
    rule: text("rule"),
    subject: named(text("subject")),
    detail: isRule ? { severity, fingerprint: text("fingerprint") } : null,
  };
}
