import type { RunReport } from "../run/report.ts";
import { renderTable } from "./table.ts";

const COLUMNS = [
  "extracted",
  "inserted",
  "updated",
  "unchanged",
  "duplicate",
  "superseded",
  "quarantined",
  "unreadable",
  "held",
  "vanished",
] as const;

function advice(report: RunReport): string[] {
  const blocked = report.gates.filter((g) => g.verdict === "fail" || g.verdict === "error");
  if (report.outcome !== "blocked") return [];
  return [
    "Nothing was published. Blocking gates:",
    ...blocked.map((g) => `  ${g.gate}: ${g.observed} (limit: ${g.limit})`),
    `next: \`ledgerloop show ${report.run_id}\` lists verdicts and masked rows; fix the source and run again, or judge the same bytes with --same-extract`,
  ];
}

/** A run for people: what became of every row, which gates spoke, and what to type next. */
export function renderReport(report: RunReport): string {
  const rows = report.feeds.map((feed) => ({
    feed: feed.feed,
    ...Object.fromEntries(COLUMNS.map((name) => [name, String(feed[name])])),
    pool: String(feed.pool.closing),
  }));
  const { rules } = report;
  const lines = [
    `${report.outcome}${report.publication_id ? ` as ${report.publication_id}` : ""}${report.message ? ` (${report.message})` : ""}`,
    ...(report.outcome === "already_published" ? [] : [renderTable(rows).trimEnd()]),
    `rules: ${rules.declared} declared, ${rules.executed} executed, ${rules.passed} passed, ${rules.warned} warned, ${rules.failed} failed, ${rules.errored} errored`,
    ...advice(report),
  ];
  return `${lines.join("\n")}\n`;
}
