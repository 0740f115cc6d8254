import { expect, test } from "vitest";
import { DEFAULT_KEY } from "../../../sandbox/stripe/start-stripe.ts";
import type { Engine } from "../../../src/run/engine.ts";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";
import { readContent } from "../../support/same-content.ts";
import { behindReads, openHouseAt, openStripeHouse } from "../../support/stripe-house.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

const HOUR = 3600;

async function byHand(warehouse: Warehouse, sql: string): Promise<void> {
  const session = await warehouse.open({ purpose: "test" });
  try {
    await session.run({ name: "test.by-hand", sql });
  } finally {
    await session.close();
  }
}

/** The names that are published of some customers. */
async function namesOf(warehouse: Warehouse, ids: readonly string[]): Promise<(string | null | undefined)[]> {
  const session = await warehouse.open({ purpose: "test", readOnly: true });
  try {
    const sql = `SELECT s.NAME AS NAME FROM STAGING.STRIPE_CUSTOMERS s WHERE s.ID IN (${ids.map((id) => `'${id}'`).join(", ")})`;
    return (await session.rows({ name: "test.name", sql })).map((row) => row["name"] ?? row["NAME"]);
  } finally {
    await session.close();
  }
}

test("an account is published alike on both engines: loads, changes, deletes, and records that are none", async () => {
  const site = await openEngineSite();
  const snowflake = site.warehouse("STRIPE");
  const here = await openStripeHouse();
  await using _ = here;
  const { stripe, house, pass } = here;
  const there = await openHouseAt({ url: stripe.url, env: { STRIPE_API_KEY: DEFAULT_KEY } });
  await using __ = there;
  await deploy(snowflake, there.pipeline, { database: "STRIPE" });
  const [group] = house.pipeline.groups.values();
  if (!group) expect.fail();

  const both = async (choice: Parameters<typeof house.run>[0] = {}) => {
    // Both read the account at one instant, and what they ask changes nothing in it.
    const clock = { now: () => stripe.clock.now() };
    const engines: [typeof house, Partial<Engine>][] = [
      [house, { clock }],
      [there, { clock, warehouse: snowflake }],
    ];
    for (const [one, engine] of engines) {
      const { report, failure } = await one.run(choice, engine);
      expect({ outcome: report?.outcome, failure: failure?.message }).toEqual({ outcome: "published", failure: undefined });
    }
    expect(await readContent(snowflake, there.pipeline, group)).toEqual(
      await readContent(house.engine.warehouse, house.pipeline, group),
    );
  };

  const customers = stripe.books.manyCustomers(60);
  for (let n = 0; n < 8; n += 1) {
    const { charge } = stripe.books.bill({ lines: n * 2 + 1 });
    if (n % 3 === 0) stripe.books.refunds.create({ charge });
    if (n % 4 === 1) stripe.books.disputes.create({ charge });
    pass(300);
  }
  pass(HOUR);
  await both();

  const [first = "", second = "", third = "", fourth = ""] = customers;
  stripe.books.customers.update(first, { name: "a\u0000b" });
  stripe.books.customers.update(second, { name: "half \ud83d of a pair" });
  stripe.books.customers.update(third, { name: 'quotes " and \\ and\nlines', metadata: { b: "2", a: "é" } });
  stripe.books.customers.remove(fourth);
  const { charge } = stripe.books.bill({ lines: 2 });
  stripe.faults.on("field_retyped", { field: "description", object: "charge", match: "/v1/charges", times: 1_000 });
  pass(HOUR);
  await both();

  stripe.faults.off();
  stripe.books.refunds.create({ charge });
  for (const id of [first, second, third]) stripe.books.customers.update(id, { name: "mended" });
  pass(HOUR);
  await both();
  await both({ full: true, reason: "everything once more" });

  pass(4 * 24 * HOUR);
  await both();
  const [changed, gone] = [stripe.store.find(first), stripe.store.find(second)];
  if (!(changed && gone)) throw new Error("the account lacks customers");
  changed.object = { ...changed.object, name: "changed without an event" };
  gone.deleted = true;
  await both({ nets: true });
  expect(await house.query(`select name from staging.stripe_customers where id in ('${first}', '${second}')`)).toEqual([
    { name: "changed without an event" },
  ]);

  // An hourly run publishes while nets read: what both have read is its own.
  const name = String(changed.object["name"]);
  changed.object = { ...changed.object, name: "for a moment" };
  const clock = { now: () => stripe.clock.now() };
  const readerOf = behindReads(there.engine, async () => {
    stripe.books.customers.update(first, { name });
    pass(HOUR);
    expect((await there.run({}, { clock, warehouse: snowflake })).report?.outcome).toBe("published");
  });
  const nets = await there.run({ nets: true }, { clock, warehouse: snowflake, readerOf });
  expect({ outcome: nets.report?.outcome, failure: nets.failure?.message }).toEqual({ outcome: "published", failure: undefined });
  expect(await namesOf(snowflake, [first])).toEqual([name]);

  await byHand(snowflake, `UPDATE STAGING.STRIPE_CUSTOMERS__ROWS SET NAME = 'by hand' WHERE ID IN ('${first}', '${third}')`);
  const keys = [{ feed: "stripe.customers", keys: [[first]] }];
  const asked = { group: group.name, reason: "one of two", ticket: null, acceptRemoved: [], keys, rows: [], breaks: [] };
  const healed = await there.perform({ kind: "heal", ...asked }, { clock, warehouse: snowflake });
  expect({ outcome: healed.report?.outcome, failure: healed.failure?.message }).toEqual({
    outcome: "published",
    failure: undefined,
  });
  expect((await namesOf(snowflake, [first, third])).sort()).toEqual([name, "by hand"].sort());
});
