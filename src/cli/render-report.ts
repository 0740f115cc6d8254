import type { RunReport } from "../projector/run-report.ts";
import { stops } from "../publish/gate.ts";
import type { Output } from "./context.ts";
import { paintVerdict } from "./paint.ts";
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

type Paint = Output["paint"];

function blockedBy(report: RunReport, paint: Paint): string[] {
  if (report.outcome !== "blocked") return [];
  const blocked = report.gates.filter(stops);
  return [
    paint.red("Nothing was published. Blocking gates:"),
    ...blocked.map((g) => `  ${g.gate}: ${g.observed} (limit: ${g.limit})`),
  ];
}

/** Tables of which all rows were computed again, whether or not any is another one by it. */
function recomputedTables(report: RunReport): string[] {
  const found = report.gates.filter(({ name }) => name === "recomputed");
  return found.map(({ table, observed }) => `computed again: curated.${table}, ${observed}`);
}

/** Keys of published rows that break a rule, and how many there are of each rule that is new. */
function brokenRules(report: RunReport): string {
  if (!report.gates.some((gate) => stops(gate) && gate.name === "curated_rule")) return "";
  const listed = '`ledgerloop query "select * from ops.curated_finding"`';
  return `; ${listed} lists keys of published rows that break rules of their table, \`ledgerloop plan --data\` counts those of rules that are new`;
}

/** Rows and money of a feed that another hand changed. */
function changedByHand(report: RunReport): string {
  const feeds = report.gates.filter((gate) => stops(gate) && gate.name === "identity_stock").flatMap(({ feed }) => feed ?? []);
  const [first] = feeds;
  if (first === undefined) return "";
  return `; \`ledgerloop reconcile run --feed ${first}\` names what another hand changed, \`ledgerloop reconcile breaks\` lists it, and \`ledgerloop reconcile heal\` puts it right`;
}

/** How a blocked run is repeated: as a run, or as the heal of the breaks that are open then. */
export type Again = "run" | "heal";

const REPEATED: Readonly<Record<Again, string>> = {
  run: "fix the source, or the contract where it is wrong, and run again; --same-extract judges the same bytes",
  heal: "put right what is told above, and heal again",
};

/** What to type after a run. */
export function nextAfter(report: RunReport, again: Again = "run"): string {
  const show = `\`ledgerloop show ${report.run_id}\``;
  if (report.outcome === "blocked")
    return `${show} lists verdicts and masked rows; ${REPEATED[again]}${brokenRules(report)}${changedByHand(report)}`;
  if (report.outcome === "already_published") return "nothing; `ledgerloop runs` lists what was published";
  const waiting = report.feeds.some((feed) => BigInt(feed.newly_quarantined) + BigInt(feed.newly_held) > 0n);
  return waiting
    ? "`ledgerloop quarantine list` counts the rows that wait, with their money"
    : `${show} lists stages and verdicts`;
}

/** A run for people: what became of every row, which gates spoke, and what to type next. */
export function renderReport(report: RunReport, paint: Paint, again: Again = "run"): string {
  const rows = report.feeds.map((feed) => ({
    feed: feed.feed,
    ...Object.fromEntries(COLUMNS.map((name) => [name, String(feed[name])])),
    pool: String(feed.pool.closing),
  }));
  const { rules } = report;
  const as = report.publication_id && report.message === null ? ` as ${report.publication_id}` : "";
  const counted = `${rules.declared} declared, ${rules.executed} executed, ${rules.passed} passed, ${rules.warned} warned, ${rules.failed} failed, ${rules.errored} errored`;
  const lines = [
    `${paintVerdict(paint, report.outcome)}${as}${report.message ? ` (${report.message})` : ""}`,
    ...(report.outcome === "already_published" ? [] : [renderTable(rows).trimEnd(), `rules: ${counted}`]),
    ...recomputedTables(report),
    ...blockedBy(report, paint),
    `next: ${nextAfter(report, again)}`,
  ];
  return `${lines.join("\n")}\n`;
}
