import type { Pipeline } from "../config/pipeline.ts";
import type { ColumnType } from "../contract/contract.ts";
import { Failure, type Problem, problem } from "../kernel/problem.ts";
import type { Dialect, Schema, Statement } from "../warehouse/dialect.ts";
import { stem } from "../warehouse/relations.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";

/** A table of the warehouse and the contract columns it must have. */
interface Wanted {
  readonly schema: Schema;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

function wantedTables(pipeline: Pipeline): Wanted[] {
  const staging = [...pipeline.feeds.values()].map((feed) => ({
    schema: "staging" as const,
    table: `${stem(feed)}__rows`,
    columns: feed.contract.columns,
  }));
  const curated = [...pipeline.models.values()].flatMap((model) =>
    (["curated", "history"] as const).map((schema) => ({ schema, table: model.table, columns: model.contract.columns })),
  );
  return [...staging, ...curated];
}

function columnsQuery(dialect: Dialect): Statement {
  return {
    name: "begin.columns",
    sql: `SELECT LOWER(c.table_schema) AS table_schema, LOWER(c.table_name) AS table_name, LOWER(c.column_name) AS column_name, c.data_type
FROM information_schema.columns c WHERE LOWER(c.table_schema) IN (${["staging", "curated", "history"].map((s) => dialect.literal(s)).join(", ")})`,
  };
}

function retyped(p: { table: string; column: string; is: string; wanted: string }): Problem {
  return problem({
    code: "publish/retyped-column",
    says: `${p.table}.${p.column} holds ${p.is}, the contract now says ${p.wanted}`,
    next: "give the new type a new column, or take the change back; `ledgerloop contract diff OLD NEW` shows what is breaking",
  });
}

/** The engine writes some types with blanks: `DECIMAL(18, 2)` and `DECIMAL(18,2)` are one. */
const plain = (type: string) => type.replaceAll(" ", "").toUpperCase();

/** Columns that existing tables lack, as DDL; a column whose type changed is refused, since published values cannot follow it. */
function missingColumns(
  dialect: Dialect,
  pipeline: Pipeline,
  rows: readonly TextRow[],
): { statements: Statement[]; problems: Problem[] } {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  for (const { schema, table, columns } of wantedTables(pipeline)) {
    const existing = new Map(
      rows
        .filter((row) => row["table_schema"] === schema && row["table_name"] === table.toLowerCase())
        .map((row) => [row["column_name"] ?? "", row["data_type"] ?? ""]),
    );
    if (existing.size === 0) continue;
    for (const { name, type } of columns) {
      const is = existing.get(name.toLowerCase());
      const wanted = dialect.columnType(type);
      if (is === undefined) {
        const sql = `ALTER TABLE ${dialect.table(schema, table)} ADD COLUMN ${dialect.identifier(name)} ${wanted}`;
        statements.push({ name: `ddl.add.${schema}.${table}.${name}`, sql });
      } else if (plain(is) !== plain(wanted)) problems.push(retyped({ table: `${schema}.${table}`, column: name, is, wanted }));
    }
  }
  return { statements, problems };
}

/**
 * Adds contract columns that published tables lack; their old rows read NULL until they change at the source. Runs before any
 * transaction, since DDL commits one on some engines.
 * @throws Failure `blocked` when a column's type differs from what is published.
 */
export async function addMissingColumns(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const { statements, problems } = missingColumns(dialect, pipeline, await session.rows(columnsQuery(dialect)));
  if (problems.length > 0) throw new Failure("blocked", problems);
  for (const statement of statements) await session.run(statement);
}
