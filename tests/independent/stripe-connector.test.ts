import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ended, SourcelessHouse } from "../support/engine.ts";
import { expectEnded, expectSameAs } from "../support/same-as-account.ts";
import type { StripeObject } from "./support/stripe-account.ts";
import { AT_ONE_SECOND, seedBusiness } from "./support/stripe-business.ts";
import { BEGINNING, type StripeWorld, startStripeWorld, type WorldAccount } from "./support/stripe-world.ts";
import { asked, openWorldHouse, readingFrom, WORLD_FEEDS } from "./support/world-house.ts";

const HOUR = 3_600_000;

let world: StripeWorld;

beforeAll(async () => {
  world = await startStripeWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** Rows of a kind that the feeds of a run had together. */
const sumOf = ({ report }: Ended, kind: "inserted" | "updated" | "unchanged" | "vanished" | "quarantined" | "extracted") =>
  (report?.feeds ?? []).reduce((sum, feed) => sum + Number(feed[kind]), 0);

/** What happens in an account in an hour: of everything something changes, and something is deleted. */
async function anHourOf(account: WorldAccount): Promise<void> {
  const some = async (list: string, wanted: (object: StripeObject) => boolean, params = {}) =>
    (await account.all(list, params)).filter(wanted);
  const plain = await some("customers", ({ name }) => String(name).startsWith("customer "));
  for (const { id } of plain.slice(0, 5)) await account.post(`customers/${id}`, { name: `renamed ${id}`, metadata: { a: "1" } });
  for (const { id } of plain.slice(5, 8)) await account.remove(`customers/${id}`);
  const running = await some("subscriptions", ({ status }) => status === "active");
  for (const { id } of running.slice(0, 2)) await account.remove(`subscriptions/${id}`);
  const paid = await some(
    "charges",
    ({ amount_refunded, paid, disputed }) => amount_refunded === 0 && paid === true && !disputed,
  );
  for (const { id } of paid.slice(0, 3)) await account.post("refunds", { charge: id });
  const [first, second, third] = await some("invoices", ({ status }) => status === "draft");
  for (let n = 0; n < 130; n += 1) {
    const { customer, currency, id } = first as StripeObject;
    // As in `seedBusiness`, divisible by 100: which draft is the first, and so its currency, is up to chance.
    const line = { amount: 100 * (5 + n), description: `more ${n}` };
    await account.post("invoiceitems", { customer: String(customer), currency: String(currency), invoice: id, ...line });
  }
  await account.remove(`invoices/${second?.id}`);
  await account.post(`invoices/${third?.id}/finalize`);
  const [open] = await some("invoices", ({ status }) => status === "open");
  await account.post(`invoices/${open?.id}/void`);
  for (let n = 0; n < 120; n += 1) await account.post("customers", { name: `late ${n}` });
}

describe("an account of 3,000 objects", () => {
  let account: WorldAccount;
  let house: SourcelessHouse;
  let now: number;
  const moveTo = (at: number) => {
    now = at;
    return account.moveClock(new Date(at));
  };

  beforeAll(async () => {
    account = await world.account("business");
    const settled = await seedBusiness(account, BEGINNING);
    await moveTo(settled.getTime() + HOUR);
    house = await openWorldHouse(account);
  });

  afterAll(() => house[Symbol.asyncDispose]());

  const expectSame = () => expectSameAs(asked(account), house, WORLD_FEEDS);

  test("is loaded as it is, 250 customers of one second among it", async () => {
    const loaded = await house.run();
    expectEnded(loaded, "published");
    expect(sumOf(loaded, "inserted")).toBeGreaterThan(3000);
    expect(sumOf(loaded, "inserted") + sumOf(loaded, "quarantined")).toBe(sumOf(loaded, "extracted"));
    await expectSame();
    const tie = `select count(*) as n from staging.stripe_customers where created_at = '${BEGINNING.toISOString()}'`;
    expect(await house.query(tie)).toEqual([{ n: String(AT_ONE_SECOND) }]);
  });

  test("is the same again an hour after much of it was changed, deleted and paid back", async () => {
    await anHourOf(account);
    await moveTo(now + HOUR);
    expectEnded(await house.run(), "published");
    await expectSame();
    const gone = "select count(*) as n from staging.stripe_customers__rows where _deleted_at is not null";
    expect(await house.query(gone)).toEqual([{ n: "3" }]);
  });

  test("stays as it is in an hour in which nothing happens, and a read of all of it finds nothing else", async () => {
    await moveTo(now + HOUR);
    const quiet = await house.run();
    expectEnded(quiet, "published");
    await expectSame();
    const whole = await house.run({ full: true, reason: "nothing may change" });
    expectEnded(whole, "published");
    for (const kind of ["inserted", "updated", "vanished"] as const) expect(sumOf(whole, kind), kind).toBe(0);
    expect(sumOf(whole, "unchanged")).toBeGreaterThan(3000);
    await expectSame();
  });

  test("is as its nets read it again, days and history and what is open", async () => {
    await moveTo(now + 4 * 24 * HOUR);
    expectEnded(await house.run(), "published");
    const read = [];
    for (let night = 0; night < 3; night += 1) {
      const nets = await house.run({ nets: true });
      expectEnded(nets, "published");
      for (const kind of ["inserted", "updated", "vanished"] as const) expect(sumOf(nets, kind), kind).toBe(0);
      read.push(sumOf(nets, "unchanged"));
    }
    expect(read[0]).toBeGreaterThan(500);
    await expectSame();
  });

  test("is not gone on with by the key of another account", async () => {
    const other = await world.account("other", { id: "acct_1Other0000000000", now: new Date(now + HOUR) });
    const pipeline = readingFrom(other)(house.engine.pipeline);
    const { failure } = await house.run({}, { pipeline, reread: () => pipeline });
    expect(failure?.exitCode).toBe(20);
    expect(failure?.problems.map(({ code }) => code)).toContain("stripe.account");
    await expectSame();
  });
});
