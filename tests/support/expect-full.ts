import { expect } from "vitest";
import { brokenHistory } from "../../src/proofs/history.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Desk } from "./desk.ts";

/** Each curated table of a desk is, by the keys that its hours touched, what its SELECT gives over everything that it reads; each row that was replaced has its next one. */
export async function expectFull(desk: Desk): Promise<void> {
  for (const model of desk.pipeline.models.values()) {
    const columns = model.contract.columns.map((c) => `"${c.name}"`).join(", ");
    const curated = await desk.query(`select ${columns} from curated.${model.table} order by all`);
    const full = await desk.query(`select ${columns} from (${model.select}) m order by all`);
    expect(curated, model.table).toEqual(full);
    const broken = await desk.query(brokenHistory(duckdbDialect, { model, replacedBy: null, limit: 5 }).sql);
    expect(broken, `replaced rows of ${model.table}`).toEqual([]);
  }
}
