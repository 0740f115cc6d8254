import type { Model, Pipeline } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type Reaching, reaching, reachingKeys, reachingRows, reachingTables } from "./curated-row.ts";

/** A row of a curated table on the way from a key to rows of feeds. */
export interface Step {
  readonly table: Model;
  readonly key: readonly string[];
}

/** A row of a feed that a key was made of, and the tables that it came through, the nearest to the key first. */
export interface LedBack {
  readonly of: Reaching;
  readonly row: TextRow;
  readonly through: readonly Step[];
}

/** What leads back from a curated key, and of which inputs there are more rows than those that were followed. */
export interface Origins {
  readonly rows: readonly LedBack[];
  readonly more: readonly { readonly input: string; readonly rows: bigint }[];
}

interface Asking {
  readonly ask: (statement: Statement) => Promise<TextRow[]>;
  readonly dialect: Dialect;
  readonly pipeline: Pick<Pipeline, "feeds" | "models">;
}

const totalOf = (rows: readonly TextRow[]) => BigInt(rows[0]?.["total"] ?? "0");

async function follow(asking: Asking, { table, key }: Step, through: readonly Step[]): Promise<Origins> {
  const { ask, dialect, pipeline } = asking;
  const found: Origins[] = [];
  const seen = (input: string, rows: readonly TextRow[]) => {
    const total = totalOf(rows);
    return total > BigInt(rows.length) ? [{ input, rows: total }] : [];
  };
  for (const of of reaching(pipeline, table)) {
    const rows = await ask(reachingRows(dialect, of, key));
    found.push({ rows: rows.map((row) => ({ of, row, through })), more: seen(of.feed.id, rows) });
  }
  for (const of of reachingTables(pipeline, table)) {
    const rows = await ask(reachingKeys(dialect, of, key));
    found.push({ rows: [], more: seen(`curated.${of.table.table}`, rows) });
    for (const row of rows) {
      const step = { table: of.table, key: of.table.key.map((_, i) => row[`key_${i}`] ?? "") };
      found.push(await follow(asking, step, [...through, step]));
    }
  }
  return { rows: found.flatMap(({ rows }) => rows), more: found.flatMap(({ more }) => more) };
}

/** Leads a curated key back to rows of feeds, through the tables that it was made of; tables read each other in no circle. */
export function leadBack(asking: Asking, from: Step): Promise<Origins> {
  return follow(asking, from, []);
}
