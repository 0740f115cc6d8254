import type { Statement } from "../../src/warehouse/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import type { Session, Warehouse } from "../../src/warehouse/warehouse.ts";

/** What Snowflake refuses, or does not do, and DuckDB does in silence; a statement that relies on it fails its test. */
export class TooLax extends Error {
  constructor(statement: Statement, says: string) {
    super(`${statement.name}: ${says}`);
    this.name = "TooLax";
  }
}

const DECLARES_LENGTH = /\b(?:VARCHAR|CHAR|TEXT)\s*\(\s*\d/i;
const DECLARES_KEY = /\b(?:PRIMARY\s+KEY|UNIQUE|REFERENCES)\b/i;
const UPDATE_FROM = /^\s*UPDATE\s+(\S+)\s+SET\s[\s\S]*?\nFROM\s+([\s\S]+?)\nWHERE\s+([\s\S]+)$/i;

const withoutTexts = (sql: string) => sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "x");

/** A statement without its texts and without what stands in parentheses. */
function outermost(sql: string): string {
  const flat = (text: string): string => {
    const next = text.replaceAll(/\([^()]*\)/g, "");
    return next === text ? text : flat(next);
  };
  return flat(withoutTexts(sql));
}

/** DuckDB does not enforce lengths, and enforces keys; Snowflake the other way round. So no table may declare either. */
function refuseDeclarations(statement: Statement): void {
  const sql = withoutTexts(statement.sql);
  if (!/^\s*(?:CREATE|ALTER)\b/i.test(sql)) return;
  if (DECLARES_LENGTH.test(sql)) throw new TooLax(statement, "a length that DuckDB does not enforce");
  if (DECLARES_KEY.test(sql)) throw new TooLax(statement, "a key that Snowflake does not enforce");
}

/** Two new rows for one old one: DuckDB takes either, Snowflake refuses with 100090. */
async function refuseTwoMatches(session: Session, statement: Statement): Promise<void> {
  if (/^\s*MERGE\b/i.test(statement.sql)) throw new TooLax(statement, "a MERGE, whose matches nobody counts here");
  if (!/^\s*UPDATE\b[\s\S]*\bFROM\b/i.test(outermost(statement.sql).replaceAll(/\bIS DISTINCT FROM\b/gi, "<>"))) return;
  const [, target, source, condition] = UPDATE_FROM.exec(statement.sql) ?? [];
  if (target === undefined) throw new TooLax(statement, "an UPDATE … FROM that this check cannot read");
  const name = `test.${statement.name}`;
  const sql = `SELECT COUNT(*) - COUNT(DISTINCT ${target}.rowid) AS surplus FROM ${target}, ${source} WHERE ${condition}`;
  const [row] = await session.rows({ name, sql });
  if (row?.["surplus"] !== "0") throw new TooLax(statement, `${row?.["surplus"]} rows match one that is updated already`);
}

function strict(session: Session): Session {
  return {
    ...session,
    run: async (statement) => {
      refuseDeclarations(statement);
      await refuseTwoMatches(session, statement);
      return session.run(statement);
    },
  };
}

/** A DuckDB warehouse that is as strict as Snowflake where Snowflake is stricter; DDL in a transaction is refused by the adapter itself. */
export function strictDuckdb(options: Parameters<typeof duckdbWarehouse>[0]): Warehouse {
  const warehouse = duckdbWarehouse(options);
  return { dialect: warehouse.dialect, open: async (given) => strict(await warehouse.open(given)) };
}
