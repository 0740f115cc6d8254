import StripeClient from "stripe";
import { expect, test } from "vitest";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import { NEWEST_VERSION } from "../../sandbox/stripe/versions.ts";
import { ask, clientOf, simulated } from "./simulated.ts";

const { errors } = StripeClient;

test("every answer has Stripe's headers, and its date is the account's clock", async () => {
  const stripe = await simulated();
  const { headers } = await ask(stripe, "/v1/customers");
  expect(headers.get("Date")).toBe("Mon, 05 Oct 2026 12:00:00 GMT");
  expect(headers.get("Content-Type")).toBe("application/json");
  expect(headers.get("Stripe-Version")).toBe(NEWEST_VERSION);
  expect(headers.get("Request-Id")).toMatch(/^req_\w{14}$/);
  stripe.clock.set(new Date("2030-01-01T00:00:00Z"));
  expect((await ask(stripe, "/v1/nothing")).headers.get("Date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
});

test("a body has its length and is only packed for those who can unpack it", async () => {
  const stripe = await simulated();
  const plain = await ask(stripe, "/v1/account", { headers: { "Accept-Encoding": "identity" } });
  expect(plain.headers.get("Content-Encoding")).toBeNull();
  expect(Number(plain.headers.get("Content-Length"))).toBe(Buffer.byteLength(`${JSON.stringify(plain.body, null, 2)}\n`));
  expect((await ask(stripe, "/v1/account", { headers: { "Accept-Encoding": "gzip" } })).headers.get("Content-Encoding")).toBe(
    "gzip",
  );
});

test("a key is a bearer or a user name; none, a wrong one and one whose time is over are 401", async () => {
  const keys = [{ secret: DEFAULT_KEY }, { secret: "sk_test_expired9999", expired: true }];
  const stripe = await simulated({ keys });
  const basic = `Basic ${Buffer.from(`${DEFAULT_KEY}:`).toString("base64")}`;
  expect((await ask(stripe, "/v1/account", { headers: { Authorization: basic } })).status).toBe(200);
  const none = await ask(stripe, "/v1/account", { headers: { Authorization: "" } });
  expect([none.status, none.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="Stripe"']);
  const wrong = clientOf(stripe, { key: "sk_test_wrongwrong1234" }).customers.list();
  await expect(wrong).rejects.toThrow(errors.StripeAuthenticationError);
  await expect(wrong).rejects.toThrow("Invalid API Key provided: sk_test_********1234");
  await expect(clientOf(stripe, { key: "sk_test_expired9999" }).customers.list()).rejects.toMatchObject({
    code: "api_key_expired",
  });
});

test("a restricted key is refused what it has no right to, and nothing else", async () => {
  const stripe = await simulated({ keys: [{ secret: "rk_test_few0000", forbidden: ["charges"] }] });
  const client = clientOf(stripe, { key: "rk_test_few0000" });
  await expect(client.charges.list()).rejects.toThrow(errors.StripePermissionError);
  await expect(client.charges.retrieve("ch_1")).rejects.toMatchObject({ statusCode: 403 });
  expect((await client.customers.list()).data).toEqual([]);
});

test("an object that was never there is 404, and so is an address that is none", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const lost = client.customers.retrieve("cus_nobody");
  await expect(lost).rejects.toThrow(errors.StripeInvalidRequestError);
  await expect(lost).rejects.toMatchObject({ statusCode: 404, code: "resource_missing", param: "id" });
  const { customer } = stripe.books.bill();
  await expect(client.charges.retrieve(customer)).rejects.toMatchObject({ statusCode: 404 });
  expect((await ask(stripe, "/v2/customers")).status).toBe(404);
  const { status, body, headers } = await ask(stripe, "/v1/payment_intents");
  expect([status, body.error.type]).toEqual([404, "invalid_request_error"]);
  expect(body.error.request_log_url).toContain(headers.get("Request-Id"));
});

test("a second has so many requests, and an address fewer; only a simulator that is told to says how long to wait", async () => {
  const stripe = await simulated({ rates: { perSecond: 5, perEndpointPerSecond: 3 } });
  const client = clientOf(stripe);
  for (let at = 0; at < 3; at++) await client.customers.list();
  const refused = await ask(stripe, "/v1/customers");
  expect([refused.status, refused.body.error.code]).toEqual([429, "rate_limit"]);
  expect(refused.headers.get("Stripe-Rate-Limited-Reason")).toBe("endpoint-rate");
  expect(refused.headers.get("Retry-After")).toBeNull();
  await client.charges.list();
  await expect(client.charges.list()).rejects.toThrow(errors.StripeRateLimitError);
  expect((await ask(stripe, "/v1/refunds")).headers.get("Stripe-Rate-Limited-Reason")).toBe("global-rate");
  stripe.clock.advance(1);
  expect((await client.customers.list()).data).toEqual([]);
  const telling = await simulated({ rates: { perSecond: 0, perEndpointPerSecond: 0, retryAfter: 3 } });
  expect((await ask(telling, "/v1/customers")).headers.get("Retry-After")).toBe("3");
});

test("so many requests are answered at once", async () => {
  const stripe = await simulated({ rates: { perSecond: 100, perEndpointPerSecond: 100, atOnce: 1 } });
  stripe.faults.on("timeout");
  const gone = new AbortController();
  const waiting = ask(stripe, "/v1/charges", { signal: gone.signal });
  await expect.poll(() => stripe.requests.count()).toBe(1);
  const refused = await ask(stripe, "/v1/customers");
  expect([refused.status, refused.headers.get("Stripe-Rate-Limited-Reason")]).toEqual([429, "global-concurrency"]);
  expect(stripe.requests.all().map(({ atOnce }) => atOnce)).toEqual([1, 2]);
  gone.abort();
  await expect(waiting).rejects.toThrow("aborted");
  await expect.poll(async () => (await ask(stripe, "/v1/customers")).status).toBe(200);
});

test("requests are counted without their keys", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const [id = ""] = stripe.books.manyCustomers(1);
  await client.customers.retrieve(id);
  await client.customers.retrieve(id);
  await client.customers.list({ limit: 5 });
  await expect(client.customers.retrieve("cus_nobody")).rejects.toThrow();
  const { requests } = stripe;
  expect(requests.all().map(({ method, path, query, status }) => [method, path, query, status])).toEqual([
    ["GET", `/v1/customers/${id}`, "", 200],
    ["GET", `/v1/customers/${id}`, "", 200],
    ["GET", "/v1/customers", "limit=5", 200],
    ["GET", "/v1/customers/cus_nobody", "", 404],
  ]);
  expect([requests.retrieved().get(id), requests.count(/limit=5/), requests.count("/v1/charges")]).toEqual([2, 1, 0]);
  expect(JSON.stringify(requests.all())).not.toContain(DEFAULT_KEY);
  requests.clear();
  expect(requests.count()).toBe(0);
});
