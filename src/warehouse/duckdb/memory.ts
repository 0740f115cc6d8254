import { rmSync } from "node:fs";
import type { Warehouse } from "../warehouse.ts";
import { duckdbDialect } from "./dialect.ts";
import { connectTo, duckdbSession } from "./warehouse.ts";

/** A DuckDB in memory as warehouse: each session has one of its own, and nothing of it is left behind. */
export function duckdbInMemory(options: { readonly memoryLimit: string; readonly spill: string }): Warehouse {
  return {
    dialect: duckdbDialect,
    open: async () => {
      const { connection, close } = await connectTo({ ...options, database: "':memory:' AS wh", readOnly: false });
      return duckdbSession(connection, () => {
        close();
        rmSync(options.spill, { recursive: true, force: true });
      });
    },
  };
}
