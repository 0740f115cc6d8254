import { groupOption } from "../config/commands.ts";
import { modelsOf } from "../config/groups.ts";
import { feedsReaching, tablesRead } from "../config/model-inputs.ts";
import type { Group, Model, Pipeline } from "../config/pipeline.ts";
import { type AddedColumn, BEFORE_RETIREMENT, type SelectEra } from "../ledger/recorded.ts";
import type { NewDerived } from "./evolve.ts";

/** A curated table of which the next publication computes all rows again, and why, for people. */
export interface Recompute {
  readonly table: string;
  readonly why: string;
}

/** Whether a model's table is among those that are computed again. */
export function isRecomputed(tables: readonly Recompute[], model: Pick<Model, "table">): boolean {
  return tables.some(({ table }) => table === model.table);
}

/** What says which tables' rows are not what their models give today. */
export interface RecomputeFacts {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly eras: ReadonlyMap<string, readonly SelectEra[]>;
  readonly addedColumns: readonly AddedColumn[];
  /** Columns of feeds that are made in all rows with the next publication. */
  readonly newDerived: readonly Pick<NewDerived, "feed" | "name">[];
  /** Tables that somebody asks for. */
  readonly asked: readonly string[];
}

function bySelect(eras: readonly SelectEra[]): string | null {
  const [first] = eras;
  if (first === undefined) return null;
  if (first.after > 0n) return "it is newer than rows that it is made of";
  if (eras.some(({ select }) => select === BEFORE_RETIREMENT)) return "its rows may be as old as its retirement";
  const today = eras.at(-1)?.select;
  const isOther = ({ select }: SelectEra) => select !== today;
  return lived(eras).some(isOther) ? "its rows were made by another SELECT" : null;
}

/** Eras but the last in which something was published: one that ends where it began is that of a blocked run. */
function lived(eras: readonly SelectEra[]): SelectEra[] {
  return eras.filter(({ after }, i) => (eras[i + 1]?.after ?? after) > after);
}

/** Columns that came later than rows: added to the table, or back in its contract after rows were made without them. */
function byColumns(
  { table, contract }: Model,
  { eras, addedColumns }: { eras: readonly SelectEra[]; addedColumns: readonly AddedColumn[] },
): string | null {
  const named = contract.columns.map(({ name }) => name);
  const added = addedColumns.filter((c) => c.relation === `curated.${table}` && c.after > 0n).map((c) => c.column);
  const made = lived(eras).flatMap(({ columns }) => (columns ? [columns] : []));
  const columns = named.filter((name) => added.includes(name) || made.some((known) => !known.includes(name)));
  return columns.length === 0 ? null : `its rows are older than ${columns.join(", ")}`;
}

function byDerived({ touches }: Model, newDerived: RecomputeFacts["newDerived"]): string | null {
  const made = newDerived.find(({ feed }) => touches.some((touch) => "feed" in touch && touch.feed === feed));
  return made ? `${made.name} of ${made.feed}, which it reads, is made in all rows` : null;
}

/**
 * Tables of a group whose published rows are not those that their models would give, those that are asked for, and every table that reads one
 * of them: behind a table that is computed whole, what a changed row reached before is not known key by key. In the order of what they read.
 */
export function tablesToRecompute(facts: RecomputeFacts): Recompute[] {
  const { pipeline, group, eras, addedColumns, newDerived, asked } = facts;
  const found = new Map<string, Recompute>();
  for (const model of modelsOf(pipeline, group)) {
    const { table } = model;
    const before = tablesRead(model).find((read) => found.has(read));
    const why =
      bySelect(eras.get(table) ?? []) ??
      byColumns(model, { eras: eras.get(table) ?? [], addedColumns }) ??
      byDerived(model, newDerived) ??
      (before === undefined ? null : `curated.${before}, which it reads, is computed again`) ??
      (asked.includes(table) ? "it was asked for" : null);
    if (why !== null) found.set(table, { table, why });
  }
  return [...found.values()];
}

/** Feeds of which all live rows are read to compute tables again; each once. */
export function feedsToRecompute(pipeline: Pick<Pipeline, "models">, tables: readonly Recompute[]): string[] {
  const feeds = tables.flatMap(({ table }) => {
    const model = pipeline.models.get(table);
    return model ? feedsReaching(pipeline, model) : [];
  });
  return [...new Set(feeds)];
}

/** The command that computes tables again, whatever it costs, with what else was decided. */
export function recomputeCommand(
  pipeline: Pipeline,
  { group, tables, acceptRemoved }: { group: string; tables: readonly Recompute[]; acceptRemoved: readonly string[] },
): string {
  const names = tables.map(({ table }) => table).join(",");
  const accepted = acceptRemoved.length === 0 ? "" : ` --accept-removed ${acceptRemoved.join(",")}`;
  return `ledgerloop run --recompute ${names}${groupOption(pipeline, group)}${accepted} --allow-cost --reason "…"`;
}
