import { expect, test } from "vitest";
import type { Stored } from "../../sandbox/stripe/store.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { listRuns } from "../../src/store/operations/list-runs.ts";
import { releaseLease } from "../../src/store/operations/release-lease.ts";
import { requestCancel } from "../../src/store/operations/request-cancel.ts";
import type { Ended } from "../support/engine.ts";
import { expectEnded, expectSame, gatesOf } from "../support/same-as-account.ts";
import { behindReads, openStripeHouse, type StripeHouse } from "../support/stripe-house.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

const codesOf = ({ failure }: Ended) => failure?.problems.map(({ code }) => code);

/** An object of the account, to be changed behind the back of its events. */
function silently({ stripe }: StripeHouse, id: string): Stored {
  const stored = stripe.store.find(id);
  if (!stored) throw new Error(`the account has no ${id}`);
  return stored;
}

/** An account of some days, loaded to its end. */
async function ofDays(days: number, each = 6, more: Parameters<typeof openStripeHouse>[0] = {}) {
  const of = await openStripeHouse(more);
  const customers: string[] = [];
  for (let day = 0; day < days; day += 1) {
    customers.push(...of.stripe.books.manyCustomers(each));
    of.stripe.books.bill({ lines: 2, currency: "eur" });
    of.pass(DAY);
  }
  expectEnded(await of.house.run(), "published");
  return { ...of, customers, [Symbol.asyncDispose]: of[Symbol.asyncDispose] };
}

const missed = (ended: Ended) =>
  gatesOf(ended, "missed_rows").flatMap(({ feed, verdict, observed }) => (verdict === "pass" ? [] : [`${feed}: ${observed}`]));

test("nets find what changed, went and came without an event, wherever it stands, and name it", async () => {
  const of = await ofDays(9);
  await using _ = of;
  const { house, pass, customers } = of;
  const [oldest = "", gone = "", thirdDay = "", yesterday = ""] = [
    customers[0],
    customers[7],
    customers[6 * 6],
    customers.at(-1),
  ];
  silently(of, oldest).object = { ...silently(of, oldest).object, name: "changed long ago" };
  silently(of, gone).deleted = true;
  silently(of, thirdDay).object = { ...silently(of, thirdDay).object, name: "changed three days later" };
  silently(of, yesterday).object = { ...silently(of, yesterday).object, name: "changed the day after" };
  pass(HOUR);
  const hourly = await house.run();
  expectEnded(hourly, "published");
  await expect(expectSame(of)).rejects.toThrow();

  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  const named = [oldest, gone, thirdDay, yesterday].sort().join(", ");
  const counted = `0 rows were inserted, 3 updated and 1 vanished which hourly runs had not brought (${named})`;
  expect(missed(nets)).toEqual([`stripe.customers: ${counted}`]);
  await expectSame(of);

  const again = await house.run({ nets: true });
  expectEnded(again, "published");
  expect(missed(again)).toEqual([]);
});

test("what stands inside an object leaves with it", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe, pass } = of;
  const kept = stripe.books.manyBills(25, { lines: 3, currency: "eur" }).map(({ invoice }) => invoice);
  const customer = stripe.books.customers.create({ name: "to be billed" }).id;
  const draft = stripe.books.invoices.create({ customer, currency: "eur", lines: [{ amount: 100 }, { amount: 200 }] }).id;
  pass(4 * DAY);
  expectEnded(await house.run(), "published");
  silently(of, draft).deleted = true;
  pass(HOUR);
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  expect(missed(nets).map((line) => line.replace(/ \(.*/, ""))).toEqual([
    "stripe.invoices: 0 rows were inserted, 0 updated and 1 vanished which hourly runs had not brought",
    "stripe.invoice_lines: 0 rows were inserted, 0 updated and 2 vanished which hourly runs had not brought",
  ]);
  const lines = await house.query("select distinct invoice_id from staging.stripe_invoice_lines");
  expect(lines.map((row) => row["invoice_id"]).sort()).toEqual(kept.sort());
  await expectSame(of);
});

test("what changed since the published horizon was not missed; hourly runs are yet to bring it", async () => {
  const of = await ofDays(6);
  await using _ = of;
  const { house, stripe, pass, customers } = of;
  pass(HOUR);
  stripe.books.customers.update(customers[0] ?? "", { name: "changed just now" });
  stripe.books.customers.remove(customers[1] ?? "");
  pass(60);
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  expect(missed(nets)).toEqual([]);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

test("what goes while nets read it, and was never published, is not brought", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass } = of;
  const visibleFrom = new Date(stripe.clock.now().getTime() + 2 * HOUR * 1000);
  const { id } = stripe.books.customers.create({ name: "shown late" }, { visibleFrom });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  pass(DAY);
  expectEnded(await house.run(), "published");
  await expect(expectSame(of, ["customers"])).rejects.toThrow();
  stripe.faults.on("page_changed", { match: "/v1/customers", times: 1, change: () => void stripe.books.customers.remove(id) });
  expectEnded(await house.run({ nets: true, feeds: ["stripe.customers"] }), "published");
  await expectSame(of, ["customers"]);
});

test("what changes and changes back while nets read stays as it was published", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass, customers } = of;
  const [id = ""] = customers;
  const name = String(silently(of, id).object["name"]);
  stripe.books.customers.update(id, { name: "for a moment" });
  pass(60);
  const readerOf = behindReads(house.engine, async () => {
    stripe.books.customers.update(id, { name });
    pass(HOUR);
    expectEnded(await house.run(), "published");
  });
  expectEnded(await house.run({ nets: true, feeds: ["stripe.customers"] }, { readerOf }), "published");
  await expectSame(of, ["customers"]);
});

test("what hourly runs read while nets do is theirs: gone, equal to what is published, or with new lines", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass, customers } = of;
  const visibleFrom = new Date(stripe.clock.now().getTime() + 2 * HOUR * 1000);
  const { id: late } = stripe.books.customers.create({ name: "shown late" }, { visibleFrom });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  pass(DAY);
  expectEnded(await house.run(), "published");
  const [back = "", seen = ""] = customers;
  const name = String(silently(of, back).object["name"]);
  silently(of, back).object = { ...silently(of, back).object, name: "for a moment, without an event" };
  silently(of, seen).deleted = true;
  const readerOf = behindReads(house.engine, async () => {
    stripe.books.customers.remove(late);
    silently(of, seen).deleted = false;
    for (const id of [back, seen]) stripe.books.customers.update(id, { name: String(silently(of, id).object["name"]) });
    stripe.books.customers.update(back, { name });
    pass(HOUR);
    expectEnded(await house.run(), "published");
  });
  expectEnded(await house.run({ nets: true, feeds: ["stripe.customers"] }, { readerOf }), "published");
  await expectSame(of, ["customers"]);
});

test("open invoices, pending refunds and open disputes are looked at wherever they stand", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe, pass } = of;
  const open = stripe.books.bill({ failure: "card_declined" }).invoice;
  const { charge } = stripe.books.bill({ currency: "eur", amount: 24_000 });
  const refund = stripe.books.refunds.create({ charge, amount: 100, status: "pending" }).id;
  const disputed = stripe.books.bill({ currency: "eur", amount: 24_000 });
  const dispute = stripe.books.disputes.create({ charge: disputed.charge }).id;
  pass(DAY);
  // Behind these stands so much that a thirtieth of history does not reach them.
  for (let n = 0; n < 110; n += 1) {
    const late = stripe.books.bill({ currency: "eur", amount: 24_000 }).charge;
    if (n > 0) stripe.books.refunds.create({ charge: late, amount: 100 });
    stripe.books.disputes.close(stripe.books.disputes.create({ charge: late }).id, "won");
  }
  pass(6 * DAY);
  expectEnded(await house.run(), "published");
  silently(of, open).object = { ...silently(of, open).object, status: "void" };
  silently(of, refund).object = { ...silently(of, refund).object, status: "succeeded" };
  silently(of, dispute).object = { ...silently(of, dispute).object, status: "lost" };
  pass(HOUR);
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  const counted = "0 rows were inserted, 1 updated and 0 vanished which hourly runs had not brought";
  expect(missed(nets)).toEqual([
    `stripe.invoices: ${counted} (${open})`,
    `stripe.refunds: ${counted} (${refund})`,
    `stripe.disputes: ${counted} (${dispute})`,
  ]);
  await expectSame(of);
});

test("payments that are canceled without an event are found the night after, and those of voided invoices are not missed", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass } = of;
  const [outside, voided] = [0, 1].map(() => stripe.books.bill({ currency: "eur", failure: "card_declined" }));
  // Behind these stands so much that a thirtieth of history does not reach them.
  for (let n = 0; n < 110; n += 1) stripe.books.bill({ currency: "eur" });
  pass(5 * DAY);
  expectEnded(await house.run(), "published");
  stripe.books.invoices.pay(outside?.invoice ?? "", { outOfBand: true });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expect(expectSame(of, ["invoice_payments"])).rejects.toThrow();
  stripe.books.invoices.void(voided?.invoice ?? "");
  const nets = await house.run({ nets: true });
  expectEnded(nets, "published");
  const counted = "0 rows were inserted, 1 updated and 0 vanished which hourly runs had not brought";
  expect(missed(nets)).toEqual([`stripe.invoice_payments: ${counted} (${outside?.invoicePayment})`]);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

/** The ranges of `created` that lists of customers were asked for, of nets: both ends a midnight. */
function daysAsked({ stripe }: StripeHouse): string[] {
  const asked = stripe.requests.all().filter(({ path }) => path === "/v1/customers");
  const ranges = asked.map(({ query }) => {
    const of = new URLSearchParams(query);
    return [Number(of.get("created[gte]")), Number(of.get("created[lt]"))] as const;
  });
  const whole = ranges.filter(([from, before]) => from > 0 && from % DAY === 0 && before === from + DAY);
  return [...new Set(whole.map(([from]) => new Date(from * 1000).toISOString().slice(0, 10)))];
}

test("all of history is read again, a share a night, and each day once when it is over and once two days later", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe, pass } = of;
  for (let n = 0; n < 700; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    pass(800);
  }
  expectEnded(await house.run(), "published");
  const nights: string[][] = [];
  const left: (string | null)[] = [];
  while (left.at(-1) !== null && nights.length < 30) {
    pass(DAY);
    expectEnded(await house.run(), "published");
    stripe.requests.clear();
    expectEnded(await house.run({ nets: true, feeds: ["stripe.customers"] }), "published");
    nights.push(daysAsked(of));
    const [row] = await house.query(
      "select state_value as v from ops.adapter_state where feed = 'stripe.customers' and state_key = 'net/history' order by number desc limit 1",
    );
    left.push(row?.["v"] ?? null);
  }
  // Some 370 objects are older than three days, a page of them a night.
  expect(left).toHaveLength(4);
  expect(nights).toEqual([
    ["2026-10-11", "2026-10-09"],
    ["2026-10-12", "2026-10-10"],
    ["2026-10-13", "2026-10-11"],
    ["2026-10-14", "2026-10-12"],
  ]);
  await expectSame(of, ["customers"]);
});

test("nothing of what cannot change may differ: the second read stops its own run, and hourly ones go on", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass } = of;
  const [movement] = stripe.store.between("balance_transaction", 0, Number.MAX_SAFE_INTEGER);
  const { id } = movement ?? { id: "" };
  // Its amount ties with its charge, which is another test's.
  const { fee, net, ...rest } = silently(of, id).object as { fee: number; net: number };
  silently(of, id).object = { ...rest, fee: fee + 1, net: net - 1 };
  pass(HOUR);
  const nets = await house.run({ nets: true });
  expect(nets.report?.exit_code).toBe(10);
  const [gate] = gatesOf(nets, "second_read").filter(({ verdict }) => verdict === "fail");
  expect(gate?.feed).toBe("stripe.balance_transactions");
  expect(gate?.observed).toContain(`1 updated and 0 vanished which hourly runs had not brought (${id})`);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expectEnded(await house.run({ full: true, reason: "second read", feeds: ["stripe.balance_transactions"] }), "published");
  expectEnded(await house.run({ nets: true }), "published");
  await expectSame(of);
});

test("of what cannot go nothing may be missing: the net ends as incomplete", async () => {
  const of = await ofDays(5);
  await using _ = of;
  const { house, stripe, pass } = of;
  const [movement] = stripe.store.between("balance_transaction", 0, Number.MAX_SAFE_INTEGER);
  silently(of, movement?.id ?? "").deleted = true;
  pass(HOUR);
  const nets = await house.run({ nets: true });
  expect(codesOf(nets)).toEqual(["run.rows_absent"]);
  expect(nets.failure?.exitCode).toBe(20);
  pass(HOUR);
  expectEnded(await house.run(), "published");
});

test("an hourly run publishes while nets read, and what it brought stays", async () => {
  const of = await ofDays(6);
  await using _ = of;
  const { house, stripe, pass, customers } = of;
  const [changed = "", silent = "", removed = ""] = customers;
  silently(of, silent).object = { ...silently(of, silent).object, name: "without an event" };
  pass(HOUR);
  let hourly: Ended | null = null;
  const readerOf = behindReads(house.engine, async () => {
    stripe.books.customers.update(changed, { name: "newer than what the net has read" });
    stripe.books.customers.remove(removed);
    pass(HOUR);
    hourly = await house.run();
  });
  const nets = await house.run({ nets: true }, { readerOf });
  if (hourly === null) throw new Error("the hourly run has not been");
  expectEnded(hourly, "published");
  expectEnded(nets, "published");
  expect(missed(nets)).toEqual([
    `stripe.customers: 0 rows were inserted, 1 updated and 0 vanished which hourly runs had not brought (${silent})`,
  ]);
  const superseded = nets.report?.feeds.find(({ feed }) => feed === "stripe.customers")?.superseded;
  expect(superseded).toBe(2);
  await expectSame(of);
});

/** A run holds the group's lease while work is done. */
async function whileHeld<T>({ house }: StripeHouse, work: (release: () => Promise<void>) => Promise<T>): Promise<T> {
  const lease = { group: "stripe", runId: "run_of_somebody", aboveToken: "0", seconds: 60 };
  const answer = await acquireLease(house.store, lease);
  if (!answer.acquired) throw new Error("the group is held");
  const release = async () => void (await releaseLease(house.store, { group: "stripe", token: answer.token }));
  try {
    return await work(release);
  } finally {
    await release();
  }
}

test("nets wait for a run that leads, say so, and can be cancelled meanwhile", async () => {
  const of = await ofDays(4);
  await using _ = of;
  const { house } = of;
  const timed = (pause: () => Promise<void>) => ({ timer: { now: () => 0, pause } });
  const nets = await whileHeld(of, (release) => house.run({ nets: true }, timed(release)));
  expectEnded(nets, "published");
  expect(house.events).toContainEqual(expect.objectContaining({ event: "waiting", group: "stripe", holder: "run_of_somebody" }));

  const [before] = await house.query("select max(number) as n from ops.publication");
  const cancelled = await whileHeld(of, () =>
    house.run(
      { nets: true },
      timed(async () => {
        const [running] = await listRuns(house.store, { limit: 1 });
        expect(running).toMatchObject({ kind: "slice", alive: true });
        await requestCancel(house.store, running?.runId ?? "", "somebody");
      }),
    ),
  );
  expect(codesOf(cancelled)).toEqual(["run.cancelled"]);
  const impatient = { timer: { now: () => performance.now() * 1e6, pause: async () => undefined } };
  expect(codesOf(await whileHeld(of, () => house.run({ nets: true }, impatient)))).toEqual(["run.group_held"]);
  expect(await house.query("select max(number) as n from ops.publication")).toEqual([before]);
});

test("bytes of long ago that are published meanwhile end the nets, and they are repeated", async () => {
  const of = await ofDays(4);
  await using _ = of;
  const { house, pass } = of;
  pass(HOUR);
  const [batch] = await house.query("select batch_id from ops.batch where feed = 'stripe.customers' order by number limit 1");
  const readerOf = behindReads(house.engine, async () => {
    expectEnded(await house.run({ replay: String(batch?.["batch_id"]), reason: "tried" }), "published");
  });
  expect(codesOf(await house.run({ nets: true }, { readerOf }))).toEqual(["run.overtaken"]);
  expectEnded(await house.run({ nets: true }), "published");
});

test("nets have nothing to do before a feed is loaded, and say so", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  expect(codesOf(await of.house.run({ nets: true }))).toEqual(["warehouse.missing"]);
});
