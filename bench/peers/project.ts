import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BenchRule, RULES, ruleName, TABLES, wrongCounts } from "../rules.ts";

/** Schema of the DuckDB file that dlt loads into and dbt reads. */
export const RAW = "raw";

const source = (table: string) => `{{ source('${RAW}', '${table}') }}`;
const testName = (r: BenchRule) => ruleName(r).replaceAll(".", "__");
const isUnique = (r: BenchRule) => r.broken === null && !r.parent;

/** A rule as one of dbt's own tests, or as the one generic test that the project adds. */
function testOf(r: BenchRule): Record<string, unknown> {
  const name = testName(r);
  if (r.parent)
    return {
      relationships: {
        name,
        column_name: r.parent.column,
        arguments: { to: `source('${RAW}', '${r.parent.table}')`, field: "id" },
      },
    };
  if (isUnique(r)) return { unique: { name, column_name: "id" } };
  const [column = "", kind] = r.id.split(".");
  if (kind === "required") return { not_null: { name, column_name: column } };
  if (kind === "accepted") {
    const values = [...(r.broken ?? "").matchAll(/'([^']*)'/g)].map(([, value]) => value);
    // The test gives a row for each wrong value with how many rows have it.
    return {
      accepted_values: { name, column_name: column, arguments: { values }, config: { fail_calc: "coalesce(sum(n_records), 0)" } },
    };
  }
  return { nowhere: { name, arguments: { condition: r.broken } } };
}

function sources(): string {
  const tables = Object.keys(TABLES).map((name) => ({
    name,
    data_tests: RULES.filter((r) => r.table === name).map(testOf),
  }));
  return JSON.stringify({ version: 2, sources: [{ name: RAW, schema: RAW, tables }] }, null, 2);
}

/**
 * Each row with the names of the rules that it breaks; dlt has merged by key, so that no copy is left to find. Conditions name columns
 * without a table: of parents only `id` is there, which no condition asks for.
 */
function judged(table: string): string {
  const rules = RULES.filter((r) => r.table === table && !isUnique(r));
  const parents = rules.flatMap((r) => (r.parent ? [{ ...r.parent, rule: r }] : []));
  const broken = rules.map((r) => {
    const i = parents.findIndex(({ rule }) => rule === r);
    const condition = r.parent ? `s.${r.parent.column} is not null and p${i}.id is null` : r.broken;
    return `    case when ${condition} then '${ruleName(r)}' end`;
  });
  const joins = parents.map((p, i) => `left join (select id from ${source(p.table)}) p${i} on p${i}.id = s.${p.column}`);
  const columns = Object.keys(TABLES[table] ?? {}).map((c) => `s.${c}`);
  return `with s as (select * from ${source(table)})
select ${columns.join(", ")},
  list_filter([
${broken.join(",\n")}
  ], lambda rule: rule is not null) as broken_rules
from s
${joins.join("\n")}
`;
}

const published = (table: string) => `{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }}
select * exclude (broken_rules) from {{ ref('judged_${table}') }}
where len(broken_rules) = 0
{% if is_incremental() %} and updated_at > (select max(updated_at) from {{ this }}) {% endif %}
`;

const rejected = (table: string) => `select * from {{ ref('judged_${table}') }} where len(broken_rules) > 0
`;

const PROJECT = `name: hour
version: "1.0"
profile: hour
models: { hour: { +materialized: table } }
data_tests: { hour: { +severity: warn, +store_failures: true } }
flags: { send_anonymous_usage_stats: false }
`;

/** Two threads, as the machine of the kept results has cores; DuckDB's memory limit is its own default. */
const profiles = (file: string) => `hour:
  target: local
  outputs:
    local: { type: duckdb, path: '${file}', schema: main, threads: 2, settings: { preserve_insertion_order: false } }
`;

const NOWHERE = `{% test nowhere(model, condition) %}
select * from {{ model }} where {{ condition }}
{% endtest %}
`;

/** Writes a dbt project for the hour's tables and rules into a folder: tests of the loaded tables, then judged, rejected and good rows. */
export function writeProject(folder: string, file: string): void {
  const files = {
    "dbt_project.yml": PROJECT,
    "profiles.yml": profiles(file),
    "tests/generic/nowhere.sql": NOWHERE,
    "models/sources.yml": sources(),
    ...Object.fromEntries(
      Object.keys(TABLES).flatMap((table) => [
        [`models/judged_${table}.sql`, judged(table)],
        [`models/rejected_${table}.sql`, rejected(table)],
        [`models/${table}.sql`, published(table)],
      ]),
    ),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Where the tests of a project that ran count other rows than the truth; uniqueness is left out, since merging left nothing to count. */
export function wrongTests(folder: string, n: number): string[] {
  const { results } = JSON.parse(readFileSync(join(folder, "target", "run_results.json"), "utf8")) as {
    results: { unique_id: string; failures: number | null }[];
  };
  const failures = new Map(results.map((r) => [r.unique_id.split(".")[2], r.failures ?? 0]));
  const unique = new Set(RULES.filter(isUnique).map(ruleName));
  const counts = new Map(
    RULES.flatMap((r) => (failures.has(testName(r)) ? [[ruleName(r), failures.get(testName(r)) ?? 0]] : [])),
  );
  return wrongCounts(counts, n).filter((wrong) => !unique.has(wrong.split(":")[0] ?? ""));
}
