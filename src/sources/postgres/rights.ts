import type { Feed, Source } from "../../config/pipeline.ts";
import type { Problem } from "../../kernel/problem.ts";
import type { RelationEntry } from "./catalog.ts";
import { postgresReading } from "./postgres-kind.ts";
import { columnsForbidden, rowsFiltered, schemaForbidden, tableForbidden } from "./problems.ts";
import { extractColumns, relation } from "./select-sql.ts";
import { roleOf, type Session } from "./session.ts";

interface Rights {
  readonly schema: boolean;
  readonly table: boolean;
  /** Columns that may not be selected. */
  readonly without: readonly string[];
  readonly filtered: boolean;
}

const RIGHTS = `
select has_schema_privilege(c.relnamespace, 'usage') as schema, has_table_privilege(c.oid, 'select') as table,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname = any($2::text[])
                and not has_column_privilege(c.oid, a.attnum, 'select') order by a.attnum) as without,
       row_security_active(c.oid) as filtered
  from pg_class c where c.oid = $1::oid`;

/**
 * Why the role may not read every row of a relation and what the read needs beside its columns, which names the relation, the role and
 * the right; null where it may. LOCK TABLE and the position of a row ask for the right on the whole table.
 */
export async function missingRight(
  session: Session,
  source: Source,
  { feed, found }: { feed: Feed; found: RelationEntry },
): Promise<Problem | null> {
  const [rights] = await session.rows<Rights & Record<string, unknown>>(RIGHTS, [found.oid, extractColumns(feed)]);
  if (!rights) return null;
  const about = () => ({ feed: feed.id, role: roleOf(source), relation: relation(feed) });
  if (!rights.schema) return schemaForbidden({ ...about(), schema: postgresReading(feed).table.schema });
  const needsTable = found.lockable || found.position !== "none";
  if (needsTable && !rights.table) return tableForbidden(about());
  if (rights.without.length > 0) return columnsForbidden({ ...about(), columns: rights.without });
  return rights.filtered ? rowsFiltered(about()) : null;
}
