import type { PublishedChanges } from "../documents/published-changes.ts";
import { renderTable } from "./table.ts";

/** What a run makes anew, what rows lack, and which rows may enter: a sentence each. */
function behindLines({ recompute, new_columns: columns, may_enter: entering }: PublishedChanges): string[] {
  return [
    ...recompute.map(({ table, why }) => `  by itself: all rows of curated.${table} are computed again, ${why}\n`),
    ...columns.map(({ feed, columns: names, says }) => `  ${feed} (${names.join(", ")}): ${says}\n`),
    ...entering.map(
      ({ feed, rules, rows, next }) =>
        `  ${feed}: ${rows} rows wait for rules that are not in force any more as they were (${rules.join(", ")}); \`${next}\` judges them again\n`,
    ),
  ];
}

function rulesText({ new_rules: rules, new_curated_rules: ofTables }: PublishedChanges): string {
  const shown = rules.map((r) => ({ ...r, published_breaking: String(r.published_breaking) }));
  const ofFeeds =
    rules.length === 0
      ? ""
      : `\nrules that published rows were not judged by (they stay published, whatever they break):\n${renderTable(shown)}`;
  if (ofTables.length === 0) return ofFeeds;
  const lines = ofTables.map(({ table, rule, severity, published_breaking: broken }) => {
    const would = broken === 0 ? "go on" : severity === "warn" ? "warn" : "stop";
    return { table, rule, severity, published_breaking: String(broken), "a run would": would };
  });
  return `${ofFeeds}\nrules of curated tables that are new or changed (a run judges all of a table's rows by them):\n${renderTable(lines)}`;
}

/** The same for people. */
export function changesText(changes: PublishedChanges): string {
  const { problem, ddl, stops } = changes;
  if (problem !== null) return `published tables: not compared. ${problem}\n`;
  const lines = [
    ...ddl.map((sql) => `  by itself: ${sql}\n`),
    ...stops.map((s) => `  stops: ${s.says}\n    next: ${s.next}\n`),
    ...behindLines(changes),
  ];
  const says = lines.length === 0 ? "published tables: as the contracts say\n" : `published tables:\n${lines.join("")}`;
  return `${says}${rulesText(changes)}`;
}
