import { Failure, type Problem } from "../kernel/problem.ts";
import type { Dialect, Schema } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { rowsName } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** A table that is not as the pipeline asks, and whose rows would be in the way of making it anew. */
export interface Changed {
  readonly schema: Schema;
  readonly table: string;
  /** The feed whose staging table it is; null for a curated table or its history. */
  readonly feed: string | null;
  /** What stops a run where something of it is published. */
  readonly problems: readonly Problem[];
}

/** `schema.table`, as tables are named to people. */
export function relationName({ schema, table }: Pick<Changed, "schema" | "table">): string {
  return `${schema}.${table}`;
}

/**
 * True where nothing of a table was ever published: staging and curated tables keep their tombstones and history every replaced row, so
 * one that has no row never had any. A feed of which the ledger has a batch was published, though all its rows wait.
 */
function neverPublished(dialect: Dialect, { schema, table, feed }: Changed, isThere: (relation: string) => boolean): string {
  const beside = schema === "staging" ? ["staging"] : ["curated", "history"];
  const tables = (beside as Schema[]).filter((name) => isThere(`${name}.${rowsName(name, table)}`.toLowerCase()));
  const empty = tables.map((name) => `NOT EXISTS (SELECT 1 FROM ${dialect.table(name, rowsName(name, table))} t)`);
  const batch =
    feed === null ? [] : [`NOT EXISTS (SELECT 1 FROM ${ops(dialect, "batch")} b WHERE b.feed = ${dialect.literal(feed)})`];
  return [...empty, ...batch].join(" AND ");
}

/** Those of changed tables of which nothing was ever published; none where the ledger is not there to ask. */
export async function unpublishedOf<T extends Changed>(
  session: Session,
  dialect: Dialect,
  { changed, relations }: { changed: readonly T[]; relations: ReadonlySet<string> },
): Promise<T[]> {
  if (changed.length === 0 || !relations.has("ops.batch")) return [];
  const selects = changed.map(
    (of) =>
      `SELECT ${dialect.literal(relationName(of))} AS name WHERE ${neverPublished(dialect, of, (name) => relations.has(name))}`,
  );
  const rows = await session.rows({ name: "begin.unpublished", sql: selects.join("\nUNION ALL\n") });
  const names = new Set(rows.map((row) => row["name"]));
  return changed.filter((of) => names.has(relationName(of)));
}

/** The statement that removes a table which nothing was published to, so that it is made as the pipeline asks. */
export function dropSql(dialect: Dialect, { schema, table }: Pick<Changed, "schema" | "table">): string {
  return `DROP TABLE IF EXISTS ${dialect.table(schema, rowsName(schema, table))}`;
}

/**
 * Removes tables that nothing was published to; whoever makes the tables makes them anew. Looks again first: what was published
 * meanwhile stays.
 * @throws Failure `blocked` that names what stands in the way, before anything is removed.
 */
export async function dropUnpublished(
  session: Session,
  dialect: Dialect,
  { anew, relations }: { anew: readonly Changed[]; relations: ReadonlySet<string> },
): Promise<void> {
  const still = await unpublishedOf(session, dialect, { changed: anew, relations });
  const published = anew.filter((of) => !still.includes(of));
  if (published.length > 0)
    throw new Failure(
      "blocked",
      published.flatMap((of) => of.problems),
    );
  for (const of of anew) await session.run({ name: `ddl.anew.${relationName(of)}`, sql: dropSql(dialect, of) });
}
