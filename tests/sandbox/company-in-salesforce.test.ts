import { expect, test } from "vitest";
import { openOrg } from "../../sandbox/org/org.ts";
import type { Fields } from "../../sandbox/salesforce/values.ts";
import { createWorld } from "../../sandbox/world/world.ts";
import { type Heard, listener } from "./heard.ts";

interface Played {
  readonly orders: readonly Fields[];
  readonly accounts: readonly Fields[];
  readonly heard: Heard;
  /** Customers that two accounts claim, at the end of each hour. */
  readonly claimedTwice: readonly (readonly string[])[];
}

const numbers = (accounts: readonly Fields[]) =>
  accounts.flatMap((account) => (typeof account["AccountNumber"] === "string" ? [account["AccountNumber"]] : []));

async function play({ seed, hours, scale = 0.5 }: { seed: number; hours: number; scale?: number }): Promise<Played> {
  await using org = await openOrg({ seed });
  const { heard, book } = listener();
  await using world = await createWorld({ books: [book, org.book], seed, scale });
  const claimedTwice: string[][] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    await world.playHour();
    org.live();
    const ids = numbers(org.books.rows("Account").filter((account) => account["IsDeleted"] === false));
    claimedTwice.push(ids.filter((id, i) => ids.indexOf(id) !== i));
  }
  return { accounts: org.books.rows("Account"), orders: org.books.rows("Order"), heard, claimedTwice };
}

test("most customers have an account whose number is billing's id; some have another name than billing has", async () => {
  const { accounts, heard } = await play({ seed: 7, hours: 6 });
  const linked = accounts.filter((account) => account["AccountNumber"] !== undefined);
  const ids = new Set(numbers(accounts));
  expect([...ids].filter((id) => !heard.customer.has(id))).toEqual([]);
  expect(ids.size / heard.customer.size).toBeGreaterThan(0.75);
  expect(ids.size).toBeLessThan(heard.customer.size);
  expect(linked.length).toBeLessThan(accounts.length);
  const renamed = linked.filter(({ AccountNumber, Name }) => heard.customer.get(String(AccountNumber))?.legalName !== Name);
  expect(renamed.length).toBeGreaterThan(0);
  expect(renamed.length).toBeLessThan(linked.length / 4);
});

test("some subscriptions were ordered, for what their first period costs", async () => {
  const { accounts, orders, heard } = await play({ seed: 7, hours: 6 });
  const customers = new Map(accounts.map(({ Id, AccountNumber }) => [Id, AccountNumber]));
  const ordered = orders.filter(
    ({ AccountId, OrderReferenceNumber }) => typeof customers.get(AccountId) === "string" && !OrderReferenceNumber,
  );
  expect(ordered.length).toBeGreaterThan(10);
  const subscriptions = [...heard.subscription.values()];
  for (const { AccountId, TotalAmount, CurrencyIsoCode } of ordered) {
    const cents = Math.round(Number(TotalAmount) * 100);
    const of = subscriptions.filter(({ customer }) => customer === customers.get(AccountId));
    expect(of.some(({ amount, quantity, currency }) => amount * quantity === cents && currency === CurrencyIsoCode)).toBe(true);
  }
});

test("some invoices are of an order that names them; one of these is raised, and put right six hours later", async () => {
  const raised = async (hours: number) => {
    const { orders, heard } = await play({ seed: 7, hours });
    const invoiced = orders.filter(({ OrderReferenceNumber }) => typeof OrderReferenceNumber === "string");
    expect(invoiced.length).toBeGreaterThan(20);
    return invoiced.flatMap(({ OrderReferenceNumber, TotalAmount, CurrencyIsoCode }) => {
      const invoice = heard.invoice.get(String(OrderReferenceNumber));
      expect(CurrencyIsoCode).toBe(invoice?.currency);
      const more = Math.round(Number(TotalAmount) * 100) - (invoice?.subtotal ?? 0);
      return more === 0 ? [] : [more];
    });
  };
  expect(await raised(6)).toEqual([10_000]);
  expect(await raised(7)).toEqual([]);
});

test("two accounts claim one customer, and some hours later they are merged", async () => {
  const { accounts, claimedTwice } = await play({ seed: 1, hours: 9 });
  expect(claimedTwice.map((ids) => ids.length)).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
  const merged = accounts.filter((account) => account["AccountNumber"] && account["IsDeleted"] === true);
  expect(merged.length).toBe(3);
  for (const { MasterRecordId, AccountNumber } of merged) {
    const master = accounts.find((account) => account["Id"] === MasterRecordId);
    expect(master).toMatchObject({ AccountNumber, IsDeleted: false });
  }
});

test("nothing of the company happens in the first quarter of an hour", async () => {
  const { accounts } = await play({ seed: 2, hours: 9 });
  const stamps = accounts.filter((account) => account["AccountNumber"]).map((account) => Number(account["SystemModstamp"]));
  expect(stamps.length).toBeGreaterThan(0);
  expect(stamps.filter((stamp) => stamp % 3_600_000 < 900_000)).toEqual([]);
});

test("the same seed gives the same org, another one another", async () => {
  const accounts = async (seed: number) => (await play({ seed, hours: 6, scale: 0.2 })).accounts;
  const first = await accounts(5);
  expect(await accounts(5)).toEqual(first);
  expect(await accounts(6)).not.toEqual(first);
});
