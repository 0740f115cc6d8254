import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { feedFolder } from "../../src/landing/layout.ts";
import { type BenchRule, RULES, ruleName, TABLES, wrongCounts } from "../rules.ts";

/**
 * The 25 rules counted over landed files, fused: one scan per table for its row rules and duplicates, and anti joins over key
 * columns read once. Nothing is labelled or kept.
 */
const [state = "", folder = "", memory = "1500MB", n = "0"] = process.argv.slice(2);
const began = performance.now();
const stages: { stage: string; seconds: number }[] = [];
const instance = await DuckDBInstance.create(":memory:");
const d = await instance.connect();
for (const set of [
  "preserve_insertion_order = false",
  "timezone = 'UTC'",
  `memory_limit = '${memory}'`,
  `temp_directory = '${folder}'`,
])
  await d.run(`SET ${set}`);

function landedFiles(table: string): string[] {
  const folder = join(state, "objects", feedFolder(`src.${table}`));
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return found.filter((path) => /part-\d+\.csv$/.test(path)).map((path) => join(folder, path));
}

function scan(table: string): string {
  const types = TABLES[table] ?? {};
  const columns = ["_position", ...Object.keys(types)].map((c) => `'${c}': 'VARCHAR'`).join(", ");
  const cast = Object.entries(types).map(([c, type]) => (type === "VARCHAR" ? c : `try_cast(${c} AS ${type}) AS ${c}`));
  return `(SELECT ${cast.join(", ")} FROM read_csv([${landedFiles(table).map((path) => `'${path}'`)}], auto_detect = false, header = true,
    delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = {${columns}}, nullstr = '', allow_quoted_nulls = false,
    parallel = true, max_line_size = 1048576))`;
}

async function numbers(sql: string): Promise<number[]> {
  const reader = await d.runAndReadAll(sql);
  return (reader.getRowsJson()[0] ?? []).map(Number);
}

const counts = new Map<string, number>();
const keep = (rules: readonly BenchRule[], found: readonly number[]) => {
  for (const [i, rule] of rules.entries()) counts.set(ruleName(rule), found[i] ?? 0);
};

for (const table of Object.keys(TABLES)) {
  const start = performance.now();
  const ofTable = RULES.filter((r) => r.table === table);
  const rows = ofTable.filter((r) => r.broken !== null);
  const references = ofTable.flatMap((r) => (r.parent ? [r.parent.column] : []));
  await d.run(
    `CREATE TEMP TABLE k_${table} AS SELECT id${references.map((c) => `, ${c}`).join("")}, ${rows
      .map((r, i) => `(${r.broken}) AS b${i}`)
      .join(", ")} FROM ${scan(table)} s`,
  );
  const sums = rows.map((_, i) => `count(*) FILTER (WHERE b${i})`);
  keep(rows, await numbers(`SELECT ${sums.join(", ")} FROM k_${table}`));
  const duplicate = ofTable.filter((r) => r.broken === null && !r.parent);
  keep(duplicate, await numbers(`SELECT count(*) - count(DISTINCT id) FROM k_${table}`));
  stages.push({ stage: table, seconds: Math.round(performance.now() - start) / 1000 });
}
for (const rule of RULES.filter((r) => r.parent)) {
  const { column, table } = rule.parent ?? { column: "", table: "" };
  keep(
    [rule],
    await numbers(
      `SELECT count(*) FROM k_${rule.table} c ANTI JOIN k_${table} p ON c.${column} = p.id WHERE c.${column} IS NOT NULL`,
    ),
  );
}
const seconds = Math.round(performance.now() - began) / 1000;
d.closeSync();
instance.closeSync();
console.log(
  JSON.stringify({
    seconds,
    stages,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    wrong: wrongCounts(counts, Number(n)),
  }),
);
