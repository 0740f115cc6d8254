import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { warehouseConformance } from "./conformance.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-duckdb-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

warehouseConformance("duckdb", {
  warehouse: async () => duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "256MB" }),
  concurrent: false,
});
