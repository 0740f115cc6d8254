import { groupOption } from "../config/commands.ts";
import { modelsOf } from "../config/groups.ts";
import { feedsReaching, tablesRead } from "../config/model-inputs.ts";
import type { Group, Model, Pipeline } from "../config/pipeline.ts";
import { type AddedColumn, BEFORE_RETIREMENT, type SelectEra } from "../ledger/recorded.ts";

/** A curated table of which the next publication computes all rows again, and why, for people. */
export interface Recompute {
  readonly table: string;
  readonly why: string;
}

/** What says which tables' rows are not what their models give today. */
export interface RecomputeFacts {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly eras: ReadonlyMap<string, readonly SelectEra[]>;
  readonly addedColumns: readonly AddedColumn[];
  /** Tables that somebody asks for. */
  readonly asked: readonly string[];
}

function bySelect(eras: readonly SelectEra[]): string | null {
  const [first] = eras;
  if (first === undefined) return null;
  if (first.after > 0n) return "it is newer than rows that it is made of";
  if (eras.some(({ select }) => select === BEFORE_RETIREMENT)) return "its rows may be as old as its retirement";
  const today = eras.at(-1)?.select;
  // An era that ends where it began is that of a run which published nothing.
  const isOther = ({ after, select }: SelectEra, i: number) => select !== today && (eras[i + 1]?.after ?? after) > after;
  return eras.some(isOther) ? "its rows were made by another SELECT" : null;
}

function byColumns({ table, contract }: Model, addedColumns: readonly AddedColumn[]): string | null {
  const named = new Set(contract.columns.map(({ name }) => name));
  const mine = addedColumns.filter((c) => c.relation === `curated.${table}` && c.after > 0n && named.has(c.column));
  const columns = [...new Set(mine.map(({ column }) => column))];
  return columns.length === 0 ? null : `its rows are older than ${columns.join(", ")}`;
}

/**
 * Tables of a group whose published rows are not those that their models would give, those that are asked for, and every table that reads one
 * of them: behind a table that is computed whole, what a changed row reached before is not known key by key. In the order of what they read.
 */
export function tablesToRecompute({ pipeline, group, eras, addedColumns, asked }: RecomputeFacts): Recompute[] {
  const found = new Map<string, Recompute>();
  for (const model of modelsOf(pipeline, group)) {
    const { table } = model;
    const before = tablesRead(model).find((read) => found.has(read));
    const why =
      bySelect(eras.get(table) ?? []) ??
      byColumns(model, addedColumns) ??
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

/** The command that computes tables again, whatever it costs. */
export function recomputeCommand(pipeline: Pipeline, group: string, tables: readonly Recompute[]): string {
  const names = tables.map(({ table }) => table).join(",");
  return `ledgerloop run --recompute ${names}${groupOption(pipeline, group)} --allow-cost --reason "…"`;
}
