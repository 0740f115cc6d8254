import { Command, Option } from "commander";
import { warehouseDdl } from "../publish/layout.ts";
import type { DialectName } from "./app-interface.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";

/** `ledgerloop warehouse ddl` */
export function warehouseDdlCommand(context: CommandContext): Command {
  const command = new Command("ddl")
    .description("print the statements that create the pipeline's tables; each may be repeated")
    .addOption(new Option("--dialect <name>", "engine; by default the environment's").choices(["duckdb", "snowflake"]));
  return withCommonOptions(command, ["warehouse ddl --dialect snowflake", "warehouse ddl --json"]).action(
    async (options: CommonOptions & { dialect?: DialectName }) => {
      const pipeline = await pipelineOf(context, options);
      const dialect = await context.app.dialect(options.dialect ?? pipeline.environment.warehouse.kind);
      const statements = warehouseDdl(dialect, pipeline);
      if (options.json) return printJson(context, { dialect: dialect.name, statements });
      for (const { name, sql } of statements) context.out(`-- ${name}\n${sql};\n\n`);
    },
  );
}
