import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { deriveAgain } from "../../src/landing/derive-again.ts";
import { readManifest } from "../../src/landing/manifest.ts";
import { pagesDeriver } from "../../src/sources/pages/pages-deriver.ts";
import type { Ended } from "../support/engine.ts";
import { expectEnded, expectSame, gatesOf } from "../support/same-as-account.ts";
import { behindReads, openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The example pipeline with some of its feeds, and nothing curated; rows may leave as they like. */
function only(...names: readonly string[]): (pipeline: Pipeline) => Pipeline {
  const ids = names.map((name) => `stripe.${name}`);
  return (pipeline) => ({
    ...pipeline,
    feeds: new Map([...pipeline.feeds].filter(([id]) => ids.includes(id))),
    models: new Map(),
    groups: new Map(
      [...pipeline.groups].map(([id, group]) => [
        id,
        { ...group, feeds: ids, models: [], gates: { ...group.gates, vanishedShare: 1 } },
      ]),
    ),
  });
}

const missed = (ended: Ended) =>
  gatesOf(ended, "missed_rows").flatMap(({ feed, verdict, observed }) => (verdict === "pass" ? [] : [`${feed}: ${observed}`]));

/** Runs nets, and something between what they read and what they publish. */
function netsAround({ house }: StripeHouse, between: () => Promise<void>): Promise<Ended> {
  const readerOf = behindReads(house.engine, async () => {
    await between();
  });
  return house.run({ nets: true }, { readerOf });
}

/** A house over an account of so many customers, some seconds apart. */
async function ofCustomers(count: number, apart: number, adjust = only("customers")) {
  const of = await openStripeHouse({ adjust });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(of.stripe.books.customers.create({ name: `customer ${n}` }).id);
    of.pass(apart);
  }
  return { ...of, ids };
}

test("a first load goes on in the account in which it was begun", async () => {
  const of = await ofCustomers(700, 10);
  await using _ = of;
  const { house, stripe, pass } = of;
  pass(HOUR);
  const pipeline = withBudget(4)(house.engine.pipeline);
  expectEnded(await house.run({}, { pipeline, reread: () => pipeline }), "published");
  Object.assign(stripe.settings, { account: { ...stripe.settings.account, id: "acct_1Other000000000" } });
  pass(HOUR);
  const other = await house.run({}, { pipeline, reread: () => pipeline });
  expect(other.failure?.problems.map(({ code }) => code)).toEqual(["stripe.account"]);
});

test("a first load that is begun anew takes away what left since it was begun", async () => {
  const of = await ofCustomers(700, 10);
  await using _ = of;
  const { house, stripe, pass, ids } = of;
  pass(HOUR);
  const pipeline = withBudget(4)(house.engine.pipeline);
  expectEnded(await house.run({}, { pipeline, reread: () => pipeline }), "published");
  stripe.books.customers.remove(ids.at(-1) ?? "");
  pass(HOUR);
  expectEnded(await house.run({ full: true, reason: "anew" }), "published");
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of, ["customers"]);
});

test.each(["events", "invoice_lines", "invoices", "balance_transactions", "subscription_items"])(
  "nets and hours of %s alone",
  async (feed) => {
    const of = await openStripeHouse();
    await using _ = of;
    const { house, stripe, pass } = of;
    for (let n = 0; n < 8; n += 1) {
      stripe.books.bill({ currency: "eur", lines: n % 2 === 0 ? 2 : 14 });
      pass(DAY);
    }
    expectEnded(await house.run(), "published");
    pass(HOUR);
    expectEnded(await house.run({ feeds: [`stripe.${feed}`] }), "published");
    const nets = await house.run({ nets: true, feeds: [`stripe.${feed}`] });
    expectEnded(nets, "published");
    expect(missed(nets)).toEqual([]);
    pass(DAY);
    expectEnded(await house.run(), "published");
    expectEnded(await house.run({ nets: true }), "published");
    await expectSame(of);
    const batches = await house.query("select manifest from ops.batch order by manifest");
    for (const row of batches) {
      const batch = await readManifest(house.engine.objects, String(row["manifest"]));
      if (!batch) throw new Error(`there is no manifest ${row["manifest"]}`);
      await deriveAgain(house.engine.objects, [pagesDeriver], batch.manifest);
    }
  },
);

/** The pipeline with another type for when customers were created. */
function createdAs(type: "date" | "bigint"): (pipeline: Pipeline) => Pipeline {
  return (whole) => {
    const pipeline = only("customers")(whole);
    const feeds = [...pipeline.feeds].map(([id, feed]) => {
      const columns = feed.contract.columns.map((column) => {
        if (column.place?.pointer !== "/created") return column;
        const place = { ...column.place, conversion: type === "date" ? column.place.conversion : null };
        return { ...column, type: { kind: type === "date" ? "date" : "integer" }, place } as typeof column;
      });
      return [id, { ...feed, contract: { ...feed.contract, columns } }] as const;
    });
    return { ...pipeline, feeds: new Map(feeds) };
  };
}

test("nets take nothing away whose day of creation alone is published", async () => {
  const of = await ofCustomers(400, 500, createdAs("date"));
  await using _ = of;
  const { house, stripe, pass, ids } = of;
  pass(5 * DAY);
  expectEnded(await house.run(), "published");
  const live = () => house.query("select count(*) as n from staging.stripe_customers");
  for (let night = 0; night < 5; night += 1) {
    pass(DAY);
    expectEnded(await house.run(), "published");
    const nets = await house.run({ nets: true });
    expectEnded(nets, "published");
    expect(missed(nets)).toEqual([]);
    expect(await live()).toEqual([{ n: "400" }]);
    expect(gatesOf(nets, "net_unfinished")[0]?.observed).toContain("no column of instants for /created");
  }
  stripe.books.customers.remove(ids[0] ?? "");
  const pipeline = withBudget(4)(house.engine.pipeline);
  expectEnded(await house.run({ full: true, reason: "everything" }, { pipeline, reread: () => pipeline }), "published");
  expect(await live()).toEqual([{ n: "399" }]);
});

test("a row that went by mistake comes back by a net of the same hour", async () => {
  const of = await ofCustomers(20, DAY / 2);
  await using _ = of;
  const { house, stripe, pass, ids } = of;
  expectEnded(await house.run(), "published");
  pass(HOUR);
  stripe.books.customers.remove(ids[2] ?? "");
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const back = stripe.store.find(ids[2] ?? "");
  if (back) back.deleted = false;
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  await expectSame(of, ["customers"]);
});

test("what is of another account leaves by instalments, the newest too", async () => {
  const of = await openStripeHouse({ adjust: only("customers", "invoices", "invoice_lines") });
  await using _ = of;
  const { house, stripe, pass } = of;
  const all = () => (["customer", "invoice"] as const).flatMap((kind) => stripe.store.between(kind, 0, 9e12));
  stripe.books.manyBills(250, { lines: 3, currency: "eur" });
  const next = all();
  for (const one of next) one.deleted = true;
  pass(HOUR);
  stripe.books.manyBills(150, { lines: 2, currency: "eur" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const run = (budget: number, choice = {}) => {
    const pipeline = withBudget(budget)(house.engine.pipeline);
    return house.run(choice, { pipeline, reread: () => pipeline });
  };
  stripe.books.customers.create({ name: "newest of the old account" });
  pass(1);
  expectEnded(await house.run({ full: true, reason: "once more" }), "published");
  for (const one of all()) one.deleted = !one.deleted;
  Object.assign(stripe.settings, { account: { ...stripe.settings.account, id: "acct_1Other000000000" } });
  pass(60);
  expect((await run(6)).failure?.problems[0]?.code).toBe("stripe.account");
  expectEnded(await run(6, { full: true, reason: "another" }), "published");
  for (let n = 0; n < 5; n += 1) {
    pass(HOUR);
    expectEnded(await run(24), "published");
  }
  await expectSame(of, ["customers", "invoices", "invoice_lines"]);
});

test("the movements of a dispute become available, which is no change that hourly runs had missed", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe, pass } = of;
  const { charge } = stripe.books.bill({ currency: "eur", amount: 24_000 });
  const dispute = stripe.books.disputes.create({ charge }).id;
  pass(HOUR);
  stripe.books.disputes.close(dispute, "won");
  pass(HOUR);
  expectEnded(await house.run(), "published");
  pass(4 * DAY);
  expectEnded(await house.run(), "published");
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  expect(missed(nets)).toEqual([]);
});

test("a read of everything that is published while nets read ends them: what it did not find does not come back", async () => {
  const of = await ofCustomers(20, DAY / 2);
  await using _ = of;
  const { house, stripe, pass, ids } = of;
  const hidden = stripe.store.find(ids[2] ?? "");
  if (!hidden) throw new Error("the account lacks customers");
  hidden.deleted = true;
  expectEnded(await house.run(), "published");
  hidden.deleted = false;
  pass(HOUR);
  const nets = await netsAround(of, async () => {
    hidden.deleted = true;
    pass(HOUR);
    expectEnded(await house.run({ full: true, reason: "everything" }), "published");
  });
  expect(nets.failure?.problems.map(({ code }) => code)).toEqual(["run.overtaken"]);
  expectEnded(await house.run({ nets: true }), "published");
  await expectSame(of, ["customers"]);
});
