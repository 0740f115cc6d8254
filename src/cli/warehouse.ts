import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { warehouseApplyCommand } from "./warehouse-apply.ts";
import { warehouseDdlCommand } from "./warehouse-ddl.ts";

/** `ledgerloop warehouse` */
export function warehouseCommand(context: CommandContext): Command {
  return new Command("warehouse")
    .description("the warehouse's tables")
    .addCommand(warehouseDdlCommand(context))
    .addCommand(warehouseApplyCommand(context));
}
