import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** A raw table or view that an earlier version left; today's are the session's own. */
export interface RawRelation {
  readonly name: string;
  readonly isView: boolean;
}

/** The raw relations that are there. */
export async function rawRelations(session: Session): Promise<RawRelation[]> {
  const rows = await session.rows({
    name: "upkeep.raw",
    sql: "SELECT t.table_name, t.table_type FROM information_schema.tables t WHERE LOWER(t.table_schema) = 'raw' ORDER BY t.table_name",
  });
  return rows.map((row) => ({ name: row["table_name"] ?? "", isView: row["table_type"] === "VIEW" }));
}

/** Removes one; its rows stand in the landed files. */
export function dropRaw(dialect: Dialect, { name, isView }: RawRelation): Statement {
  return {
    name: `upkeep.drop.${name}`,
    sql: `DROP ${isView ? "VIEW" : "TABLE"} IF EXISTS ${dialect.table("raw", name)}`,
  };
}
