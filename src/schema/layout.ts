import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { type StagedColumn, stagedColumns } from "../contract/derived-column.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { fence, OPS_TABLES, OPS_VERSION, type OpsTable, ops, opsType } from "../warehouse/ops-tables.ts";
import {
  CURATED_META,
  curatedRows,
  curatedView,
  metaType,
  stagingMeta,
  stagingRows,
  stagingView,
} from "../warehouse/relations.ts";
import { identifiers, rowKey } from "../warehouse/sql-text.ts";
import { feedOf, viewOfRows } from "./curated-views.ts";
import { sourceFiles } from "./source-files.ts";

function createTable(name: string, columns: readonly string[]): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (\n  ${columns.join(",\n  ")}\n)`;
}

function opsTables(dialect: Dialect): Statement[] {
  return (Object.keys(OPS_TABLES) as OpsTable[]).map((name) => ({
    name: `ddl.ops.${name}`,
    sql: createTable(
      ops(dialect, name),
      OPS_TABLES[name].map(([column, type]) => `${column} ${opsType(dialect, type)}`),
    ),
  }));
}

function schemas(): Statement[] {
  return ["raw", "staging", "curated", "history", "ops"].map((schema) => ({
    name: `ddl.schema.${schema}`,
    sql: `CREATE SCHEMA IF NOT EXISTS ${schema.toUpperCase()}`,
  }));
}

/** The schemas and the version of the `ops` tables: what must be there to know whether the rest may be touched. */
export function versionDdl(dialect: Dialect): Statement[] {
  const table = ops(dialect, "schema_version");
  return [
    ...schemas(),
    ...opsTables(dialect).filter((s) => s.name === "ddl.ops.schema_version"),
    {
      name: "ddl.ops.schema-version-row",
      sql: `INSERT INTO ${table} SELECT ${OPS_VERSION} AS version WHERE NOT EXISTS (SELECT 1 FROM ${table} v)`,
    },
  ];
}

function openQuarantine(dialect: Dialect): Statement {
  const sql = `CREATE OR REPLACE VIEW ${ops(dialect, "open_quarantine")} AS
SELECT q.* FROM ${ops(dialect, "quarantine_row")} q
WHERE NOT EXISTS (SELECT 1 FROM ${ops(dialect, "quarantine_event")} e WHERE e.row_id = q.row_id)`;
  return { name: "ddl.ops.open_quarantine", sql };
}

/** Keys of curated rows that break a rule, since when and in which publication that was found. */
function curatedFindings(dialect: Dialect): Statement {
  const events = ops(dialect, "curated_finding_event");
  const sql = `CREATE OR REPLACE VIEW ${ops(dialect, "curated_finding")} AS
SELECT f.curated, f.rule, f.business_key, f.happened_at AS since, f.publication_id, f.run_group FROM ${events} f
WHERE f.event = 'found' AND NOT EXISTS (
  SELECT 1 FROM ${events} e
  WHERE e.event <> 'found' AND e.curated = f.curated AND e.rule = f.rule AND e.business_key = f.business_key AND e.found_in = f.publication_id
)`;
  return { name: "ddl.ops.curated_finding", sql };
}

function fences(dialect: Dialect, groups: readonly string[]): Statement[] {
  return groups.flatMap((group) => [
    {
      name: `ddl.ops.fence.${group}`,
      sql: createTable(fence(dialect, group), [`token ${opsType(dialect, "integer")}`, `run_id ${opsType(dialect, "text")}`]),
    },
    {
      name: `ddl.ops.fence-row.${group}`,
      sql: `INSERT INTO ${fence(dialect, group)} SELECT 0 AS token, '' AS run_id WHERE NOT EXISTS (SELECT 1 FROM ${fence(dialect, group)} f)`,
    },
  ]);
}

/** The staging table of a feed, and the view of its live rows. */
export function stagingDdl(dialect: Dialect, feed: Feed): Statement[] {
  const columns = stagedColumns(feed.contract);
  const own = typedColumns(dialect, columns);
  const meta = stagingMeta(feed).map(([name, type]) => `${name} ${metaType(dialect, type)}`);
  const names = identifiers(
    dialect,
    columns.map((c) => c.name),
  );
  return [
    { name: `ddl.staging.${feed.id}`, sql: createTable(stagingRows(dialect, feed), [...own, ...meta]) },
    {
      name: `ddl.staging-view.${feed.id}`,
      sql: `CREATE OR REPLACE VIEW ${stagingView(dialect, feed)} AS\nSELECT ${names} FROM ${stagingRows(dialect, feed)} WHERE _deleted_at IS NULL`,
    },
  ];
}

/**
 * The view of a curated table's live rows, with all columns that the table has: those that no contract names any more are read on, and so
 * is `deleted_at`, which is NULL in each, by queries that leave tombstones out themselves.
 */
export function liveView(dialect: Dialect, table: string): Statement {
  const live = `SELECT * FROM ${curatedRows(dialect, { table })} WHERE deleted_at IS NULL`;
  return { name: `ddl.curated-view.${table}`, sql: `CREATE OR REPLACE VIEW ${curatedView(dialect, { table })} AS\n${live}` };
}

/** Columns with their types, as CREATE TABLE lists them. */
function typedColumns(dialect: Dialect, columns: readonly Pick<StagedColumn, "name" | "type">[]): string[] {
  return columns.map((c) => `${dialect.identifier(c.name)} ${dialect.columnType(c.type)}`);
}

const metaDdl = (dialect: Dialect) =>
  CURATED_META.map(([name, type]) => `${dialect.identifier(name)} ${dialect.columnType(type)}`);

/** A table of a model's rows, unless they are a view. */
function rowsOf(
  dialect: Dialect,
  model: Model,
  { pipeline, views }: { pipeline: Pipeline; views: ReadonlySet<string> },
): Statement[] {
  if (views.has(model.table)) return viewOfRows(dialect, model, { feed: feedOf(model, pipeline), eras: [], head: 0n });
  const columns = [...typedColumns(dialect, model.contract.columns), ...metaDdl(dialect)];
  return [{ name: `ddl.curated.${model.table}`, sql: createTable(curatedRows(dialect, model), columns) }];
}

/** The rows of a curated table, the view of those that are live, and what they replaced. */
function curated(dialect: Dialect, model: Model, of: Parameters<typeof rowsOf>[2]): Statement[] {
  const until = `_to_publication ${opsType(dialect, "integer")}`;
  return [
    ...rowsOf(dialect, model, of),
    liveView(dialect, model.table),
    {
      name: `ddl.history.${model.table}`,
      sql: createTable(dialect.table("history", model.table), [
        ...typedColumns(dialect, model.contract.columns),
        ...metaDdl(dialect),
        until,
      ]),
    },
  ];
}

/** Published keys whose newer version waits: nothing about it is stored on the published row. */
function staleKeys(dialect: Dialect, feeds: readonly Feed[]): Statement {
  const selects = feeds.map((feed) => {
    const key = (names: readonly string[]) => rowKey(dialect, "s", names);
    return `SELECT ${dialect.literal(feed.id)} AS feed, ${key(feed.businessKey)} AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM ${stagingRows(dialect, feed)} s
JOIN ${ops(dialect, "open_quarantine")} q ON q.feed = ${dialect.literal(feed.id)} AND q.source_key = ${key(feed.sourceKey)} AND q.seq > s._seq
WHERE s._deleted_at IS NULL`;
  });
  return {
    name: "ddl.ops.stale_key",
    sql: `CREATE OR REPLACE VIEW ${ops(dialect, "stale_key")} AS\n${selects.join("\nUNION ALL\n")}`,
  };
}

/** The `ops` tables and what stands on them alone; the version has been looked at before. */
export function opsDdl(dialect: Dialect, groups: Iterable<string>): Statement[] {
  const tables = opsTables(dialect).filter((s) => s.name !== "ddl.ops.schema_version");
  return [...tables, openQuarantine(dialect), curatedFindings(dialect), ...fences(dialect, [...groups])];
}

/**
 * All DDL of a pipeline's warehouse, in an order in which it can be run, each statement safe to repeat.
 * @param views curated tables whose rows are to be a view; where one is a view already, its table is not made.
 */
export function warehouseDdl(dialect: Dialect, pipeline: Pipeline, views: ReadonlySet<string> = new Set()): Statement[] {
  const feeds = [...pipeline.feeds.values()];
  return [
    ...versionDdl(dialect),
    ...opsDdl(dialect, pipeline.groups.keys()),
    ...feeds.flatMap((feed) => stagingDdl(dialect, feed)),
    ...[...pipeline.models.values()].flatMap((model) => curated(dialect, model, { pipeline, views })),
    staleKeys(dialect, feeds),
    sourceFiles(dialect, feeds),
  ];
}
