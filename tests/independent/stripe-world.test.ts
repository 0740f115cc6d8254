import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemTimer } from "../../src/kernel/clock.ts";
import { httpClient } from "../../src/sources/http-client.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import { type StripeAccount, type StripeObject, type StripeParams, StripeRefusal } from "./support/stripe-account.ts";
import { AT_ONE_SECOND, CURRENCIES, seedBusiness } from "./support/stripe-business.ts";
import { BEGINNING, everything, type StripeWorld, startStripeWorld, type WorldAccount } from "./support/stripe-world.ts";

let world: StripeWorld;
let account: WorldAccount;
let now: Date;

beforeAll(async () => {
  world = await startStripeWorld();
  account = await world.account("business");
  now = await seedBusiness(account, BEGINNING);
});

afterAll(() => world[Symbol.asyncDispose]());

const clientOf = ({ address, key }: StripeAccount) =>
  httpClient({
    source: "stripe",
    address,
    headers: async () => ({ authorization: `Bearer ${key}`, "stripe-version": "2026-08-26.dahlia" }),
    buckets: {},
    budget: requestBudget(100),
    timer: systemTimer,
    random: () => 0.5,
  });

/** Every object of a list as our client gets it, and the API's own time of each page. */
async function paged(of: StripeAccount, list: string, query: Readonly<Record<string, string>>) {
  const client = clientOf(of);
  const [found, times]: [StripeObject[], (string | undefined)[]] = [[], []];
  for (;;) {
    const last = found.at(-1);
    const from = last === undefined ? {} : { starting_after: last.id };
    const request = {
      name: `list ${list}`,
      path: `v1/${list}`,
      query: { limit: "100", ...query, ...from },
      maxBytes: 10_000_000,
    };
    const page = await client.request(request, async ({ body, now: at }) => {
      times.push(at?.toISOString());
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return JSON.parse(Buffer.concat(chunks).toString()) as { data: StripeObject[]; has_more: boolean };
    });
    found.push(...page.data);
    if (!page.has_more) return { found, times };
  }
}

const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));

describe("our client", () => {
  test("pages the customers of one second without loss and without doubles", async () => {
    const window = { "created[gte]": seconds(BEGINNING), "created[lt]": seconds(new Date(BEGINNING.getTime() + 1000)) };
    const { found, times } = await paged(account, "customers", window);
    expect(found).toHaveLength(AT_ONE_SECOND);
    expect(new Set(found.map(({ id }) => id)).size).toBe(AT_ONE_SECOND);
    expect(new Set(found.map((customer) => customer["created"]))).toEqual(new Set([Number(seconds(BEGINNING))]));
    expect(times).toEqual([now, now, now].map((at) => at.toISOString()));
  });

  test.each(["charges", "invoices", "events"])("gets the %s that a loop with fetch gets, in their order", async (list) => {
    const { found } = await paged(account, list, {});
    expect(found).toEqual(await account.all(list));
    const created = found.map((one) => Number(one["created"]));
    expect(created).toEqual(created.toSorted((a, b) => b - a));
  });

  test("ends at a refusal without asking again, and does not show what was refused", async () => {
    const refused = paged(account, "customers", { starting_after: "cus_secret" });
    await expect(refused).rejects.toMatchObject({ kind: "incomplete", problems: [{ code: "source.answer" }] });
    await expect(refused).rejects.not.toThrow(/cus_secret/);
  });
});

describe("the seeded business", () => {
  test("has some thousand objects of every kind, each once", async () => {
    const all = await everything(account);
    const ids = [...all.values()].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length - (all.get("events")?.length ?? 0)).toBeGreaterThan(3000);
    for (const [list, found] of all) expect(found.length, list).toBeGreaterThan(0);
    const of = (list: string, key: string) => new Set(all.get(list)?.map((one) => one[key]));
    for (const list of ["charges", "invoices", "refunds", "balance_transactions"]) {
      expect(of(list, "currency"), list).toEqual(new Set(CURRENCIES));
    }
    expect(of("invoices", "status")).toEqual(new Set(["draft", "open", "paid", "void"]));
    expect(of("disputes", "status").size).toBeGreaterThan(0);
  });

  test("is the same for the same seed, but for what was asked side by side", async () => {
    const [one, other] = [await world.account("one"), await world.account("other")];
    const different = await world.account("different", { seed: 8 });
    const ids = [];
    for (const of of [one, other, different]) ids.push((await of.post("customers", { name: "first" })).id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe("what the server does and does not do, on which tests of connectors build", () => {
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof StripeRefusal)) return error;
    return [error.status, error.code, error.param];
  };

  test("the clock is moved, objects get its instants, and answers say its time", async () => {
    const moved = await world.account("moved");
    await moved.moveClock(new Date("2026-10-05T06:07:08Z"));
    expect((await moved.post("customers", { name: "late" }))["created"]).toBe(Date.parse("2026-10-05T06:07:08Z") / 1000);
    expect((await paged(moved, "customers", {})).times).toEqual(["2026-10-05T06:07:08.000Z"]);
  });

  test("it has an account and a balance", async () => {
    expect(await account.get("account")).toMatchObject({ id: expect.stringMatching(/^acct_/), object: "account" });
    expect(await account.get("balance")).toMatchObject({ object: "balance" });
  });

  test.each([
    { what: "invoice payments are not there", list: "invoice_payments", params: {}, expected: [404, null, null] },
    {
      what: "items are listed by their subscription",
      list: "subscription_items",
      params: {},
      expected: [400, "parameter_missing", "subscription"],
    },
    {
      what: "and not by when they were made",
      list: "subscription_items",
      params: { created: { gte: 1 } },
      expected: [400, "parameter_unknown", "created"],
    },
    {
      what: "an object that is not there is no cursor",
      list: "customers",
      params: { starting_after: "cus_none" },
      expected: [400, "resource_missing", "starting_after"],
    },
    {
      what: "unknown parameters are refused",
      list: "charges",
      params: { nonsense: 1 },
      expected: [400, "parameter_unknown", "nonsense"],
    },
  ])("$what", async ({ list, params, expected }) => {
    expect(await refusal(account.get(list, params as StripeParams))).toEqual(expected);
  });

  test("time that passes bills nothing by itself", async () => {
    const [subscription] = await account.all("subscriptions", { status: "all" });
    const invoices = await account.all("invoices");
    await account.moveClock(new Date(now.getTime() + 60 * 86_400_000));
    expect(await account.get(`subscriptions/${subscription?.id}`)).toEqual(subscription);
    expect(await account.all("invoices")).toEqual(invoices);
    await account.moveClock(now);
  });

  test("a deleted customer is still retrieved, not listed, and still a cursor", async () => {
    const { id } = await account.post("customers", { name: "gone" });
    await account.remove(`customers/${id}`);
    expect(await account.get(`customers/${id}`)).toMatchObject({ id, deleted: true });
    expect((await account.all("customers")).map((one) => one.id)).not.toContain(id);
    expect(await refusal(account.get("customers", { starting_after: id }))).toBeNull();
  });

  test("a page of more than 100 is cut and not refused", async () => {
    const page = await account.get("customers", { limit: 101 });
    expect(page["data"]).toHaveLength(100);
  });
});
