import { setTimeout as sleep } from "node:timers/promises";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { otherOpener } from "./other-opener.ts";

const open = (path: string, purpose: string, readOnly = false) =>
  duckdbWarehouse({ path, memoryLimit: "256MB" }).open({ purpose, readOnly });

/** Makes two tables of `rows` rows and a ledger in a warehouse file. */
export async function seedRewrite(path: string, rows: number): Promise<void> {
  const session = await open(path, "seed");
  for (const t of ["a", "b"]) await session.run({ name: "t", sql: `create table ops.${t} (id bigint, v varchar, n bigint)` });
  await session.run({ name: "t", sql: "create table ops.ledger (n integer)" });
  await session.transaction(async () => {
    for (const t of ["a", "b"])
      await session.run({ name: "t", sql: `insert into ops.${t} select range, 'old', ${rows} from range(${rows})` });
    await session.run({ name: "t", sql: "insert into ops.ledger values (0)" });
  });
  await session.close();
}

/** Lets another process rewrite every row of both tables and add a ledger row in one transaction, and kills it so many milliseconds after its last statement. */
export async function killRewrite(path: string, options: { rows: number; delay: number }): Promise<void> {
  const writer = otherOpener(
    path,
    `
    await session.transaction(async () => {
      for (const t of ["a", "b"]) {
        await session.run({ name: "t", sql: "delete from ops." + t + " where id >= 0" });
        await session.run({ name: "t", sql: "insert into ops." + t + " select range, 'new', ${options.rows} from range(${options.rows})" });
      }
      await session.run({ name: "t", sql: "insert into ops.ledger values (1)" });
      console.log("commit");
    });
    await new Promise((r) => setTimeout(r, 30000));`,
  );
  await writer.said;
  await sleep(options.delay);
  writer.kill();
  await writer.ended;
}

/** The states that a rewrite may leave, as `stateOfRewrite` tells them. */
export const WHOLE = ["ledger 0: 2 tables of old", "ledger 1: 2 tables of new"];

/** What stands in the two tables and the ledger: one of `WHOLE`, or something that must not be. */
export async function stateOfRewrite(path: string, readOnly: boolean): Promise<string> {
  const session = await open(path, "check", readOnly);
  try {
    const [row] = await session.rows({
      name: "t",
      sql: `select 'ledger ' || (select max(n) from ops.ledger) || ': ' || format('{:g}', count(*) / max(n)) || ' tables of ' || string_agg(distinct v, '+') as state
from (select n, v from ops.a union all select n, v from ops.b)`,
    });
    return row?.["state"] ?? "nothing";
  } finally {
    await session.close();
  }
}
