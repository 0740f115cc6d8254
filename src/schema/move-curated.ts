import type { Dialect } from "../warehouse/dialect.ts";
import { CURATED_META, rowsName } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** Names of tables in the schema `curated` that have the engine's own columns, whether a pipeline still makes them or not. */
async function ownTables(session: Session): Promise<string[]> {
  const own = CURATED_META.map(([name]) => `'${name}'`).join(", ");
  const rows = await session.rows({
    name: "begin.curated-tables",
    sql: `SELECT LOWER(t.table_name) AS name FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE LOWER(t.table_schema) = 'curated' AND t.table_type = 'BASE TABLE' AND LOWER(c.column_name) IN (${own})
GROUP BY t.table_name HAVING COUNT(*) = ${CURATED_META.length} ORDER BY 1`,
  });
  return rows.map((row) => row["name"] ?? "");
}

const SUFFIX = rowsName("curated", "");

/**
 * Gives curated tables of version 3 of the `ops` tables and older the name that their rows have now, `<table>__rows`, so that the name
 * of the table is free for the view of its live rows. Looks at what is there, so that it may be broken off anywhere and repeated; tables that
 * nobody configures any more are moved too.
 */
export async function moveCurated(session: Session, dialect: Dialect): Promise<void> {
  const names = await ownTables(session);
  for (const name of names.filter((one) => !one.endsWith(SUFFIX) && !names.includes(rowsName("curated", one)))) {
    const sql = dialect.renameTable("curated", { from: name, to: rowsName("curated", name) });
    await session.run({ name: `ddl.move.curated.${name}`, sql });
  }
}
