import { expect, test } from "vitest";
import { ask, clientOf, second, simulated } from "./simulated.ts";

const idsOf = (objects: readonly { id?: string }[]) => objects.map(({ id }) => id);

test("250 customers of one second are paged through, newest first, in the reverse order of their writing", async () => {
  const stripe = await simulated();
  const written = stripe.books.manyCustomers(250);
  const seen: string[] = [];
  for await (const { id } of clientOf(stripe).customers.list({ limit: 100 })) seen.push(id);
  expect(seen).toEqual([...written].reverse());
  expect(stripe.requests.count("/v1/customers")).toBe(3);
});

test("a page before a cursor is the nearest one, newest first, and says whether there is more before it", async () => {
  const stripe = await simulated();
  const [oldest = "", ...others] = stripe.books.manyCustomers(5);
  const client = clientOf(stripe);
  const page = await client.customers.list({ limit: 3, ending_before: oldest });
  expect([idsOf(page.data), page.has_more]).toEqual([others.slice(0, 3).reverse(), true]);
  const rest = await client.customers.list({ limit: 3, ending_before: page.data[0]?.id ?? "" });
  expect([idsOf(rest.data), rest.has_more]).toEqual([others.slice(3), false]);
  const back: string[] = [];
  for await (const { id } of client.customers.list({ limit: 2, ending_before: oldest })) back.push(id);
  expect(back).toEqual(others);
});

test("windows of whole seconds are half-open, closed or one second", async () => {
  const stripe = await simulated();
  const ids: string[] = [];
  for (let at = 0; at < 4; at++) {
    ids.push(stripe.books.customers.create().id);
    stripe.clock.advance(1);
  }
  const client = clientOf(stripe);
  const within = async (created: number | { gt?: number; gte?: number; lt?: number; lte?: number }) =>
    idsOf((await client.customers.list({ created })).data).map((id = "") => ids.indexOf(id));
  expect(await within({ gte: second(1), lt: second(3) })).toEqual([2, 1]);
  expect(await within({ gt: second(1), lte: second(3) })).toEqual([3, 2]);
  expect(await within(second(2))).toEqual([2]);
});

test("a list gives ten objects where nothing is said, and refuses more than a hundred", async () => {
  const stripe = await simulated();
  stripe.books.manyCustomers(11);
  const { body } = await ask(stripe, "/v1/customers");
  expect([body.object, body.url, body.data.length, body.has_more]).toEqual(["list", "/v1/customers", 10, true]);
  for (const limit of ["101", "0", "ten"]) {
    const refused = await ask(stripe, `/v1/customers?limit=${limit}`);
    expect([refused.status, refused.body.error.param]).toEqual([400, "limit"]);
  }
});

test("the object of a cursor must still be in the list", async () => {
  const stripe = await simulated();
  const [, cursor = ""] = stripe.books.manyCustomers(3);
  stripe.books.customers.remove(cursor);
  for (const id of [cursor, "cus_nobody"]) {
    const { status, body } = await ask(stripe, `/v1/customers?starting_after=${id}`);
    expect([status, body.error.code, body.error.param]).toEqual([400, "resource_missing", "starting_after"]);
    expect(body.error.message).toBe(`No such customer: '${id}'`);
  }
});

test("a cancelled subscription is no cursor of a list that leaves it out, but one of status=all", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const customer = books.customers.create().id;
  const [first, last] = [1, 2].map(() => books.subscriptions.create({ customer, currency: "eur", items: [{}] }).id);
  books.subscriptions.cancel(last ?? "");
  const client = clientOf(stripe);
  await expect(client.subscriptions.list({ starting_after: last ?? "" })).rejects.toMatchObject({ code: "resource_missing" });
  expect(idsOf((await client.subscriptions.list({ starting_after: last ?? "", status: "all" })).data)).toEqual([first]);
  expect(idsOf((await client.subscriptions.list()).data)).toEqual([first]);
  expect(idsOf((await client.subscriptions.list({ status: "canceled" })).data)).toEqual([last]);
  expect(idsOf((await client.subscriptions.list({ status: "ended" })).data)).toEqual([last]);
});

test("both cursors at once, an unknown parameter, an unknown bound and an unknown status are refused", async () => {
  const stripe = await simulated();
  const refused = async (query: string) => {
    const { status, body } = await ask(stripe, `/v1/subscriptions?${query}`);
    return [status, body.error.type, body.error.code, body.error.param];
  };
  expect((await refused("starting_after=a&ending_before=b"))[0]).toBe(400);
  expect(await refused("colour=red")).toEqual([400, "invalid_request_error", "parameter_unknown", "colour"]);
  expect(await refused("created[after]=1")).toEqual([400, "invalid_request_error", "parameter_unknown", "created[after]"]);
  expect(await refused("status=asleep")).toEqual([400, "invalid_request_error", undefined, "status"]);
});

test("objects that are written are seen by address at once and in lists later", async () => {
  const stripe = await simulated({ visibleAfterSeconds: 10 });
  const { id } = stripe.books.customers.create();
  const client = clientOf(stripe);
  expect((await client.customers.retrieve(id)).id).toBe(id);
  stripe.clock.advance(9);
  expect([(await client.customers.list()).data, (await client.events.list()).data]).toEqual([[], []]);
  stripe.clock.advance(1);
  expect([(await client.customers.list()).data.length, (await client.events.list()).data.length]).toEqual([1, 1]);
});
