import { groupOption } from "../config/commands.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import type { ColumnType, DerivedColumn } from "../contract/contract.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { grouped } from "../kernel/grouped.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import { type AuditOrigin, recordAudit } from "../ledger/audit-trail.ts";
import { readNumbers } from "../ledger/fence.ts";
import { type AddedColumn, COLUMN_ADDED } from "../ledger/recorded.ts";
import type { Dialect, Schema, Statement } from "../warehouse/dialect.ts";
import { FORM, fillForms, hasForms } from "../warehouse/key-form.ts";
import { fenceName, OPS_TABLES, OPS_VIEWS, ops } from "../warehouse/ops-tables.ts";
import {
  CURATED_META,
  type MetaType,
  metaType,
  rowsName,
  STAGING_META_NAMES,
  stagingExtra,
  stagingRows,
  stagingTable,
  stem,
} from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type Changed, dropUnpublished, relationName, unpublishedOf } from "./anew.ts";
import { endViews } from "./curated-views.ts";
import { derivedChanged, keyChanged, notDeployed, removedColumn, retypedColumn } from "./problems.ts";

/** A table of the warehouse, the contract columns it must have and what tells its rows apart. */
interface Wanted {
  readonly schema: Schema;
  /** As people know it and the ledger records it; `rowsName` is what the engine calls it. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: MetaType }[];
  /** Null for history, whose rows are versions. */
  readonly key: string | null;
  readonly derived: readonly Pick<DerivedColumn, "name" | "template">[];
  readonly group: string;
  /** The feed whose staging table it is. */
  readonly feed: string | null;
}

/** A contract column that a published table does not have yet. */
interface MissingColumn extends Pick<Wanted, "schema" | "table" | "group"> {
  readonly column: string;
}

/** A derived column of a feed's staging table, and under what its template is recorded. */
export interface NewDerived {
  readonly feed: string;
  readonly group: string;
  readonly name: string;
  readonly subject: string;
  readonly template: string;
}

/** What a pipeline asks of the published tables before the next publication. */
export interface Evolution {
  /** Runs by itself, before any transaction: columns are added or widened. */
  readonly statements: readonly Statement[];
  /** Curated tables whose columns they change. */
  readonly altered: readonly string[];
  /** The columns that they add, but for those of history and the engine's own. */
  readonly added: readonly MissingColumn[];
  /** Tables and views of the pipeline that are not there yet, or are made anew, as `schema.name`. */
  readonly missing: readonly string[];
  /** Tables that are otherwise than the pipeline asks and that nothing was published to: they are removed and made anew. */
  readonly anew: readonly Changed[];
  /** Everything that is there, views included, as `schema.name` in lower case. */
  readonly relations: ReadonlySet<string>;
  /** What the next run stops at. */
  readonly problems: readonly Problem[];
  /** Tables whose key is not recorded yet, with the key. */
  readonly newKeys: readonly { readonly table: string; readonly key: string }[];
  /** Derived columns with which nothing was published yet: whoever publishes first fills them in all rows, whatever stands there. */
  readonly newDerived: readonly NewDerived[];
  /** Curated table → published columns that its contract does not name any more. */
  readonly retired: ReadonlyMap<string, readonly string[]>;
}

/** Columns that somebody has accepted to lose, as `schema.table.column`. */
export const COLUMN_ACCEPTED = "column.accepted";
/** The key by which the rows of a table were first published. */
export const KEY_DECLARED = "key.declared";

function wantedTables(pipeline: Pipeline): Wanted[] {
  const staging = [...pipeline.feeds.values()].map((feed) => ({
    schema: "staging" as const,
    table: stagingTable(feed),
    columns: [...stagedColumns(feed.contract), ...stagingExtra(feed)],
    key: `source key (${feed.sourceKey.join(", ")}), business key (${feed.businessKey.join(", ")})`,
    derived: feed.contract.derived,
    group: feed.group,
    feed: feed.id,
  }));
  const curated = [...pipeline.models.values()].flatMap((model) =>
    (["curated", "history"] as const).map((schema) => ({
      schema,
      table: model.table,
      columns: model.contract.columns,
      key: schema === "curated" ? `(${model.key.join(", ")})` : null,
      derived: [],
      group: model.group,
      feed: null,
    })),
  );
  return [...staging, ...curated];
}

/** Schemas whose columns a pipeline decides; `ops` shows whether anything was recorded yet. */
const SCHEMAS = ["staging", "curated", "history", "ops"] as const;

/** The engine writes some types with blanks: `DECIMAL(18, 2)` and `DECIMAL(18,2)` are one. */
const plain = (type: string) => type.replaceAll(" ", "").toUpperCase();

/**
 * Types that a column may have had and that both engines change to this one in place, losing nothing: integers of fewer bits,
 * decimals of fewer digits and the same scale. Snowflake cannot change a scale; texts have no length in either.
 */
function narrowerTypes(type: MetaType): ColumnType[] {
  if (typeof type === "string") return [];
  if (type.kind === "integer") return ([16, 32] as const).filter((bits) => bits < type.bits).map((bits) => ({ ...type, bits }));
  if (type.kind !== "decimal") return [];
  const { precision, scale } = type;
  return Array.from({ length: precision - 1 }, (_, i) => ({ ...type, precision: i + 1 })).filter((t) => t.precision >= scale);
}

interface Published {
  /** `schema.table` of everything that is there, views included; lower case. */
  readonly relations: ReadonlySet<string>;
  /** Column → the engine's type, of one table; empty when there is no such table yet. */
  readonly columnsOf: (wanted: Wanted) => ReadonlyMap<string, string>;
  readonly accepted: ReadonlySet<string>;
  /** Columns, as `schema.table.column`, that were added and that no publication has written yet. */
  readonly unwritten: ReadonlySet<string>;
  /** Table → key under which its rows were published. */
  readonly keys: ReadonlyMap<string, string>;
}

async function events(session: Session, dialect: Dialect): Promise<TextRow[]> {
  const names = [COLUMN_ACCEPTED, KEY_DECLARED, COLUMN_ADDED].map((name) => dialect.literal(name)).join(", ");
  const sql = `SELECT a.event, a.subject, a.detail, CASE WHEN a.event = ${dialect.literal(COLUMN_ADDED)} AND a.detail = (
  SELECT ${asText("COALESCE(MAX(p.number), 0)")} FROM ${ops(dialect, "publication")} p WHERE p.run_group = a.run_group
) THEN 'unwritten' END AS state
FROM ${ops(dialect, "audit_event")} a WHERE a.event IN (${names}) ORDER BY a.happened_at`;
  return session.rows({ name: "begin.accepted", sql });
}

async function readPublished(session: Session, dialect: Dialect): Promise<Published> {
  const rows = await session.rows({ name: "begin.columns", sql: dialect.columnsOf(SCHEMAS) });
  const tables = new Map<string, Map<string, string>>();
  for (const row of rows) {
    const name = `${row["table_schema"]}.${row["table_name"]}`;
    const columns = tables.get(name) ?? new Map<string, string>();
    tables.set(name, columns.set(row["column_name"] ?? "", row["data_type"] ?? ""));
  }
  const recorded = tables.has("ops.audit_event") ? await events(session, dialect) : [];
  const of = (event: string) => recorded.filter((row) => row["event"] === event);
  return {
    relations: new Set(tables.keys()),
    columnsOf: ({ schema, table }) => tables.get(`${schema}.${rowsName(schema, table).toLowerCase()}`) ?? new Map(),
    accepted: new Set(of(COLUMN_ACCEPTED).map((row) => row["subject"] ?? "")),
    unwritten: new Set(of(COLUMN_ADDED).flatMap((row) => (row["state"] === null ? [] : [row["subject"] ?? ""]))),
    keys: new Map(of(KEY_DECLARED).map((row) => [row["subject"] ?? "", row["detail"] ?? ""])),
  };
}

/** What one contract column asks of a table that exists. */
function columnStep(
  dialect: Dialect,
  { schema, table }: Wanted,
  column: { name: string; type: MetaType; is: string | undefined },
): Statement | Problem | null {
  const { name, type, is } = column;
  const wanted = metaType(dialect, type);
  const alter = `ALTER TABLE ${dialect.table(schema, rowsName(schema, table))}`;
  const quoted = dialect.identifier(name);
  if (is === undefined) return { name: `ddl.add.${schema}.${table}.${name}`, sql: `${alter} ADD COLUMN ${quoted} ${wanted}` };
  if (plain(is) === plain(wanted)) return null;
  if (narrowerTypes(type).some((narrow) => plain(dialect.columnType(narrow)) === plain(is))) {
    return { name: `ddl.widen.${schema}.${table}.${name}`, sql: `${alter} ALTER COLUMN ${quoted} SET DATA TYPE ${wanted}` };
  }
  return retypedColumn({ table: `${schema}.${table}`, column: name, is, wanted });
}

/** Published columns of a curated table that no contract names any more; its readers may still select them. */
function lostColumns(wanted: Wanted, existing: ReadonlyMap<string, string>): string[] {
  if (wanted.schema !== "curated") return [];
  const known = new Set([...wanted.columns, ...CURATED_META.map(([name]) => ({ name }))].map((c) => c.name.toLowerCase()));
  return [...existing.keys()].filter((name) => !known.has(name));
}

function keyProblems(wanted: Wanted, recorded: ReadonlyMap<string, string>): Problem[] {
  const { key } = wanted;
  const table = relationName(wanted);
  const was = recorded.get(table);
  const differs = key !== null && was !== undefined && key !== was;
  const prefix = `${table}.`;
  const made = [...recorded].filter(([name]) => name.startsWith(prefix));
  const derived = made.flatMap(([name, before]) => {
    const column = name.slice(prefix.length);
    const is = wanted.derived.find((of) => of.name === column)?.template ?? null;
    return is === before ? [] : [derivedChanged({ table, column, was: before, is })];
  });
  return [...(differs ? [keyChanged({ table, was, is: key })] : []), ...derived];
}

/** Derived columns of a table with which nothing was published yet, and what they will be declared as. */
function undeclared(wanted: Wanted, known: ReadonlyMap<string, string>): NewDerived[] {
  const { feed, group } = wanted;
  if (feed === null) return [];
  return wanted.derived.flatMap(({ name, template }) => {
    const subject = `${relationName(wanted)}.${name}`;
    return known.has(subject) ? [] : [{ feed, group, name, subject, template }];
  });
}

/** What fills the engine's own columns that a feed's rows were published without. */
function fills(dialect: Dialect, feed: Feed | undefined, existing: ReadonlyMap<string, string>): Statement[] {
  if (!feed || !hasForms(feed) || existing.has(FORM)) return [];
  return [fillForms(dialect, { feed, rows: stagingRows(dialect, feed) })];
}

/** What one table that exists asks for. */
function tableSteps(
  dialect: Dialect,
  wanted: Wanted,
  of: { pipeline: Pick<Pipeline, "defaultGroup">; existing: ReadonlyMap<string, string>; published: Published },
) {
  const { existing, published } = of;
  const steps = wanted.columns.flatMap(
    ({ name, type }) => columnStep(dialect, wanted, { name, type, is: existing.get(name.toLowerCase()) }) ?? [],
  );
  const { schema, table, group } = wanted;
  const missing = wanted.columns.filter(({ name }) => !STAGING_META_NAMES.includes(name) && !existing.has(name.toLowerCase()));
  return {
    statements: steps.filter((step): step is Statement => "sql" in step),
    added: schema === "history" ? [] : missing.map(({ name: column }) => ({ schema, table, group, column })),
    problems: [
      ...keyProblems(wanted, published.keys),
      ...steps.filter((step): step is Problem => !("sql" in step)),
      ...lostColumns(wanted, existing)
        .map((name) => `curated.${wanted.table}.${name}`)
        .filter((column) => !published.accepted.has(column) && !published.unwritten.has(column))
        .map((column) => removedColumn({ column, option: groupOption(of.pipeline, group) })),
    ],
  };
}

/** Every table and view that a run reads or writes, as `schema.name` in lower case. */
function relationsOf(pipeline: Pipeline): string[] {
  const ops = [...Object.keys(OPS_TABLES), ...OPS_VIEWS, ...[...pipeline.groups.keys()].map(fenceName)];
  const staging = [...pipeline.feeds.values()].map((feed) => `staging.${stem(feed)}`);
  const curated = [...pipeline.models.values()].map((model) => `curated.${model.table}`);
  return [...ops.map((name) => `ops.${name}`), ...staging, ...curated, ...wantedTables(pipeline).map(tableName)].map((name) =>
    name.toLowerCase(),
  );
}

/** `schema.table` as the engine calls it. */
const tableName = ({ schema, table }: Pick<Wanted, "schema" | "table">) => `${schema}.${rowsName(schema, table)}`;

const isNamed = (of: Changed, name: string) => tableName(of).toLowerCase() === name;

/** Compares what a pipeline asks for with what is published. Changes nothing. */
export async function planEvolution(
  session: Session,
  dialect: Dialect,
  options: { pipeline: Pipeline; accept: readonly string[] },
): Promise<Evolution> {
  const recorded = await readPublished(session, dialect);
  const published = { ...recorded, accepted: new Set([...recorded.accepted, ...options.accept]) };
  const tables = wantedTables(options.pipeline);
  const found = tables.flatMap((wanted) => {
    const existing = published.columnsOf(wanted);
    if (existing.size === 0) return [];
    const { statements, ...steps } = tableSteps(dialect, wanted, { pipeline: options.pipeline, existing, published });
    const feed = options.pipeline.feeds.get(wanted.feed ?? "");
    return [{ ...wanted, ...steps, statements: [...statements, ...fills(dialect, feed, existing)] }];
  });
  const { relations } = published;
  const changed = found.filter((s) => s.problems.length > 0);
  const anew = await unpublishedOf(session, dialect, { changed, relations });
  const names = new Set(anew.map(relationName));
  const steps = found.filter((s) => !names.has(relationName(s)));
  return {
    statements: steps.flatMap((s) => s.statements),
    altered: steps.flatMap((s) => (s.schema === "curated" && s.statements.length > 0 ? [s.table] : [])),
    added: steps.flatMap((s) => s.added),
    missing: relationsOf(options.pipeline).filter((name) => !relations.has(name) || anew.some((of) => isNamed(of, name))),
    anew,
    relations,
    problems: steps.flatMap((s) => s.problems),
    newKeys: tables.flatMap((wanted) => {
      const name = relationName(wanted);
      const { key } = wanted;
      return key === null || (published.keys.has(name) && !names.has(name)) ? [] : [{ table: name, key }];
    }),
    newDerived: tables.flatMap((wanted) => undeclared(wanted, names.has(relationName(wanted)) ? new Map() : published.keys)),
    retired: new Map(
      tables
        .filter((wanted) => !names.has(relationName(wanted)))
        .map((wanted) => [wanted.table, lostColumns(wanted, published.columnsOf(wanted))] as const)
        .filter(([, lost]) => lost.length > 0),
    ),
  };
}

/**
 * Looks whether the tables are as the pipeline asks, where a run may not change them itself; `otherwise` says what is missing, for an
 * engine whose tables runs do change.
 * @throws Failure `usage` that names what is missing, `blocked` as `evolveTables`.
 */
export async function requireDeployed(
  session: Session,
  dialect: Dialect,
  options: { pipeline: Pipeline; accept: readonly string[]; otherwise?: typeof notDeployed },
): Promise<Evolution> {
  const evolution = await planEvolution(session, dialect, options);
  if (evolution.problems.length > 0) throw new Failure("blocked", evolution.problems);
  const pending = [...evolution.missing, ...evolution.statements.map((s) => s.name.replace(/^ddl\.\w+\./, ""))];
  if (pending.length > 0) throw new Failure("usage", (options.otherwise ?? notDeployed)({ pending }));
  return evolution;
}

/** Derived columns of a group's feeds. */
export function ofGroup({ newDerived }: Pick<Evolution, "newDerived">, group: string): NewDerived[] {
  return newDerived.filter((of) => of.group === group);
}

/** Columns that are about to be added, as they will stand recorded. */
export function addedColumns(added: Evolution["added"], head: bigint): AddedColumn[] {
  return added.map(({ schema, table, column }) => ({ relation: `${schema}.${table}`, column, after: head }));
}

/**
 * Statements that record which columns are about to be added, and the last publication without them. They stand before the DDL:
 * a note without its column is written again by the next try, a column without its note would never be told of.
 */
export async function noteAdded(
  session: Session,
  dialect: Dialect,
  { added, origin }: { added: Evolution["added"]; origin: AuditOrigin },
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const [group, columns] of grouped(added, (c) => c.group)) {
    const { head } = await readNumbers(session, dialect, group);
    const entries = addedColumns(columns, head).map(({ relation, column, after }) => ({
      event: COLUMN_ADDED,
      subject: `${relation}.${column}`,
      detail: after.toString(),
    }));
    statements.push(...recordAudit(dialect, { ...origin, group }, entries));
  }
  return statements;
}

/**
 * Adds and widens columns of published tables as the contracts ask; old rows read NULL in a new column until they change at the
 * source or are read whole. Tables that nothing was published to are removed where they are otherwise, and made by the caller. Runs before any transaction, since DDL commits one on some engines.
 * @returns what was asked for and is there now.
 * @throws Failure `blocked` when a column was retyped or removed or a key changed; then nothing was altered.
 */
export async function evolveTables(
  session: Session,
  dialect: Dialect,
  options: {
    pipeline: Pipeline;
    accept: readonly string[];
    origin: AuditOrigin;
    /** Called before anything is altered; throws where nothing must be. */
    beforeChange: (change: Pick<Evolution, "added" | "newDerived">) => Promise<void>;
  },
): Promise<Evolution> {
  const evolution = await planEvolution(session, dialect, options);
  if (evolution.problems.length > 0) throw new Failure("blocked", evolution.problems);
  if (evolution.statements.length + evolution.anew.length > 0) await options.beforeChange(evolution);
  await dropUnpublished(session, dialect, evolution);
  await endViews(session, dialect, [...evolution.altered, ...evolution.retired.keys()]);
  const notes = await noteAdded(session, dialect, { added: evolution.added, origin: options.origin });
  for (const statement of [...notes, ...evolution.statements]) await session.run(statement);
  return evolution;
}
