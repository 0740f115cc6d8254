import { feedViewed } from "../config/as-view.ts";
import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { canonicalJson, fingerprint } from "../kernel/fingerprint.ts";
import { readNumbers } from "../ledger/fence.ts";
import type { SelectEra } from "../ledger/recorded.ts";
import { projectionOf } from "../sql/projection.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { curatedRows, ROWS, rowsName, stagingRows, stagingTable } from "../warehouse/relations.ts";
import { castColumns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";

/**
 * Curated tables whose rows are a view over the staging table that they are made of: `<table>__rows` is that view instead of a table. It is one as long as nothing but plain hours
 * happens to it. Whatever makes a row of staging and its curated row differ (another SELECT, other columns, a rename, a retirement) finds a table again, with the same rows.
 */

type Kind = "view" | "table";

interface Found {
  readonly kind: Kind;
  /** What a view says of how it was made; null where it says nothing. */
  readonly mark: string | null;
}

/** What the rows of staging and of each curated table are, as `schema.name` in lower case, by what the warehouse has. */
async function relationsFound(session: Session): Promise<Map<string, Found>> {
  const rows = await session.rows({
    name: "begin.curated-kinds",
    sql: "SELECT LOWER(t.table_schema || '.' || t.table_name) AS name, t.table_type AS kind, t.table_comment AS mark FROM information_schema.tables t WHERE LOWER(t.table_schema) IN ('curated', 'staging')",
  });
  return new Map(
    rows.map(({ name, kind, mark }) => [name ?? "", { kind: kind === "VIEW" ? "view" : "table", mark: mark ?? null }]),
  );
}

const nameOf = ({ table }: Pick<Model, "table">) => `curated.${rowsName("curated", table)}`;

/** Curated tables whose rows are a view, and how each says that it was made: the mark of `viewOfRows`, or null. */
export type CuratedViews = ReadonlyMap<string, string | null>;

async function curatedViews(session: Session): Promise<CuratedViews> {
  const views = [...(await relationsFound(session))].filter(([name, { kind }]) => kind === "view" && name.endsWith(ROWS));
  return new Map(views.map(([name, { mark }]) => [name.slice("curated.".length, -ROWS.length), mark]));
}

/** What a view's rows are made by, beside its model: the eras that are recorded of the table, and the group's last publication. */
interface Made {
  readonly eras: readonly SelectEra[];
  readonly head: bigint;
}

/** The contract's version by which the row of a publication was written: that of its era, today's above the head. */
function versionOf(dialect: Dialect, { contract }: Model, { eras, head }: Made): string {
  const known = eras.filter(({ after, version }) => version !== undefined && after < head);
  const versions = [...known, { after: head, version: contract.version }].filter(
    ({ version }, i, all) => version !== all[i - 1]?.version,
  );
  const cases = versions
    .slice(1)
    .map(({ after }, i) => `WHEN m._publication <= ${after} THEN ${dialect.literal(versions[i]?.version ?? "")}`);
  const today = dialect.literal(contract.version);
  return cases.length === 0 ? today : `CASE ${cases.join(" ")} ELSE ${today} END`;
}

/**
 * A SELECT of a model's rows of some rows of its feed's staging table, tombstones included, as its table would have them.
 * @param from the staging rows, as SQL that a FROM has
 * @throws Error for a model whose query is no projection, which configuration refuses.
 */
export function rowsOfView(dialect: Dialect, model: Model, { from, ...of }: Made & { readonly from: string }): string {
  const projection = projectionOf(model.select);
  if (typeof projection === "string") throw new Error(`${model.table} cannot be a view: its query ${projection}`);
  return `SELECT ${castColumns(dialect, model.contract.columns, "m")}, ${versionOf(dialect, model, of)} AS _contract_version, m._publication AS _publication, m._deleted_at AS deleted_at
FROM (
${projection.over(from, ["_publication", "_deleted_at"])}
) m`;
}

/**
 * Makes the view of a model's rows over its feed's staging table, tombstones included, as its table would have them, and marks it with what it
 * was made of: a view that has the mark already needs no making, one that a hand put in its place has none.
 * @param marked the mark of the view that is there
 * @returns nothing where that view is the one.
 * @throws Error for a model whose query is no projection, which configuration refuses.
 */
export function viewOfRows(
  dialect: Dialect,
  model: Model,
  { feed, marked, ...of }: Made & { readonly feed: Feed; readonly marked?: string | null | undefined },
): Statement[] {
  const view = curatedRows(dialect, model);
  const sql = `CREATE OR REPLACE VIEW ${view} AS\n${rowsOfView(dialect, model, { ...of, from: stagingRows(dialect, feed) })}`;
  const mark = fingerprint(sql);
  if (mark === marked) return [];
  return [
    { name: `ddl.curated.${model.table}`, sql },
    { name: `ddl.curated-mark.${model.table}`, sql: `COMMENT ON VIEW ${view} IS ${dialect.literal(mark)}` },
  ];
}

/** The feed that a model reads which is to be a view. */
export function feedOf({ select, table }: Model, { feeds }: Pick<Pipeline, "feeds">): Feed {
  const found = feedViewed(select, feeds);
  if (!found) throw new Error(`${table} cannot be a view, which configuration should have refused`);
  return found;
}

/** Columns of a view that a value of staging may fail to become: expressions, and columns of another type than staging's. */
export function madeColumns({ select, contract }: Pick<Model, "select" | "contract">, feed: Feed): string[] {
  const projection = projectionOf(select);
  const plain = typeof projection === "string" ? undefined : projection.plain;
  const staged = new Map(stagedColumns(feed.contract).map(({ name, type }) => [name.toLowerCase(), canonicalJson(type)]));
  const isAsStaged = ({ name, type }: Contract["columns"][number]) =>
    staged.get(plain?.get(name.toLowerCase()) ?? "") === canonicalJson(type);
  return contract.columns.flatMap((column) => (isAsStaged(column) ? [] : [column.name]));
}

/** The statements that make a view a table with the same rows; for `Session.replace`. */
function tableInPlace(dialect: Dialect, table: string): Statement[] {
  const [rows, made] = [curatedRows(dialect, { table }), `${table}__made`];
  const named = dialect.renameTable("curated", { from: made, to: rowsName("curated", table) });
  return [
    { name: `ddl.table.curated.${table}`, sql: `CREATE TABLE ${dialect.table("curated", made)} AS SELECT * FROM ${rows}` },
    { name: `ddl.table-drop.curated.${table}`, sql: `DROP VIEW ${rows}` },
    { name: `ddl.table-rename.curated.${table}`, sql: named },
  ];
}

/** Makes views tables with the same rows, each at once: what is published does not change. */
async function makeTables(session: Session, dialect: Dialect, tables: Iterable<string>): Promise<void> {
  for (const table of tables) await session.replace(tableInPlace(dialect, table));
}

/** Ends those of some curated tables that are views: they become tables, which what is about to happen needs. */
export async function endViews(session: Session, dialect: Dialect, tables: readonly string[]): Promise<void> {
  if (!dialect.can.curatedViews || tables.length === 0) return;
  const views = await curatedViews(session);
  await makeTables(session, dialect, new Set(tables.filter((table) => views.has(table))));
}

/** The statements that the next run makes tables of views with: of some tables, and of those that the pipeline has as tables. */
export async function viewsToEnd(
  session: Session,
  dialect: Dialect,
  { pipeline, tables }: { pipeline: Pick<Pipeline, "models">; tables: readonly string[] },
): Promise<Statement[]> {
  if (!dialect.can.curatedViews) return [];
  const views = await curatedViews(session);
  const ends = ({ table, asView }: Model) => views.has(table) && (!asView || tables.includes(table));
  return [...pipeline.models.values()].filter(ends).flatMap(({ table }) => tableInPlace(dialect, table));
}

async function hasRows(session: Session, relation: string): Promise<boolean> {
  return (await session.rows({ name: "begin.has-rows", sql: `SELECT 1 AS n FROM ${relation} t LIMIT 1` })).length > 0;
}

/** A model among what the warehouse has. */
interface Settling {
  readonly model: Model;
  readonly found: ReadonlyMap<string, Found>;
  /** The last publication of its group. */
  readonly head: bigint;
  readonly pipeline: Pick<Pipeline, "models" | "feeds">;
}

/** Whether a table may be made anew in any form: its group has published nothing, and neither it nor, where it is to be a view, its feed has a row. */
async function isFree(session: Session, dialect: Dialect, { model, found, head, pipeline }: Settling): Promise<boolean> {
  if (head !== 0n) return false;
  const feed = model.asView ? feedOf(model, pipeline) : undefined;
  const named = [
    [nameOf(model), curatedRows(dialect, model)] as const,
    ...(feed ? [[`staging.${stagingTable(feed)}`, stagingRows(dialect, feed)] as const] : []),
  ];
  for (const [name, relation] of named) if (found.has(name.toLowerCase()) && (await hasRows(session, relation))) return false;
  return true;
}

const NONE: ReadonlySet<string> = new Set();

/** Curated tables that are views and that the pipeline has as such. */
export async function viewsAmong(session: Session, dialect: Dialect, models: readonly Model[]): Promise<CuratedViews> {
  const wanted = new Set(models.flatMap(({ asView, table }) => (asView ? [table] : [])));
  if (!dialect.can.curatedViews || wanted.size === 0) return new Map();
  return new Map([...(await curatedViews(session))].filter(([table]) => wanted.has(table)));
}

/** Removes what is free to be made anew, and makes a view that is to be a table one; says whether a view is to be made. */
async function settle(session: Session, dialect: Dialect, of: Settling): Promise<boolean> {
  const { model, found, head } = of;
  const kind = found.get(nameOf(model))?.kind;
  if (await isFree(session, dialect, of)) {
    const sql = `DROP ${kind?.toUpperCase()} ${curatedRows(dialect, model)}`;
    if (kind !== undefined) await session.run({ name: `ddl.anew.curated.${model.table}`, sql });
    return model.asView === true;
  }
  // Rows that another group published have numbers of that group's.
  if (kind === "view" && (!model.asView || head === 0n)) await makeTables(session, dialect, [model.table]);
  return false;
}

/**
 * Brings views to what the pipeline asks, before anything else is compared with it: those of which nothing was published are removed, and so are empty tables
 * that are to be views; of the others, those that are to be tables become ones.
 * @returns the tables that are to be made as views, now that nothing is there.
 */
export async function settleViews(
  session: Session,
  dialect: Dialect,
  pipeline: Pick<Pipeline, "models" | "feeds">,
): Promise<ReadonlySet<string>> {
  if (!dialect.can.curatedViews) return NONE;
  const found = await relationsFound(session);
  const toMake = new Set<string>();
  for (const model of pipeline.models.values()) {
    const isAbout = found.get(nameOf(model))?.kind === "view" || model.asView;
    if (!isAbout) continue;
    const { head } = await readNumbers(session, dialect, model.group);
    if (await settle(session, dialect, { model, found, head, pipeline })) toMake.add(model.table);
  }
  return toMake;
}
