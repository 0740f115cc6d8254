import { Command } from "commander";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { renderTable, toCsv } from "./table.ts";

/** `ledgerloop query` */
export function queryCommand(context: CommandContext): Command {
  const command = new Command("query")
    .description("read the warehouse; the file is opened read-only and closed again")
    .argument("<sql>", "one SELECT")
    .option("--csv", "print CSV");
  return withCommonOptions(command, [
    'query "select status, count(*) from curated.invoice group by all"',
    'query "select * from ops.publication order by number desc limit 3" --json',
  ]).action(async (sql: string, options: CommonOptions & { csv?: boolean }) => {
    const { pipeline } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    const warehouse = await context.app.warehouse(pipeline);
    const session = await warehouse.open({ purpose: "query", readOnly: true });
    let rows: TextRow[];
    try {
      rows = await session.rows({ name: "query", sql });
    } finally {
      await session.close();
    }
    if (options.json) return printJson(context, rows);
    context.out(options.csv ? toCsv(rows) : renderTable(rows));
  });
}
