import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Changes the warehouse of a state folder by another hand, as nothing of the program would. */
export async function changeByHand(folder: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, "warehouse.duckdb"));
  const connection = await instance.connect();
  try {
    for (const sql of statements) await connection.run(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
