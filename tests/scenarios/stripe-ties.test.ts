import { expect, test } from "vitest";
import { seededLife } from "../../sandbox/stripe/life/life.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { proveTie } from "../../src/reconcile/ties.ts";
import type { Ended } from "../support/engine.ts";
import { expectEnded, expectSame } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse } from "../support/stripe-house.ts";

const [HOUR, DAY] = [3600, 24 * 3600];

/** What the gate of movements and their objects says. */
function tiesOf({ report, failure }: Ended) {
  expect(failure?.message).toBeUndefined();
  const gates = (report?.gates ?? []).filter(({ name }) => name === "ties");
  expect(gates).toHaveLength(1);
  return { outcome: report?.outcome, verdict: gates[0]?.verdict, observed: gates[0]?.observed ?? "" };
}

/** The state of each movement of an object, oldest first, from the published table. */
async function statesOf({ house }: StripeHouse, source: string): Promise<string[]> {
  const rows = await house.query(
    `select type || ' ' || state as state from curated.balance_tie where source_id = '${source}' order by created_at, type`,
  );
  return rows.map(({ state }) => String(state));
}

/** The table is what a full refresh would make of it now. */
async function expectAsIfMadeAnew({ house }: StripeHouse): Promise<void> {
  const select = house.pipeline.models.get("balance_tie")?.select;
  const columns = "balance_transaction_id, source_feed, source_minor, state";
  const order = "order by balance_transaction_id";
  const made = await house.query(`select ${columns} from (${select}) m ${order}`);
  expect(made.length).toBeGreaterThan(0);
  expect(await house.query(`select ${columns} from curated.balance_tie ${order}`)).toEqual(made);
}

test("in a life of an account every movement ties with its object, or was exchanged", async () => {
  // Of a few dozen customers the one who leaves in an hour is a large share.
  const leave = (pipeline: Pipeline): Pipeline => {
    const groups = [...pipeline.groups].map(
      ([name, group]) => [name, { ...group, gates: { ...group.gates, vanishedShare: 1 } }] as const,
    );
    return { ...pipeline, groups: new Map(groups) };
  };
  const of = await openStripeHouse({ adjust: leave });
  await using _ = of;
  const { stripe, house } = of;
  const life = seededLife(stripe, 11);
  for (let hour = 0; hour < 9 * 24; hour += 1) life.hour();
  const first = tiesOf(await house.run());
  expect(first).toMatchObject({ outcome: "published", verdict: "warn" });
  for (let run = 0; run < 4; run += 1) {
    for (let hour = 0; hour < 18; hour += 1) life.hour();
    const { outcome, observed } = tiesOf(await house.run());
    expect(outcome).toBe("published");
    expect(observed).toMatch(/^tied [1-9]\d* · differs 0 · waiting 0 · absent 0 · exchanged [1-9]\d* \([\d.]+ EUR\)$/);
  }
  await expectAsIfMadeAnew(of);
  const kinds = await house.query(
    "select source_feed || ' ' || type as kind from curated.balance_tie where state = 'tied' group by 1 order by 1",
  );
  expect(kinds.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([
      "stripe.charges charge",
      "stripe.disputes adjustment",
      "stripe.payouts payout",
      "stripe.refunds refund",
    ]),
  );
});

test("a movement that is not the amount of its object stops the publication and is named", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.bill({ currency: "eur", amount: 5_000 });
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({ outcome: "published", verdict: "pass" });
  const { balanceTransaction } = stripe.books.bill({ currency: "eur", amount: 7_000 });
  const movement = stripe.store.find(balanceTransaction ?? "");
  if (!movement) throw new Error("the bill brought nothing into the balance");
  const right = movement.object;
  movement.object = { ...right, amount: 7_001, net: 7_001 - Number(right["fee"]) };
  pass(HOUR);
  const blocked = await house.run();
  expect(blocked.report?.exit_code).toBe(10);
  expect(tiesOf(blocked)).toEqual({
    outcome: "blocked",
    verdict: "fail",
    observed: `tied 1 · differs 1 (70.01 EUR) · waiting 0 · absent 0; ${balanceTransaction}`,
  });
  expect(await house.query("select count(*) as n from staging.stripe_charges")).toEqual([{ n: "1" }]);
  movement.object = right;
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({
    outcome: "published",
    observed: "tied 2 · differs 0 · waiting 0 · absent 0",
  });
});

test.each(["jpy", "isk", "mga"])("movements in %s tie by minor units of ISO 4217", async (currency) => {
  const of = await openStripeHouse({ stripe: { currency } });
  await using _ = of;
  const { stripe, house, pass } = of;
  const charge = stripe.books.charges.create({ amount: 1_230_000, currency }).id;
  stripe.books.refunds.create({ charge, amount: 120_000 });
  const digits = { jpy: "1230000", isk: "12300", mga: "123000000" }[currency];
  // A fee has parts of a króna, and waits for that.
  const movements = stripe.store.between("balance_transaction", 0, Number.MAX_SAFE_INTEGER);
  for (const movement of movements) movement.object = { ...movement.object, fee: 0, net: movement.object["amount"] ?? null };
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({ verdict: "pass", observed: "tied 2 · differs 0 · waiting 0 · absent 0" });
  const query = "select source_minor, amount_minor, currency from curated.balance_tie where type = 'charge'";
  expect(await house.query(query)).toEqual([{ source_minor: digits, amount_minor: digits, currency: currency.toUpperCase() }]);
});

test("what is exchanged, has no object, or is less for a known reason is listed and told, and stops nothing", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  const { books, store } = stripe;
  const exchanged = books.charges.create({ amount: 10_000, currency: "usd" }).id;
  books.takeFee(250);
  const held = books.charges.create({ amount: 9_000, currency: "eur", held: true }).id;
  const part = books.charges.create({ amount: 8_000, currency: "eur", held: true }).id;
  const inParts = books.charges.create({ amount: 6_000, currency: "eur", held: true }).id;
  const late = books.charges.create({ amount: 4_000, currency: "eur", delayed: true }).id;
  const disputed = books.charges.create({ amount: 3_000, currency: "eur" }).id;
  const returned = books.charges.create({ amount: 2_000, currency: "eur" }).id;
  pass(HOUR);
  const brought = store.find(String(store.find(exchanged)?.object["balance_transaction"]))?.object["amount"];
  const euros = (Number(brought) / 100).toFixed(2);
  const observed = `tied 3 · differs 0 · waiting 0 · absent 0 · exchanged 1 (${euros} EUR) · no_object 1 (2.50 EUR)`;
  expect(tiesOf(await house.run())).toEqual({ outcome: "published", verdict: "warn", observed });
  expect(await statesOf(of, held)).toEqual([]);

  books.charges.capture(held);
  books.charges.capture(part, 5_000);
  books.charges.capture(inParts, 2_500);
  // A second capture of one charge: the charge has the sum, its movement the first part.
  const several = store.find(inParts);
  if (!several) throw new Error("the charge is gone");
  several.object = {
    ...several.object,
    amount_captured: 6_000,
    payment_method_details: { card: { multicapture: { status: "available" } }, type: "card" },
  };
  books.charges.failLate(late);
  const dispute = books.disputes.create({ charge: disputed }).id;
  const refund = books.refunds.create({ charge: returned, status: "pending" }).id;
  pass(HOUR);
  expect(tiesOf(await house.run()).observed).toMatch(
    /^tied 8 · differs 0 · waiting 0 · absent 0 · exchanged 1 \(.*\) · explained 1 \(25\.00 EUR\) · no_object 1 /,
  );
  expect([await statesOf(of, held), await statesOf(of, part)]).toEqual([["charge tied"], ["charge tied"]]);
  expect(await statesOf(of, inParts)).toEqual(["charge explained"]);
  expect(await statesOf(of, late)).toEqual(["payment tied", "payment_failure_refund tied"]);

  books.disputes.close(dispute, "won");
  books.refunds.fail(refund);
  const [, back] = store
    .between("balance_transaction", 0, Number.MAX_SAFE_INTEGER)
    .filter(({ object }) => object["source"] === dispute);
  if (!back) throw new Error("nothing came back");
  // Of a dispute that is won in part, a part comes back.
  back.object = { ...back.object, amount: 1_000, net: 1_000 - Number(back.object["fee"]) };
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(await statesOf(of, dispute)).toEqual(["adjustment tied", "adjustment explained"]);
  expect(await statesOf(of, refund)).toEqual(["refund tied", "refund_failure tied"]);
  await expectAsIfMadeAnew(of);
  await expectSame(of);
});

test("an object that waits is told as waiting, and ties by itself when it is mended", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.bill({ currency: "eur", amount: 5_000 });
  const { charge } = stripe.books.bill({ currency: "eur", amount: 7_000 });
  const stored = stripe.store.find(charge);
  if (!stored) throw new Error("there is no charge");
  const right = stored.object;
  // More is refunded than was captured: the charge waits.
  stored.object = { ...right, amount_refunded: 9_000 };
  pass(HOUR);
  const waits = "tied 1 · differs 0 · waiting 1 (70.00 EUR) · absent 0";
  expect(tiesOf(await house.run())).toEqual({ outcome: "published", verdict: "warn", observed: waits });
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({ verdict: "warn", observed: waits });
  expect(await statesOf(of, charge)).toEqual(["charge absent"]);

  stored.object = right;
  stripe.books.charges.update(charge, { description: "mended" });
  pass(HOUR);
  expect(tiesOf(await house.run())).toEqual({
    outcome: "published",
    verdict: "pass",
    observed: "tied 2 · differs 0 · waiting 0 · absent 0",
  });
  expect(await statesOf(of, charge)).toEqual(["charge tied"]);
});

test("payouts tie, those that come back and those that are stopped too", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  for (let n = 0; n < 3; n += 1) stripe.books.bill({ currency: "eur", amount: 5_000 });
  pass(8 * DAY);
  const paid = stripe.books.payouts.create({}).id;
  const failed = stripe.books.payouts.create({ amount: 700 }).id;
  const stopped = stripe.books.payouts.create({ amount: 800 }).id;
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({ verdict: "pass", observed: "tied 6 · differs 0 · waiting 0 · absent 0" });
  stripe.books.payouts.pay(paid);
  stripe.books.payouts.fail(failed);
  stripe.books.payouts.cancel(stopped);
  pass(HOUR);
  expect(tiesOf(await house.run())).toMatchObject({ verdict: "pass", observed: "tied 8 · differs 0 · waiting 0 · absent 0" });
  expect(await statesOf(of, failed)).toEqual(["payout tied", "payout_failure tied"]);
  expect(await statesOf(of, stopped)).toEqual(["payout tied", "payout_cancel tied"]);
});

/** What ties of the example say of payouts, each with what is untied. */
async function untied({ house }: StripeHouse): Promise<Record<string, unknown>> {
  const { warehouse } = house.engine;
  const session = await warehouse.open({ purpose: "ties", readOnly: false });
  try {
    const found: Record<string, unknown> = {};
    for (const tie of house.pipeline.ties.values()) {
      const proof = await proveTie(session, warehouse.dialect, {
        tie,
        currencies: house.pipeline.currencies,
        today: "2026-10-20",
      });
      const breaks = (proof.breaks ?? []).map(({ key, source, live }) => [
        ...[key["payout_id"], source?.["amount_minor"] ?? null, live?.["amount_minor"] ?? null],
      ]);
      found[tie.name] = proof.notProven ?? breaks;
    }
    return found;
  } finally {
    await session.close();
  }
}

/** An object of the account, to be changed as nobody who uses Stripe could. */
const objectOf = ({ stripe }: StripeHouse, id: string) => stripe.store.find(id)?.object as Record<string, number>;

test("a payout short by a fee is found by the movements that it paid out, and what Stripe says of it itself does not tell", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  const billed = (amount: number) => {
    stripe.books.bill({ currency: "eur", amount });
    pass(8 * DAY);
    const { id } = stripe.books.payouts.create({});
    pass(HOUR);
    return id;
  };
  for (const amount of [5_000, 7_000]) billed(amount);
  expectEnded(await house.run(), "published");
  expect(await untied(of)).toEqual({ payout_movements: [], payout_contents: [] });
  // Somebody keeps 25 cents of what was available: the payout and its movement agree, what it is made of does not.
  pass(DAY);
  const short = billed(9_000);
  const payout = objectOf(of, short);
  const movement = objectOf(of, String(payout["balance_transaction"]));
  const whole = payout["amount"] ?? 0;
  payout["amount"] = whole - 25;
  movement["amount"] = 25 - whole;
  movement["net"] = 25 - whole;
  expectEnded(await house.run(), "published");
  expect(await untied(of)).toEqual({ payout_movements: [], payout_contents: [[short, String(whole - 25), String(whole)]] });
});
