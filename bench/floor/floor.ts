import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import pg from "pg";
import { AMOUNTS, type BenchRule, RULES, ruleName, TABLES, wrongCounts } from "../rules.ts";
import { type Copy, fastestCopier, inSnapshot } from "./copy.ts";

/**
 * The shortest honest way by hand: COPY csv in one exported snapshot, two streams at a time, by psql where there is one; typed rows and row rules as a bit
 * mask in one scan; duplicates; foreign keys; quarantine and four tables merged and reconciled in one transaction; checkpoint.
 * No landing, hashes, history, ledger or staging: what the product adds is measured against this.
 */
const [url = "", folder = "", memory = "1500MB", n = "0"] = process.argv.slice(2);
const csv = join(folder, "csv");
const copier = fastestCopier();
const stages: { stage: string; seconds: number }[] = [];
const began = performance.now();
let last = began;

function stage(name: string): void {
  const now = performance.now();
  stages.push({ stage: name, seconds: Math.round(now - last) / 1000 });
  last = now;
}

function copyOf({ table, where, part }: { table: string; where: string; part: number }): Copy {
  const columns = Object.keys(TABLES[table] ?? {}).join(", ");
  return {
    sql: `copy (select ${columns} from src.${table} ${where}) to stdout (format csv)`,
    file: join(csv, `${table}.${part}.csv`),
  };
}

async function extract(): Promise<Map<string, string>> {
  rmSync(csv, { recursive: true, force: true });
  mkdirSync(csv, { recursive: true });
  const leader = new pg.Client({ connectionString: url });
  await leader.connect();
  await leader.query("begin isolation level repeatable read read only");
  const snapshot = (await leader.query("select pg_export_snapshot() as s")).rows[0].s as string;
  const pages = await leader.query(
    "select relname, pg_relation_size(oid) / 8192 as pages from pg_class where relnamespace = 'src'::regnamespace and relkind = 'r'",
  );
  const halves = ["invoices", "payments"].flatMap((table) => {
    const middle = Math.floor(Number(pages.rows.find((r) => r.relname === table)?.pages ?? 0) / 2);
    return [
      copyOf({ table, where: `where ctid < '(${middle},0)'`, part: 0 }),
      copyOf({ table, where: `where ctid >= '(${middle},0)'`, part: 1 }),
    ];
  });
  const whole = ["subscriptions", "customers"].map((table) => copyOf({ table, where: "", part: 0 }));
  const copies = [...halves, ...whole];
  const worker = () => copier.copyAll({ url, snapshot, next: () => copies.shift() });
  const totals = new Map<string, string>();
  const counting = async () => {
    for (const table of Object.keys(TABLES)) {
      const sql = `select coalesce(currency, '?') as c, count(*) as n, coalesce(sum(${AMOUNTS[table]}), 0)::bigint as s from src.${table} group by 1 order by 1`;
      totals.set(
        table,
        await inSnapshot(url, snapshot, async (client) =>
          JSON.stringify((await client.query(sql)).rows.map((r) => [r.c, r.n, r.s])),
        ),
      );
    }
  };
  await Promise.all([worker(), worker(), counting()]);
  await leader.end();
  return totals;
}

const bits = new Map(RULES.map((r, i) => [ruleName(r), 1n << BigInt(i)]));
const of = (table: string, test: (r: BenchRule) => boolean) => RULES.filter((r) => r.table === table && test(r));

async function label(d: DuckDBConnection, table: string): Promise<void> {
  const types = Object.entries(TABLES[table] ?? {});
  const mask = of(table, (r) => r.broken !== null)
    .map((r) => `CASE WHEN ${r.broken} THEN ${bits.get(ruleName(r))} ELSE 0 END`)
    .join(" + ");
  const cast = types.map(([c, type]) => (type === "VARCHAR" ? c : `try_cast(${c} AS ${type}) AS ${c}`)).join(", ");
  const lost = types
    .filter(([, type]) => type !== "VARCHAR")
    .map(([c, type]) => `(s.${c} IS NOT NULL AND try_cast(s.${c} AS ${type}) IS NULL)`);
  const columns = types.map(([c]) => `'${c}': 'VARCHAR'`).join(", ");
  await d.run(`CREATE TEMP TABLE b_${table} AS SELECT *, (${mask})::BIGINT AS bad FROM (
    SELECT ${cast}, ${lost.join(" OR ")} AS untyped FROM read_csv('${csv}/${table}.*.csv', auto_detect = false, header = false, delim = ',', quote = '"',
      escape = '"', new_line = '\\n', columns = {${columns}}, nullstr = '', allow_quoted_nulls = false, parallel = true, max_line_size = 1048576) s)`);
}

async function duplicates(d: DuckDBConnection, table: string): Promise<void> {
  await d.run(`UPDATE b_${table} SET bad = bad + ${bits.get(`${table}.id_newest`)} WHERE rowid IN (
    SELECT rid FROM (SELECT rowid AS rid, row_number() OVER (PARTITION BY id ORDER BY updated_at DESC, rowid) AS n FROM b_${table}
      WHERE id IN (SELECT id FROM b_${table} GROUP BY id HAVING count(*) > 1)) WHERE n > 1)`);
}

async function orphans(d: DuckDBConnection, r: BenchRule): Promise<void> {
  if (!r.parent) return;
  await d.run(`UPDATE b_${r.table} SET bad = bad + ${bits.get(ruleName(r))} WHERE rowid IN (
    SELECT b.rowid FROM b_${r.table} b ANTI JOIN b_${r.parent.table} p ON b.${r.parent.column} = p.id WHERE b.${r.parent.column} IS NOT NULL)`);
}

async function merge(d: DuckDBConnection, table: string): Promise<void> {
  const columns = Object.entries(TABLES[table] ?? {});
  await d.run(`CREATE TABLE ${table} (${columns.map(([c, type]) => `${c} ${type}`).join(", ")})`);
  const why = of(table, () => true).map((r) => `CASE WHEN bad & ${bits.get(ruleName(r))} > 0 THEN '${ruleName(r)}' END`);
  await d.run(`INSERT INTO quarantine SELECT '${table}', id, list_filter([${why.join(", ")}, CASE WHEN untyped THEN 'untyped' END], lambda x: x IS NOT NULL), to_json(b)
    FROM b_${table} b WHERE bad > 0 OR untyped`);
  await d.run(
    `INSERT INTO ${table} SELECT ${columns.map(([c]) => c).join(", ")} FROM b_${table} WHERE bad = 0 AND untyped IS NOT TRUE`,
  );
}

async function reconcile(d: DuckDBConnection, table: string, source: string): Promise<void> {
  const a = AMOUNTS[table];
  const reader = await d.runAndReadAll(`SELECT coalesce(currency, '?'), count(*)::VARCHAR, coalesce(sum(${a}), 0)::VARCHAR FROM (
    SELECT currency, ${a} FROM ${table} UNION ALL SELECT row_json->>'currency', (row_json->>'${a}')::BIGINT FROM quarantine WHERE tab = '${table}') GROUP BY 1 ORDER BY 1`);
  if (JSON.stringify(reader.getRowsJson()) !== source)
    throw new Error(`${table} is not reconciled: ${source} ${JSON.stringify(reader.getRowsJson())}`);
}

const totals = await extract();
stage("extract");
rmSync(join(folder, "floor.duckdb"), { force: true });
const instance = await DuckDBInstance.create(join(folder, "floor.duckdb"));
const d = await instance.connect();
for (const set of ["preserve_insertion_order = false", "timezone = 'UTC'", `memory_limit = '${memory}'`])
  await d.run(`SET ${set}`);
for (const table of Object.keys(TABLES)) await label(d, table);
stage("typed and row rules");
for (const table of Object.keys(TABLES)) await duplicates(d, table);
stage("duplicates");
for (const r of RULES) await orphans(d, r);
stage("foreign keys");
await d.run("BEGIN");
await d.run("CREATE TABLE quarantine (tab VARCHAR, id VARCHAR, reasons VARCHAR[], row_json JSON)");
for (const table of Object.keys(TABLES)) await merge(d, table);
stage("merge");
for (const table of Object.keys(TABLES)) await reconcile(d, table, totals.get(table) ?? "");
await d.run("COMMIT");
stage("reconcile");
await d.run("CHECKPOINT");
stage("checkpoint");
const seconds = Math.round(performance.now() - began) / 1000;
const counted = await d.runAndReadAll(
  "SELECT r, count(*)::INTEGER FROM (SELECT unnest(reasons) AS r FROM quarantine) GROUP BY 1",
);
const counts = new Map(counted.getRowsJson().map(([name, count]) => [String(name), Number(count)]));
d.closeSync();
instance.closeSync();
console.log(
  JSON.stringify({
    seconds,
    stages,
    copied_by: copier.name,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    wrong: wrongCounts(counts, Number(n)),
  }),
);
