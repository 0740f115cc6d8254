import { expect, test } from "vitest";
import type { FaultName } from "../../sandbox/stripe/faults.ts";
import { DEFAULT_KEY, type Stripe } from "../../sandbox/stripe/start-stripe.ts";
import { ask, simulated } from "./simulated.ts";

const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

/** A simulator with customers, newest first, as lists show them. */
async function withCustomers(count: number): Promise<{ stripe: Stripe; customers: string[] }> {
  const stripe = await simulated();
  return { stripe, customers: stripe.books.manyCustomers(count).reverse() };
}

test("a burst of 429 says why, and how long to wait only where it is told to", async () => {
  const { stripe } = await withCustomers(1);
  const burst = stripe.faults.on("rate_limited_burst", { times: 2 });
  const [first, second, third] = [
    await ask(stripe, "/v1/customers"),
    await ask(stripe, "/v1/customers"),
    await ask(stripe, "/v1/customers"),
  ];
  expect([first.status, second.status, third.status, burst.hits]).toEqual([429, 429, 200, 2]);
  expect(first.headers.get("Stripe-Rate-Limited-Reason")).toBe("global-rate");
  expect(first.headers.get("Retry-After")).toBeNull();
  stripe.faults.on("rate_limited_burst", { retryAfter: 5, reason: "endpoint-concurrency" });
  const { headers } = await ask(stripe, "/v1/customers");
  expect([headers.get("Retry-After"), headers.get("Stripe-Rate-Limited-Reason")]).toEqual(["5", "endpoint-concurrency"]);
});

test.each([
  { fault: "server_error", status: 500, wait: null },
  { fault: "unavailable", status: 503, wait: null },
  { fault: "unavailable_retry_after", status: 503, wait: "2" },
] as const)("$fault is $status", async ({ fault, status, wait }) => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on(fault);
  const refused = await ask(stripe, "/v1/customers");
  expect([refused.status, refused.body.error.type, refused.headers.get("Retry-After")]).toEqual([status, "api_error", wait]);
  expect((await ask(stripe, "/v1/customers")).status).toBe(200);
});

test("an object is held by something else: 429 without a rate, or 409", async () => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on("lock_timeout");
  const { status, body, headers } = await ask(stripe, "/v1/customers");
  expect([status, body.error.code, headers.get("Stripe-Rate-Limited-Reason")]).toEqual([429, "lock_timeout", null]);
  stripe.faults.on("conflict");
  expect((await ask(stripe, "/v1/customers")).status).toBe(409);
});

test("an answer may come as a page, an error's or one that says 200", async () => {
  const { stripe } = await withCustomers(1);
  const page = async () => {
    const response = await fetch(`${stripe.url}/v1/customers`, { headers: { Authorization: `Bearer ${DEFAULT_KEY}` } });
    return [response.status, response.headers.get("Content-Type"), (await response.text()).slice(0, 6)];
  };
  stripe.faults.on("unavailable", { html: true });
  expect(await page()).toEqual([503, "text/html", "<html>"]);
  stripe.faults.on("html_answer");
  expect(await page()).toEqual([200, "text/html", "<html>"]);
});

test("a request without an answer waits until its client goes, and is counted", async () => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on("timeout", { times: 2 });
  const gone = new AbortController();
  const waiting = ask(stripe, "/v1/customers", { signal: gone.signal });
  await expect.poll(() => stripe.requests.count()).toBe(1);
  gone.abort();
  await expect(waiting).rejects.toThrow("aborted");
  expect(stripe.requests.all()).toMatchObject([{ status: 0, faults: ["timeout"] }]);
  const other = expect(ask(stripe, "/v1/customers")).rejects.toThrow("fetch failed");
  await expect.poll(() => stripe.requests.count()).toBe(2);
  await stripe.close();
  await other;
});

test("a connection is torn down", async () => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on("connection_reset");
  await expect(ask(stripe, "/v1/customers")).rejects.toThrow("fetch failed");
  expect((await ask(stripe, "/v1/customers")).status).toBe(200);
});

test.each(["length", "chunked"] as const)("a body is cut, framed by %s", async (framing) => {
  const { stripe } = await withCustomers(10);
  stripe.faults.on("cut_body", { framing, keep: 0.3 });
  await expect(ask(stripe, "/v1/customers", { headers: { "Accept-Encoding": "identity" } })).rejects.toThrow("terminated");
  expect((await ask(stripe, "/v1/customers")).body.data.length).toBe(10);
});

test("a body comes slowly and whole", async () => {
  const { stripe, customers } = await withCustomers(3);
  stripe.faults.on("slow_body", { pieces: 3, pauseMs: 1 });
  const response = await fetch(`${stripe.url}/v1/customers`, { headers: { Authorization: `Bearer ${DEFAULT_KEY}` } });
  let chunks = 0;
  for await (const _ of response.body ?? []) chunks += 1;
  expect(chunks).toBeGreaterThan(0);
  expect(response.headers.get("Content-Length")).toBeNull();
  stripe.faults.on("slow_body");
  expect(ids((await ask(stripe, "/v1/customers")).body)).toEqual(customers);
});

test("a page comes once more in place of the next", async () => {
  const { stripe, customers } = await withCustomers(6);
  stripe.faults.on("duplicate_page");
  const first = await ask(stripe, "/v1/customers?limit=2");
  const path = `/v1/customers?limit=2&starting_after=${customers[1]}`;
  const again = await ask(stripe, path);
  expect([ids(again.body), again.body.has_more]).toEqual([ids(first.body), true]);
  expect(ids((await ask(stripe, path)).body)).toEqual(customers.slice(2, 4));
});

test("a page is another when it is read again", async () => {
  const { stripe, customers } = await withCustomers(3);
  stripe.faults.on("page_changed");
  const [first, second] = [await ask(stripe, "/v1/customers"), await ask(stripe, "/v1/customers")];
  expect(ids(second.body)).toEqual(ids(first.body));
  expect(second.body).not.toEqual(first.body);
  stripe.faults.on("page_changed", { change: ([newest = ""]) => stripe.books.customers.remove(newest) });
  await ask(stripe, "/v1/customers");
  expect(ids((await ask(stripe, "/v1/customers")).body)).toEqual(customers.slice(1));
});

test("a cursor has vanished", async () => {
  const { stripe, customers } = await withCustomers(3);
  stripe.faults.on("vanished_cursor");
  expect((await ask(stripe, "/v1/customers")).status).toBe(200);
  const { status, body } = await ask(stripe, `/v1/customers?starting_after=${customers[0]}`);
  expect([status, body.error.code, body.error.param]).toEqual([400, "resource_missing", "starting_after"]);
  expect(body.error.message).toBe(`No such customer: '${customers[0]}'`);
});

test("a key's time is over", async () => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on("expired_key", { times: Number.POSITIVE_INFINITY });
  const { status, body } = await ask(stripe, "/v1/customers");
  expect([status, body.error.code, body.error.message]).toEqual([
    401,
    "api_key_expired",
    "Expired API Key provided: sk_test_********0000",
  ]);
  stripe.faults.off("expired_key");
  expect((await ask(stripe, "/v1/customers")).status).toBe(200);
});

test("a page silently lacks an object, never its last", async () => {
  const { stripe, customers } = await withCustomers(8);
  stripe.faults.on("wrong_count", { missing: 2 });
  const { body } = await ask(stripe, "/v1/customers?limit=5");
  expect([body.data.length, body.has_more, body.data.at(-1).id]).toEqual([3, true, customers[4]]);
});

test("the date is not the clock's", async () => {
  const { stripe } = await withCustomers(1);
  stripe.faults.on("clock_skew", { seconds: -90 });
  expect((await ask(stripe, "/v1/customers")).headers.get("Date")).toBe("Mon, 05 Oct 2026 11:58:30 GMT");
  expect((await ask(stripe, "/v1/customers")).headers.get("Date")).toBe("Mon, 05 Oct 2026 12:00:00 GMT");
});

test("fields are added, removed and retyped, in the answer's objects or in those of a kind", async () => {
  const stripe = await simulated();
  const { invoice } = stripe.books.bill({ amount: 900, currency: "eur", lines: 2 });
  const { faults } = stripe;
  faults.on("field_added", { field: "colour", value: "red" });
  expect((await ask(stripe, "/v1/invoices")).body.data[0].colour).toBe("red");
  faults.on("field_removed", { field: "total" });
  expect((await ask(stripe, `/v1/invoices/${invoice}`)).body).not.toHaveProperty("total");
  faults.on("field_retyped", { field: "amount", object: "line_item" });
  const { lines, total } = (await ask(stripe, `/v1/invoices/${invoice}`)).body;
  expect([lines.data.map(({ amount }: { amount: unknown }) => amount), total]).toEqual([["450", "450"], 900]);
  faults.on("field_retyped", { field: "currency" });
  faults.on("field_retyped", { field: "attempted" });
  expect((await ask(stripe, `/v1/invoices/${invoice}`)).body).toMatchObject({ currency: { value: "eur" }, attempted: "true" });
});

test("one object is forbidden, or not there and then back", async () => {
  const { stripe, customers } = await withCustomers(2);
  const [a = "", b = ""] = customers;
  stripe.faults.on("object_forbidden", { id: a, times: 9 });
  const statuses = async (id: string) => [
    (await ask(stripe, `/v1/customers/${id}`)).status,
    (await ask(stripe, "/v1/customers")).status,
  ];
  expect([await statuses(a), await statuses(b)]).toEqual([
    [403, 200],
    [200, 200],
  ]);
  stripe.faults.off();
  stripe.faults.on("not_found_then_back", { id: b, times: 2 });
  expect([await statuses(b), await statuses(b), await statuses(b)].map(([status]) => status)).toEqual([404, 404, 200]);
});

test("a fault strikes where it is told to, after so many answers, by chance, and not two answers at once", async () => {
  const { stripe } = await withCustomers(1);
  const { faults } = stripe;
  faults.on("server_error", { match: "/v1/charges" });
  faults.on("unavailable", { match: /limit=7$/, after: 1 });
  const status = async (path: string) => (await ask(stripe, path)).status;
  expect(await status("/v1/customers")).toBe(200);
  expect(await status("/v1/charges")).toBe(500);
  expect([await status("/v1/customers?limit=7"), await status("/v1/customers?limit=7")]).toEqual([200, 503]);
  const [one, other] = [faults.on("server_error"), faults.on("unavailable")];
  expect([await status("/v1/customers"), one.hits, other.hits]).toEqual([500, 1, 0]);
  faults.off();
  const some = faults.on("server_error", { chance: 0.5, times: 100 });
  for (let at = 0; at < 40; at++) await status("/v1/customers");
  expect(some.hits).toBeGreaterThan(5);
  expect(some.hits).toBeLessThan(35);
  some.off();
  const names = new Set<FaultName>(stripe.requests.all().flatMap(({ faults: struck }) => struck));
  expect([...names].sort()).toEqual(["server_error", "unavailable"]);
});
