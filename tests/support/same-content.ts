import { feedsOf, modelsOf } from "../../src/config/groups.ts";
import type { Group, Pipeline } from "../../src/config/pipeline.ts";
import type { Column } from "../../src/contract/contract.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { type OpsTable, ops } from "../../src/warehouse/ops-tables.ts";
import { curatedRows, stagingRows } from "../../src/warehouse/relations.ts";
import { asText } from "../../src/warehouse/sql-text.ts";
import type { Session, TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";

/** Relation → its rows as canonical JSON, sorted: equal for two engines exactly when both published the same. */
export type Content = Readonly<Record<string, readonly string[]>>;

/** `ops` columns that say when and by which run; everything else of these tables must be the same. */
const OPS = {
  publication: ["run_group", "number", "base_head", "kind", "window_start", "window_end"],
  batch: ["run_group", "number", "feed", "witness", "window_start", "window_end"],
  feed_horizon: ["run_group", "number", "feed", "cursor_kind"],
  flow: ["run_group", "number", "feed", "currency", "class", "row_count", "minor"],
  verdict: ["run_group", "number", "scope", "feed", "name", "severity", "fingerprint", "verdict"],
  quarantine_row: [
    ...["feed", "run_group", "kind", "unique_only", "number", "source_key", "business_key", "version", "copies"],
    ...["currency", "minor", "reasons", "fingerprints", "payload", "payload_pii", "contract_version"],
  ],
  quarantine_event: ["feed", "run_group", "number", "event", "class"],
} as const satisfies Partial<Record<OpsTable, readonly string[]>>;
const INSTANTS = new Set(["window_start", "window_end"]);
const JSON_TEXTS = new Set(["payload", "payload_pii", "reasons", "fingerprints"]);

interface Selected {
  readonly name: string;
  readonly sql: string;
}

/** Every contract column as the text that a source lands for it: the one form that both engines write alike. */
function contractColumns(dialect: Dialect, columns: readonly Column[]): Selected[] {
  return columns.map(({ name, type }) => ({ name, sql: dialect.landedText(`x.${dialect.identifier(name)}`, type) }));
}

const plain = (names: readonly string[]): Selected[] => names.map((name) => ({ name, sql: asText(`x.${name}`) }));

function opsColumns(dialect: Dialect, names: readonly string[]): Selected[] {
  return names.map((name) => ({
    name,
    sql: INSTANTS.has(name) ? dialect.landedText(`x.${name}`, { kind: "timestamp" }) : asText(`x.${name}`),
  }));
}

/** JSON texts differ in blanks and in the order of members between engines, and in nothing else. */
function canonical(name: string, value: string | null): unknown {
  if (value === null || !JSON_TEXTS.has(name)) return value;
  const parsed = JSON.parse(value) as unknown;
  return Array.isArray(parsed) ? parsed : Object.entries(parsed as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
}

function rowText(row: TextRow, columns: readonly Selected[]): string {
  return JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, canonical(name, row[`c${i}`] ?? null)])));
}

async function read(session: Session, relation: string, columns: readonly Selected[]): Promise<string[]> {
  const list = columns.map(({ sql }, i) => `${sql} AS c${i}`).join(", ");
  const rows = await session.rows({ name: `content.${relation}`, sql: `SELECT ${list} FROM ${relation} x` });
  return rows.map((row) => rowText(row, columns)).sort();
}

function relations(dialect: Dialect, pipeline: Pipeline, group: Group): { key: string; relation: string; columns: Selected[] }[] {
  const mark = (column: string) => ({ name: "deleted", sql: `CASE WHEN x.${column} IS NULL THEN 'no' ELSE 'yes' END` });
  const meta = plain(["_minor", "_currency", "_contract_version", "_publication"]);
  const staging = feedsOf(pipeline, group).map((feed) => ({
    key: `staging.${feed.id}`,
    relation: stagingRows(dialect, feed),
    columns: [...contractColumns(dialect, feed.contract.columns), ...meta, mark("_deleted_at")],
  }));
  const models = modelsOf(pipeline, group).flatMap((model) =>
    (["curated", "history"] as const).map((schema) => ({
      key: `${schema}.${model.table}`,
      relation: schema === "curated" ? curatedRows(dialect, model) : dialect.table(schema, model.table),
      columns: [
        ...contractColumns(dialect, model.contract.columns),
        ...plain(["_contract_version", "_publication", ...(schema === "history" ? ["_to_publication"] : [])]),
        mark("deleted_at"),
      ],
    })),
  );
  const ledger = (Object.keys(OPS) as (keyof typeof OPS)[]).map((name) => ({
    key: `ops.${name}`,
    relation: ops(dialect, name),
    columns: opsColumns(dialect, OPS[name]),
  }));
  return [...staging, ...models, ...ledger];
}

/** Everything a group has published, and the ledger of it, read as a reader would. */
export async function readContent(warehouse: Warehouse, pipeline: Pipeline, group: Group): Promise<Content> {
  const session = await warehouse.open({ purpose: "content", readOnly: true });
  try {
    const found: Record<string, string[]> = {};
    for (const { key, relation, columns } of relations(warehouse.dialect, pipeline, group)) {
      found[key] = await read(session, relation, columns);
    }
    return found;
  } finally {
    await session.close();
  }
}
