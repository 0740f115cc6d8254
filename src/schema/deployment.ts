import { feedsReaching } from "../config/model-inputs.ts";
import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { type StagedColumn, stagedColumns } from "../contract/derived-column.ts";
import { Failure } from "../kernel/problem.ts";
import type { AuditOrigin } from "../ledger/audit-trail.ts";
import type { DdlFile, DeploymentFacts, TableFacts } from "../warehouse/deployment.ts";
import type { Dialect, Schema, Statement } from "../warehouse/dialect.ts";
import { fenceName, OPS_VERSION } from "../warehouse/ops-tables.ts";
import { rowsName, stagingTable } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { dropUnpublished } from "./anew.ts";
import { type Evolution, noteAdded, planEvolution } from "./evolve.ts";
import { warehouseDdl } from "./layout.ts";
import { moveCurated } from "./move-curated.ts";
import { notAdditive } from "./problems.ts";
import { opsUpgrade, opsVersion } from "./upgrade.ts";

/** Where a deployment goes, as an environment says. */
export interface DeploymentPlace {
  readonly database: string;
  /** Address of the object store where the engine reads landed files itself; else null. */
  readonly landing: string | null;
}

function dateColumn(columns: readonly StagedColumn[], names: readonly (string | undefined)[]): string | null {
  return columns.find((c) => c.type.kind === "date" && names.includes(c.name))?.name ?? null;
}

function tableFacts(
  schema: Schema,
  name: string,
  of: { columns: readonly StagedColumn[]; dates: readonly (string | undefined)[] },
): TableFacts {
  return {
    schema,
    name: rowsName(schema, name),
    view: schema === "curated" ? name : null,
    columns: of.columns.map((c) => c.name),
    personal: of.columns.filter((c) => c.pii).map((c) => ({ column: c.name, type: c.type })),
    prunedBy: dateColumn(of.columns, of.dates),
  };
}

function ofFeed(feed: Feed): TableFacts {
  return tableFacts("staging", stagingTable(feed), { columns: stagedColumns(feed.contract), dates: [feed.postingDate] });
}

function ofModel(pipeline: Pipeline, model: Model): TableFacts[] {
  const dates = feedsReaching(pipeline, model).map((feed) => pipeline.feeds.get(feed)?.postingDate);
  return (["curated", "history"] as const).map((schema) =>
    tableFacts(schema, model.table, { columns: model.contract.columns, dates }),
  );
}

/** What a pipeline's deployment is made of. */
export function deploymentFacts(dialect: Dialect, pipeline: Pipeline, place: DeploymentPlace): DeploymentFacts {
  return {
    ...place,
    tables: [...[...pipeline.feeds.values()].map(ofFeed), ...[...pipeline.models.values()].flatMap((m) => ofModel(pipeline, m))],
    fences: [...pipeline.groups.keys()].map(fenceName),
    tableDdl: warehouseDdl(dialect, pipeline),
  };
}

/** What became of one file. */
export interface AppliedFile {
  readonly file: string;
  readonly outcome: "applied" | "not applied" | "by hand";
  readonly statements: number;
  /** Why it was not, or not wholly, applied. */
  readonly reason: string | null;
}

/** Statements that only add: what is there stays, and nobody's rows or rights are taken away. */
const ADDITIVE =
  /^\s*(CREATE\s+((TRANSIENT|TEMPORARY)\s+)?[A-Z ]+?\s+IF\s+NOT\s+EXISTS\b|CREATE\s+OR\s+REPLACE\s+(SECURE\s+)?VIEW\b|CREATE\s+SCHEMA\s+IF\s+NOT\s+EXISTS\b|ALTER\s+TABLE\s+[\s\S]*?\s(ADD\s+COLUMN|ALTER\s+COLUMN\s+[\s\S]*?SET\s+DATA\s+TYPE|CLUSTER\s+BY|MODIFY\s+COLUMN\s+[\s\S]*?SET\s+TAG|ADD\s+STORAGE\s+LIFECYCLE\s+POLICY)\b|ALTER\s+(TAG|WAREHOUSE|SCHEMA|ACCOUNT)\s+(?:[\s\S]*?\s)?SET\b|GRANT\b|INSERT\s+INTO\b)/i;

/** Words that take something away, anywhere in a statement, even behind an addition. */
const TAKES_AWAY = /\b(DROP|TRUNCATE|DELETE|UPDATE|MERGE|REVOKE|UNSET|UNDROP|SWAP|RENAME|OVERWRITE|EXECUTE)\b/i;

/** One column gets a value where it has none: also an addition. Read without what is quoted. */
const FILLS = /^\s*UPDATE\s+\S+\s+SET\s+(\w+)\s*=[^=;]*\bWHERE\s+\1\s+IS\s+NULL\s*$/i;

/** Whether a statement only adds; anything else is never executed by `applyDeployment`. */
export function isAdditive({ sql }: Statement): boolean {
  const unquoted = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''");
  const given = unquoted.replace(/^\s*GRANT\b[\s\S]*?\bON\b/i, "GRANT ON");
  return FILLS.test(unquoted) || (ADDITIVE.test(sql) && !TAKES_AWAY.test(given));
}

async function applyFile(session: Session, file: DdlFile): Promise<AppliedFile> {
  const base = { file: file.name, statements: file.statements.length };
  if (file.byHand) return { ...base, outcome: "by hand", reason: file.optional ?? "a person runs it" };
  for (const statement of file.statements) {
    if (!isAdditive(statement)) throw new Failure("internal", notAdditive({ statement: statement.name }));
    try {
      await session.run(statement);
    } catch (error) {
      if (file.optional === undefined || !(error instanceof Failure)) throw error;
      const says = error.problems[0]?.says ?? error.message;
      return { ...base, outcome: "not applied", reason: `${file.optional}; ${says}` };
    }
  }
  return { ...base, outcome: "applied", reason: null };
}

async function existing(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<Evolution & { version: number }> {
  const evolution = await planEvolution(session, dialect, { pipeline, accept: [] });
  const isNew = evolution.missing.includes("ops.schema_version");
  return { ...evolution, version: isNew ? OPS_VERSION : await opsVersion(session, dialect) };
}

/**
 * Brings a warehouse to what a pipeline asks for: everything additive, file by file in order, after curated tables of an older version got
 * their name of today and tables that are otherwise and that nothing was published to were removed. A file that the account's rights or
 * edition do not allow is reported and the others go on; one that runs need stops it.
 * @throws Failure `blocked` that names each object which the pipeline would destroy or retype, before any of them is changed;
 * `usage` when a newer version of this program has deployed.
 */
export async function applyDeployment(
  session: Session,
  dialect: Dialect,
  options: {
    pipeline: Pipeline;
    files: readonly DdlFile[];
    origin: AuditOrigin;
    onFile: (applied: AppliedFile) => void;
  },
): Promise<AppliedFile[]> {
  const applied: AppliedFile[] = [];
  const apply = async (files: readonly DdlFile[]) => {
    for (const file of files) {
      const done = await applyFile(session, file);
      options.onFile(done);
      applied.push(done);
    }
  };
  await apply(options.files.filter((file) => file.foundation));
  await moveCurated(session, dialect);
  const before = await existing(session, dialect, options.pipeline);
  if (before.problems.length > 0) throw new Failure("blocked", before.problems);
  await dropUnpublished(session, dialect, before);
  const notes = await noteAdded(session, dialect, { added: before.added, origin: options.origin });
  const changes: DdlFile = {
    name: "045_changes",
    about: "Upgrades of the ops tables and columns that contracts add or widen.",
    statements: [...opsUpgrade(dialect, before.version), ...notes, ...before.statements],
  };
  const rest = options.files.filter((file) => !file.foundation);
  await apply([...rest, ...(changes.statements.length > 0 ? [changes] : [])].sort((a, b) => (a.name < b.name ? -1 : 1)));
  return applied;
}
