import type { PublishedChanges } from "../documents/published-changes.ts";
import { renderTable } from "./table.ts";

const owner = ({ feed, table, columns }: PublishedChanges["new_columns"][number]) =>
  `${feed ?? `curated.${table}`} (${columns.join(", ")})`;

/** What rows are behind in, and which rows may enter: a sentence each. */
function behindLines({ new_models: models, new_columns: columns, mixed, may_enter: entering }: PublishedChanges): string[] {
  return [
    ...models.map(({ table, says }) => `  curated.${table}: ${says}\n`),
    ...columns.map((line) => `  ${owner(line)}: ${line.says}\n`),
    ...mixed.map(({ table, says }) => `  curated.${table}: ${says}\n`),
    ...entering.map(
      ({ feed, rules, rows, next }) =>
        `  ${feed}: ${rows} rows wait for rules that are not in force any more as they were (${rules.join(", ")}); \`${next}\` judges them again\n`,
    ),
  ];
}

/** The same for people. */
export function changesText(changes: PublishedChanges): string {
  const { problem, ddl, stops, new_rules: rules } = changes;
  if (problem !== null) return `published tables: not compared. ${problem}\n`;
  const lines = [
    ...ddl.map((sql) => `  by itself: ${sql}\n`),
    ...stops.map((s) => `  stops: ${s.says}\n    next: ${s.next}\n`),
    ...behindLines(changes),
  ];
  const says = lines.length === 0 ? "published tables: as the contracts say\n" : `published tables:\n${lines.join("")}`;
  if (rules.length === 0) return says;
  const table = renderTable(rules.map((r) => ({ ...r, published_breaking: String(r.published_breaking) })));
  return `${says}\nrules that published rows were not judged by (they stay published, whatever they break):\n${table}`;
}
