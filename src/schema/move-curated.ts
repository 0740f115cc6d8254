import { grouped } from "../kernel/grouped.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { CURATED_META, ROWS, rowsName } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { liveView } from "./layout.ts";

/** A table or view of the schema `curated`, by its name in lower case. */
interface Found {
  readonly name: string;
  readonly isTable: boolean;
  readonly columns: readonly string[];
}

const META: readonly string[] = CURATED_META.map(([name]) => name);

async function curatedRelations(session: Session): Promise<Found[]> {
  const rows = await session.rows({
    name: "begin.curated-relations",
    sql: `SELECT LOWER(t.table_name) AS name, t.table_type AS type, c.column_name AS col FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE LOWER(t.table_schema) = 'curated' ORDER BY t.table_name, c.ordinal_position`,
  });
  return [...grouped(rows, (row) => row["name"] ?? "")].map(([name, [first, ...others]]) => ({
    name,
    isTable: first?.["type"] === "BASE TABLE",
    columns: [first, ...others].map((row) => row?.["col"] ?? ""),
  }));
}

/** Whether it is a table that runs write: it has the engine's own columns, whether a pipeline still makes it or not. */
function isOurs({ isTable, columns }: Found): boolean {
  const names = columns.map((name) => name.toLowerCase());
  return isTable && META.every((name) => names.includes(name));
}

/**
 * Gives curated tables of version 3 of the `ops` tables and older the name that their rows have now, `<table>__rows`, and their own name to
 * the view of their live rows, so that readers find it again at once, whatever stops the upgrade behind it. Looks at what is there, so that
 * it may be broken off anywhere and repeated; tables that nobody configures any more are moved too.
 */
export async function moveCurated(session: Session, dialect: Dialect): Promise<void> {
  const relations = await curatedRelations(session);
  const names = new Set(relations.map(({ name }) => name));
  for (const { name, columns } of relations.filter(isOurs)) {
    const table = name.endsWith(ROWS) ? name.slice(0, -ROWS.length) : name;
    const isMoved = names.has(rowsName("curated", table));
    if (isMoved && names.has(table)) continue;
    if (!isMoved) {
      const sql = dialect.renameTable("curated", { from: table, to: rowsName("curated", table) });
      await session.run({ name: `ddl.move.curated.${table}`, sql });
    }
    const own = columns.filter((column) => !META.includes(column.toLowerCase()));
    await session.run(liveView(dialect, table, own));
  }
}
