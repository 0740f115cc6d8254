import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { selectFault } from "../contract/sql-tokens.ts";
import { columnNames } from "../documents/pii.ts";
import { fileFault, maskQuery } from "../documents/query-mask.ts";
import { contractsRead } from "../documents/query-relations.ts";
import { Failure } from "../kernel/problem.ts";
import { reading } from "../ports/reading.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { notASelect, queryFailed } from "./problems.ts";
import { renderTable, toCsv } from "./table.ts";

/** What an engine says while it reads a query names tables and columns; later messages can quote values of rows. */
const BEFORE_ROWS = /(?:Parser|Binder|Catalog) Error: [^\n]*/;

async function ask(context: CommandContext, pipeline: Pipeline, sql: string): Promise<TextRow[]> {
  try {
    return await reading(context.app, pipeline, (warehouse) => warehouse({ name: "query", sql }));
  } catch (error) {
    if (!(error instanceof Failure) || error.problems[0]?.code !== "warehouse.statement_failed") throw error;
    throw new Failure("usage", queryFailed(BEFORE_ROWS.exec(error.message)?.[0]));
  }
}

/** `ledgerloop query` */
export function queryCommand(context: CommandContext): Command {
  const command = new Command("query")
    .description("read the warehouse with one SELECT; the file is opened read-only and closed again; personal columns are masked")
    .argument("<sql>", "one SELECT")
    .option("--csv", "print CSV");
  return withCommonOptions(command, [
    'query "select status, count(*) from curated.invoice group by all"',
    'query "select * from ops.publication order by number desc limit 3" --json',
  ]).action(async (sql: string, options: CommonOptions & { csv?: boolean }) => {
    const pipeline = await pipelineOf(context, options);
    const text = sql.trim().replace(/;$/, "");
    const fault = selectFault(text) ?? fileFault(text);
    if (fault !== undefined) throw new Failure("usage", notASelect(fault));
    const found = await ask(context, pipeline, text);
    const { rows, hidden } = maskQuery(text, found, columnNames(pipeline, contractsRead(text, pipeline) ?? undefined));
    if (hidden.length > 0) context.err(`masked, since they hold or are made from personal columns: ${hidden.join(", ")}\n`);
    if (options.json) return printJson(context, rows);
    context.out(options.csv ? toCsv(rows) : renderTable(rows));
  });
}
