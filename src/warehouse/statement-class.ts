import { Failure } from "../kernel/problem.ts";
import { sqlTokens } from "../sql/tokens.ts";
import type { Statement } from "./dialect.ts";
import { notInTransaction } from "./problems.ts";

/** What a statement does, by its first word. Files are the uploads and downloads of a driver. */
export type StatementClass = "query" | "dml" | "ddl" | "transaction" | "file";

const FIRST_WORDS: Readonly<Record<Exclude<StatementClass, "ddl">, readonly string[]>> = {
  query: ["select", "with", "values", "show", "describe", "desc", "explain", "list"],
  dml: ["insert", "update", "delete", "merge", "copy"],
  transaction: ["begin", "start", "commit", "rollback"],
  file: ["put", "get", "remove"],
};

/** The class of one statement. What is not known is taken for DDL, the most careful of them. */
export function statementClass(sql: string): StatementClass {
  const word = (sqlTokens(sql) ?? []).find((t) => t.text !== "(")?.text.toLowerCase() ?? "";
  const found = Object.entries(FIRST_WORDS).find(([, words]) => words.includes(word));
  return (found?.[0] as StatementClass | undefined) ?? "ddl";
}

function isSeveral(sql: string): boolean {
  const tokens = sqlTokens(sql) ?? [];
  return tokens.some((t, i) => t.kind === "symbol" && t.text === ";" && i < tokens.length - 1);
}

/**
 * Lets DML and queries pass: Snowflake commits a transaction for any DDL in it, DuckDB does not, and so both are held to it.
 * @throws Failure `internal` for anything else, before it is sent.
 */
export function refuseInTransaction(statement: Statement): void {
  const found = statementClass(statement.sql);
  if ((found === "dml" || found === "query") && !isSeveral(statement.sql)) return;
  throw new Failure("internal", notInTransaction({ statement: statement.name, found }));
}
