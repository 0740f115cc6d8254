import type { Dialect } from "../warehouse/dialect.ts";
import { CURATED_META, ROWS, rowsName } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { liveView } from "./layout.ts";

/** A table or view of the schema `curated`, by its name in lower case. */
interface Found {
  readonly name: string;
  /** It is a table that runs write: it has the engine's own columns, whether a pipeline still makes it or not. */
  readonly isOurs: boolean;
}

async function curatedRelations(session: Session, dialect: Dialect): Promise<Found[]> {
  const own = CURATED_META.map(([name]) => dialect.literal(name)).join(", ");
  const rows = await session.rows({
    name: "begin.curated-relations",
    sql: `SELECT LOWER(t.table_name) AS name, CASE WHEN t.table_type = 'BASE TABLE' AND COUNT(c.column_name) = ${CURATED_META.length} THEN 'ours' END AS whose
FROM information_schema.tables t
LEFT JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
  AND LOWER(c.column_name) IN (${own})
WHERE LOWER(t.table_schema) = 'curated' GROUP BY t.table_name, t.table_type ORDER BY 1`,
  });
  return rows.map((row) => ({ name: row["name"] ?? "", isOurs: row["whose"] === "ours" }));
}

/**
 * Gives curated tables of version 3 of the `ops` tables and older the name that their rows have now, `<table>__rows`, and their own name to
 * the view of their live rows, so that readers find it again at once, whatever stops the upgrade behind it. Looks at what is there, so that
 * it may be broken off anywhere and repeated; tables that nobody configures any more are moved too.
 */
export async function moveCurated(session: Session, dialect: Dialect): Promise<void> {
  const relations = await curatedRelations(session, dialect);
  const names = new Set(relations.map(({ name }) => name));
  for (const { name } of relations.filter(({ isOurs }) => isOurs)) {
    const table = name.endsWith(ROWS) ? name.slice(0, -ROWS.length) : name;
    const isMoved = names.has(rowsName("curated", table));
    if (isMoved && names.has(table)) continue;
    if (!isMoved) {
      const sql = dialect.renameTable("curated", { from: table, to: rowsName("curated", table) });
      await session.run({ name: `ddl.move.curated.${table}`, sql });
    }
    await session.run(liveView(dialect, table));
  }
}
