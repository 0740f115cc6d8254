import { expect, test } from "vitest";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";
import type { House } from "../../support/engine.ts";
import { aroundWarehouse, atMoment } from "../../support/fuse.ts";
import { FIRST, houseBefore } from "../../support/hours.ts";
import { type Content, readContent } from "../../support/same-content.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

/** Every statement is broken once with LEDGERLOOP_CRASH=all; else every so many-th, another offset each day. */
const STRIDE = process.env["LEDGERLOOP_CRASH"] === "all" ? 1 : 30;
const HOUR_MS = 3_600_000;

/** An hour of the source's life: a changed, a new, a bad, a late and a vanishing row. */
async function live(house: House, n: number): Promise<void> {
  await house.source.query(`
update app.entries set amount = ${1000 + n}, chg = pg_current_xact_id() where id = 1;
insert into app.accounts (id, account_id, name) values (${100 + n}, 'X${n}', ${n % 2 ? "'x'" : "null"});
insert into app.entries (id, entry_id, account_id, amount, currency) values (${1000 + 2 * n}, 'f${n}', 'A', ${n}, 'USD'), (${1001 + 2 * n}, 'g${n}', 'X${n}', 1, 'EUR');
delete from app.entries where id = ${1000 + 2 * (n - 3)}`);
}

class Broken extends Error {}

interface Played {
  readonly warehouse: Warehouse;
  readonly database: string;
}

async function run(house: House, hour: number, warehouse: Warehouse): Promise<string> {
  const start = FIRST.window.start.getTime() + hour * HOUR_MS;
  const window = { start: new Date(start), end: new Date(start + HOUR_MS) };
  const { report, failure } = await house.run({ window }, { warehouse });
  return report?.outcome ?? failure?.kind ?? "nothing";
}

/** How many statements an hour of this life sends. */
async function countStatements(house: House, hour: number, { warehouse }: Played): Promise<number> {
  const counting = atMoment({ kind: "warehouse", at: 0, when: "before" }, () => undefined);
  expect(await run(house, hour, aroundWarehouse(warehouse, counting))).toBe("published");
  return counting.count();
}

test("an hour whose n-th statement fails, repeated, is the clean hour; readers see the old state until then", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const [group] = house.pipeline.groups.values();
  if (!group) expect.fail("the house has no group");
  const [clean, crashed] = ["CLEAN", "CRASHED"].map((database) => ({ database, warehouse: site.warehouse(database) }));
  if (!clean || !crashed) expect.fail("two databases");
  const contentOf = ({ warehouse }: Played): Promise<Content> => readContent(warehouse, house.pipeline, group);
  for (const { warehouse, database } of [clean, crashed]) {
    await deploy(warehouse, house.pipeline, { database });
    expect(await run(house, 0, warehouse)).toBe("published");
  }
  await live(house, 1);
  const statements = await countStatements(house, 1, clean);
  expect(await run(house, 1, crashed.warehouse)).toBe("published");
  let hour = 1;
  const stride = Math.min(STRIDE, Math.floor(statements / 2));
  for (let n = 1 + (new Date().getUTCDate() % stride); n <= statements; n += stride) {
    hour += 1;
    await live(house, hour);
    const before = await contentOf(crashed);
    const moment = atMoment({ kind: "warehouse", at: n, when: "before" }, () => {
      throw new Broken(`statement ${n}`);
    });
    await expect(run(house, hour, aroundWarehouse(crashed.warehouse, moment)), `statement ${n}`).rejects.toBeInstanceOf(Broken);
    expect(await contentOf(crashed), `after statement ${n} failed`).toEqual(before);
    expect(await run(house, hour, crashed.warehouse)).toBe("published");
    expect(await run(house, hour, clean.warehouse)).toBe("published");
  }
  expect(hour).toBeGreaterThan(2);
  const [{ "ops.flow": _, ...left }, { "ops.flow": __, ...right }] = [await contentOf(crashed), await contentOf(clean)];
  expect(left).toEqual(right);
});
