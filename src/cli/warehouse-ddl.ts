import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { DialectName } from "../ports/ports.ts";
import type { DdlFile } from "../warehouse/deployment.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { deploymentFiles } from "./warehouse-apply.ts";

const commented = (text: string) => text.split("\n").map((line) => `-- ${line}`);

/** A DDL file as text: what it is for, then its statements. */
export function ddlText(file: DdlFile): string {
  const head = [
    ...commented(`${file.name}: ${file.about}`),
    ...(file.optional === undefined ? [] : commented(`Optional: ${file.optional}.`)),
    ...(file.byHand ? commented("`ledgerloop warehouse apply` does not run this file.") : []),
  ];
  return `${head.join("\n")}\n\n${file.statements.map(({ sql }) => `${sql};\n`).join("\n")}`;
}

/** `ledgerloop warehouse ddl` */
export function warehouseDdlCommand(context: CommandContext): Command {
  const command = new Command("ddl")
    .description("print the statements that create what the pipeline needs, as numbered files; each may be repeated")
    .addOption(new Option("--dialect <name>", "engine; by default the environment's").choices(["duckdb", "snowflake"]))
    .option("--out <dir>", "write a file for each part instead of printing");
  return withCommonOptions(command, [
    "warehouse ddl --dialect snowflake",
    "warehouse ddl --env production --out deploy/snowflake",
  ]).action(async (options: CommonOptions & { dialect?: DialectName; out?: string }) => {
    const pipeline = await pipelineOf(context, options);
    const { dialect, files } = await deploymentFiles(
      context.app,
      pipeline,
      options.dialect ?? pipeline.environment.warehouse.kind,
    );
    if (options.json) {
      const statements = files.flatMap((file) =>
        file.statements.map((s) => ({ file: file.name, optional: file.optional ?? null, by_hand: file.byHand ?? false, ...s })),
      );
      return printJson(context, { dialect: dialect.name, statements });
    }
    if (options.out !== undefined) {
      mkdirSync(options.out, { recursive: true });
      for (const file of files) writeFileSync(join(options.out, `${file.name}.sql`), ddlText(file));
      return context.err(`${files.length} files written to ${options.out}\n`);
    }
    context.out(files.map(ddlText).join("\n"));
  });
}
