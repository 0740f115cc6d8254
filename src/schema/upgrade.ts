import { Failure, problem } from "../kernel/problem.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { OPS_VERSION, ops, opsType } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { opsDdl, versionDdl } from "./layout.ts";
import { moveCurated } from "./move-curated.ts";
import { opsOutdated } from "./problems.ts";

/** One numbered step of the `ops` tables; never edited once released, and each of its statements may be repeated. */
interface OpsMigration {
  readonly version: number;
  readonly statements: (dialect: Dialect) => readonly string[];
}

const text = (dialect: Dialect) => opsType(dialect, "text");

const AUDIT_EVENT = ["event_id", "event", "subject", "run_group", "detail", "actor", "reason", "ticket", "code_version"] as const;

const FEED_HORIZON = ["publication_id", "run_group", "feed", "batch_id", "cursor_kind", "cursor_position", "cursor_identity"];

/** What version 1 and 2 kept of a cursor in `batch`, as rows of `feed_horizon`; both knew PostgreSQL alone. */
function cursorsOfVersion2(d: Dialect): string {
  const table = ops(d, "feed_horizon");
  const position = `CASE WHEN b.horizon IS NULL THEN 'null' WHEN b.cursor_mode = 'xid' THEN ${d.jsonObject([["xid", "b.horizon"]])}
    ELSE '"' || b.horizon || '"' END`;
  const identity = d.jsonObject([
    ["system", "b.system_identifier"],
    ["timeline", "b.timeline"],
  ]);
  const instant = d.tryCast("b.horizon", { kind: "timestamp" });
  return `INSERT INTO ${table} (publication_id, run_group, number, feed, batch_id, cursor_kind, cursor_position, cursor_identity, horizon)
SELECT b.publication_id, b.run_group, b.number, b.feed, b.batch_id, b.cursor_mode, ${position}, ${identity},
  CASE WHEN b.cursor_mode = 'updated_at' THEN ${instant} END
FROM ${ops(d, "batch")} b
WHERE b.replay_of IS NULL AND b.cursor_mode IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ${table} h WHERE h.publication_id = b.publication_id AND h.feed = b.feed)`;
}

function version3(d: Dialect): string[] {
  const texts = FEED_HORIZON.map((name) => `${name} ${text(d)}`).join(", ");
  const instants = ["horizon", "as_of", "loading_since"].map((name) => `${name} ${opsType(d, "instant")}`).join(", ");
  const number = `number ${opsType(d, "integer")}`;
  const added = ["currency", "curated", "rule", "subject"].map((name) => ["verdict", name] as const);
  return [
    ...[...added, ["batch", "witness"] as const, ["quarantine_row", "scope"] as const].map(
      ([table, name]) => `ALTER TABLE ${ops(d, table)} ADD COLUMN IF NOT EXISTS ${name} ${text(d)}`,
    ),
    `CREATE TABLE IF NOT EXISTS ${ops(d, "feed_horizon")} (${texts}, ${number}, ${instants})`,
    cursorsOfVersion2(d),
  ];
}

/**
 * Ids for waiting rows without a position, which had none before and so never closed. Where runs upgrade nothing themselves no
 * released version has written such rows.
 */
function version4(d: Dialect): string[] {
  if (d.can.ddl === "by_apply") return [];
  const id = `batch_id || '/content-' || ${d.hashText("row_hash")} || '#1:' || ${asText("number")}`;
  return [`UPDATE ${ops(d, "quarantine_row")} SET row_id = ${id} WHERE row_id IS NULL`];
}

const PROOF_TEXTS = [
  "proof_id",
  "reconcile_id",
  "run_group",
  "leg",
  "subject",
  "compares",
  "result",
  "detail",
  "code_version",
  "actor",
] as const;

/** Version 6 made its table of comparisons behind its step, so that one of an earlier version may not have it. */
function version7(d: Dialect): string[] {
  const table = ops(d, "proof");
  const integers = ["number", "row_count", "differing"].map((name) => `${name} ${opsType(d, "integer")}`);
  const instants = ["source_as_of", "proved_at"].map((name) => `${name} ${opsType(d, "instant")}`);
  const columns = [...PROOF_TEXTS.map((name) => `${name} ${text(d)}`), ...integers, ...instants];
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (${columns.join(", ")})`,
    ...["tier", "extent", "base"].map((name) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${name} ${text(d)}`),
  ];
}

/** Columns of `batch` that version 3 has no use for; an upgraded warehouse keeps them, since nothing is ever removed. */
export const RETIRED_COLUMNS = ["cursor_mode", "horizon", "system_identifier", "timeline"] as const;

/** Version 1 is the first that was released. */
const MIGRATIONS: readonly OpsMigration[] = [
  {
    version: 2,
    statements: (d) => [
      `CREATE TABLE IF NOT EXISTS ${ops(d, "audit_event")} (${AUDIT_EVENT.map((name) => `${name} ${text(d)}`).join(", ")}, happened_at ${opsType(d, "instant")})`,
      `ALTER TABLE ${ops(d, "quarantine_row")} ADD COLUMN IF NOT EXISTS contract_version ${text(d)}`,
    ],
  },
  { version: 3, statements: version3 },
  { version: 4, statements: version4 },
  // Two tables and a view, which are made behind this; programs that know nothing of them would leave findings as they are.
  { version: 5, statements: () => [] },
  // A table, which is made behind this.
  { version: 6, statements: () => [] },
  { version: 7, statements: version7 },
  // Two tables, which are made behind this.
  { version: 8, statements: () => [] },
];

/** The statements that bring `ops` tables from a version to this program's, in order. */
export function opsUpgrade(dialect: Dialect, from: number): Statement[] {
  const table = ops(dialect, "schema_version");
  return MIGRATIONS.filter((m) => m.version > from).flatMap(({ version, statements }) => {
    const name = `ddl.ops.upgrade-${version}`;
    const row = `INSERT INTO ${table} SELECT ${version} AS version WHERE NOT EXISTS (SELECT 1 FROM ${table} v WHERE v.version = ${version})`;
    return [...statements(dialect).map((sql, i) => ({ name: `${name}.${i + 1}`, sql })), { name: `${name}.row`, sql: row }];
  });
}

/**
 * The version of a warehouse's `ops` tables; this program's own when it has none yet.
 * @throws Failure `usage` when a newer version of this program has written to it.
 */
export async function opsVersion(session: Session, dialect: Dialect): Promise<number> {
  const [row] = await session.rows({
    name: "begin.schema-version",
    sql: `SELECT CAST(MAX(v.version) AS VARCHAR) AS version FROM ${ops(dialect, "schema_version")} v`,
  });
  const found = Number(row?.["version"] ?? OPS_VERSION);
  if (found <= OPS_VERSION) return found;
  throw new Failure(
    "usage",
    problem({
      code: "schema.newer_warehouse",
      says: `the warehouse has schema ${found}, this version knows ${OPS_VERSION}`,
      next: "use the version of ledgerloop that wrote it, or a newer one; `ledgerloop --version` shows this one",
    }),
  );
}

/**
 * Looks whether the `ops` tables are of this program's version, where a run may not upgrade them itself.
 * @throws Failure `usage` when they are older, or newer.
 */
export async function requireOpsVersion(session: Session, dialect: Dialect): Promise<void> {
  const found = await opsVersion(session, dialect);
  if (found < OPS_VERSION) throw new Failure("usage", opsOutdated({ found, wanted: OPS_VERSION }));
}

/**
 * Creates the `ops` tables and the groups' fences, or brings those of an older warehouse up to this version, step by step.
 * Repeating it is harmless: a crash leaves either nothing (DuckDB, before its next checkpoint) or steps that are run again.
 * @throws Failure `usage` when the warehouse is newer; it is left as it was.
 */
export async function prepareOps(session: Session, dialect: Dialect, groups: Iterable<string>): Promise<void> {
  for (const statement of versionDdl(dialect)) await session.run(statement);
  const version = await opsVersion(session, dialect);
  if (version < OPS_VERSION) await moveCurated(session, dialect);
  for (const statement of [...opsUpgrade(dialect, version), ...opsDdl(dialect, groups)]) await session.run(statement);
}
