import { expect, test } from "vitest";
import { openAccount } from "../../sandbox/account/account.ts";
import { billingBook } from "../../sandbox/billing/book.ts";
import type { Facts } from "../../sandbox/cast/facts.ts";
import { openOrg } from "../../sandbox/org/org.ts";
import { isObject, type JsonObject } from "../../sandbox/stripe/json.ts";
import type { Kind } from "../../sandbox/stripe/kinds.ts";
import type { Store, Stored } from "../../sandbox/stripe/store.ts";
import { createWorld } from "../../sandbox/world/world.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type Heard, listener } from "./heard.ts";

const KINDS: readonly Kind[] = ["customer", "subscription", "invoice", "charge", "refund", "dispute"];

const LINKS = ["customer_id", "subscription_id", "invoice_id", "payment_id"];

type Looked = Pick<Store, "find" | "between">;

const all = (store: Looked, kind: Kind): readonly Stored[] => store.between(kind, 0, Number.POSITIVE_INFINITY);

function named(object: JsonObject, name: string): string | null {
  const metadata = object["metadata"];
  const value = isObject(metadata) ? metadata[name] : null;
  return typeof value === "string" ? value : null;
}

const naming = (store: Looked, kind: Kind, name: string) => all(store, kind).filter(({ object }) => named(object, name) !== null);

interface Played {
  readonly store: Looked;
  readonly heard: Heard;
  /** Invoices that were paid at Stripe and not in billing, at the end of any hour. */
  readonly settledAlone: ReadonlySet<string>;
  /** Customers of billing's that two customers at Stripe claim, at the end of each hour. */
  readonly claimedTwice: readonly (readonly string[])[];
  readonly forbidden: number;
}

function claimedTwice(store: Looked): string[] {
  const claims = naming(store, "customer", "customer_id").filter(({ deleted }) => !deleted);
  const ids = claims.map(({ object }) => named(object, "customer_id") ?? "");
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}

function settledAlone(store: Looked, { invoice }: Heard): string[] {
  const paid = naming(store, "invoice", "invoice_id").filter(({ object }) => object["status"] === "paid");
  return paid.map(({ object }) => named(object, "invoice_id") ?? "").filter((id) => invoice.get(id)?.status !== "paid");
}

async function play({ seed, hours, scale = 0.5 }: { seed: number; hours: number; scale?: number }): Promise<Played> {
  await using account = await openAccount({ seed });
  const { heard, now, book } = listener();
  await using world = await createWorld({ books: [book, account.book], seed, scale });
  const twice: string[][] = [];
  const settled = new Set<string>();
  let forbidden = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    await world.playHour();
    const { unreadable } = account.live();
    forbidden += unreadable.size;
    twice.push(claimedTwice(account.store));
    for (const id of settledAlone(account.store, now)) settled.add(id);
  }
  return { store: account.store, heard, settledAlone: settled, claimedTwice: twice, forbidden };
}

test("objects at Stripe name what billing has; only strays name a customer that it never had", async () => {
  const { store, heard } = await play({ seed: 7, hours: 12 });
  const customers = naming(store, "customer", "customer_id").map(({ object }) => named(object, "customer_id") ?? "");
  const strays = customers.filter((id) => !heard.customer.has(id));
  expect([strays.length, strays.every((id) => id.startsWith("cus_stray"))]).toEqual([2, true]);
  expect(customers.length / heard.customer.size).toBeGreaterThan(0.7);
  for (const [kind, name, facts] of [
    ["subscription", "subscription_id", heard.subscription],
    ["invoice", "invoice_id", heard.invoice],
    ["charge", "payment_id", heard.payment],
    ["refund", "payment_id", heard.payment],
    ["dispute", "payment_id", heard.payment],
  ] as const) {
    const ids = naming(store, kind, name).map(({ object }) => named(object, name) ?? "");
    expect(ids.length, kind).toBeGreaterThan(0);
    // One payment is charged twice.
    expect(ids.length - new Set(ids).size, kind).toBe(kind === "charge" ? 1 : 0);
    expect(
      ids.filter((id) => !facts.has(id)),
      kind,
    ).toEqual([]);
  }
  expect(all(store, "charge").some(({ object }) => named(object, "payment_id") === null)).toBe(true);
});

/** In what a charge is otherwise than the payment that it names. */
function deviations(object: JsonObject, payment: Facts["payment"] | undefined, owner: string | null | undefined): string[] {
  const same = {
    amount: object["amount"] === payment?.amount,
    currency: object["currency"] === payment?.currency.toLowerCase(),
    owner: owner === payment?.customer,
    status: object["status"] === (payment?.status === "failed" ? "failed" : "succeeded"),
  };
  return Object.entries(same).flatMap(([name, is]) => (is ? [] : [name]));
}

test("a card payment of a customer at Stripe is one charge of its amount, declined where it failed, but for one of each way to be otherwise; what goes back does not exceed it", async () => {
  const { store, heard } = await play({ seed: 3, hours: 24, scale: 1 });
  const linked = new Map(naming(store, "customer", "customer_id").map(({ id, object }) => [id, named(object, "customer_id")]));
  const charges = naming(store, "charge", "payment_id");
  const odd: string[] = [];
  for (const { object } of charges) {
    const payment = heard.payment.get(named(object, "payment_id") ?? "");
    expect(payment).toMatchObject({ purpose: "payment", method: "card", invoice: named(object, "invoice_id") });
    odd.push(...deviations(object, payment, linked.get(String(object["customer"]))));
  }
  expect(odd.toSorted()).toEqual(["amount", "currency", "owner", "status"]);
  const atStripe = new Set(linked.values());
  const byCard = [...heard.payment.values()].filter(
    ({ purpose, method, customer, currency, amount }) =>
      purpose === "payment" && method === "card" && atStripe.has(customer) && (currency !== "KWD" || amount % 10 === 0),
  );
  expect(charges.length).toBe(byCard.length + 1);
  expect(charges.some(({ object }) => object["status"] === "failed")).toBe(true);
  for (const kind of ["refund", "dispute"] as const) {
    for (const { object } of naming(store, kind, "payment_id")) {
      const payment = heard.payment.get(named(object, "payment_id") ?? "");
      const charge = store.find(String(object["charge"]))?.object ?? {};
      expect(payment).toMatchObject({ purpose: kind, amount: -Number(object["amount"]), invoice: named(charge, "invoice_id") });
      expect(Number(object["amount"])).toBeLessThanOrEqual(Number(charge["amount"]));
    }
  }
});

test("some money moves at Stripe alone: a charge and a refund by hand, what came twice goes back whole, an invoice is settled", async () => {
  const { store, settledAlone: settled } = await play({ seed: 7, hours: 14 });
  const linked = new Set(naming(store, "customer", "customer_id").map(({ id }) => id));
  const ofNobody = (kind: Kind) => all(store, kind).filter(({ object }) => named(object, "payment_id") === null);
  const byHand = ofNobody("charge").filter(({ object }) => linked.has(String(object["customer"])));
  expect(byHand.map(({ object }) => object["description"])).toEqual(["by hand"]);
  const back = ofNobody("refund").flatMap(({ object }) => {
    const charge = store.find(String(object["charge"]))?.object ?? {};
    return named(charge, "payment_id") === null ? [] : [object["amount"] === charge["amount"] ? "whole" : "part"];
  });
  expect(back.toSorted()).toEqual(["part", "whole"]);
  expect(settled.size).toBe(1);
});

test("when a month has begun, a charge of the month before is disputed whole, and billing hears nothing of it", async () => {
  const { store } = await play({ seed: 7, hours: 25, scale: 1 });
  const october = Date.UTC(2026, 9, 1) / 1000;
  const late = all(store, "dispute").filter(({ object, created }) => {
    const charge = store.find(String(object["charge"]));
    const isOfCompany = charge !== undefined && named(charge.object, "payment_id") !== null;
    return isOfCompany && named(object, "payment_id") === null && created >= october && charge.created < october;
  });
  expect(late).toHaveLength(1);
  const [dispute] = late;
  expect(dispute?.object["amount"]).toBeGreaterThan(0);
});

test("the payout before the story and that of each morning lack a fee of what they took along, and those before them nothing", async () => {
  const { store } = await play({ seed: 7, hours: 31 });
  const lacking = all(store, "payout").map(({ id, object, created }) => {
    const own = all(store, "balance_transaction").filter(({ aside }) => aside["payout"] === id);
    const taken = own.find(({ object: { type } }) => type === "payout")?.object ?? {};
    const made = own.filter(({ object: { type } }) => type !== "payout");
    const lack = made.reduce((sum, { object: { net } }) => sum + Number(net), 0) - Number(object["amount"]);
    expect([taken["amount"], taken["net"]]).toEqual([-Number(object["amount"]), -Number(object["amount"])]);
    return {
      day: new Date(created * 1000).toISOString().slice(0, 10),
      lack,
      fees: made.map(({ object: { fee } }) => Number(fee)),
    };
  });
  expect(lacking.length).toBeGreaterThan(15);
  const short = lacking.filter(({ lack }) => lack !== 0);
  expect(short.map(({ day }) => day)).toEqual(["2026-09-29", "2026-09-30", "2026-10-01"]);
  for (const { lack, fees } of short) expect(fees).toContain(lack);
});

test("two customers at Stripe claim one of billing's, and some hours later only one does", async () => {
  const { store, claimedTwice } = await play({ seed: 1, hours: 16 });
  const begun = new Set(claimedTwice.flat());
  expect(begun.size).toBeGreaterThanOrEqual(3);
  expect(claimedTwice[0]?.length).toBe(1);
  expect(claimedTwice[4]).toEqual([]);
  expect(claimedTwice[14]).toEqual([]);
  const removed = naming(store, "customer", "customer_id").filter(({ deleted }) => deleted);
  expect(removed.length).toBeGreaterThan(0);
  expect(removed.length).toBeLessThan(begun.size);
});

test.each([1, 2, 3, 7])(
  "seed %i: nothing of the company happens in the first quarter of an hour, and the object that may not be seen is found",
  async (seed) => {
    const { store, forbidden } = await play({ seed, hours: 24, scale: 1 });
    expect(forbidden).toBe(1);
    const events = all(store, "event").filter(({ object }) => {
      const { data } = object;
      const changed = isObject(data) && isObject(data["object"]) ? data["object"] : {};
      return LINKS.some((name) => named(changed, name) !== null);
    });
    expect(events.length).toBeGreaterThan(0);
    const early = events.filter(({ created }) => created % 3600 < 900);
    expect(early).toEqual([]);
  },
);

test("the same seed gives the same account, another one another", async () => {
  const objects = async (seed: number) => {
    const { store } = await play({ seed, hours: 6, scale: 0.2 });
    return KINDS.map((kind) => all(store, kind).map(({ object, deleted, created }) => ({ object, deleted, created })));
  };
  const first = await objects(5);
  expect(await objects(5)).toEqual(first);
  expect(await objects(6)).not.toEqual(first);
});

test("billing is the same with an account and an org beside it and without", async () => {
  const billing = async (beside: boolean) => {
    await using db = await freshDatabase();
    await using account = await openAccount({ seed: 11 });
    await using org = await openOrg({ seed: 11 });
    const more = beside ? [account.book, org.book] : [];
    await using world = await createWorld({ books: [billingBook(db), ...more], seed: 11, scale: 0.2 });
    for (let hour = 0; hour < 8; hour += 1) await world.playHour();
    const { rows, tags } = world.sight();
    // The real clock's column differs from play to play.
    const feeds = [...rows].map(([feed, own]) => [feed, own.map(({ cells }) => ({ ...cells, updated_at: null }))]);
    return { feeds, tags };
  };
  expect(await billing(true)).toEqual(await billing(false));
});
