import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemTimer } from "../../src/kernel/clock.ts";
import { httpClient } from "../../src/sources/http-client.ts";
import type { HttpRequest } from "../../src/sources/http-request.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import { type StripeMock, startStripeMock } from "./support/stripe-mock.ts";

const VERSION = "2026-08-26.dahlia";

let mock: StripeMock;
beforeAll(async () => {
  mock = await startStripeMock();
});
afterAll(() => mock[Symbol.asyncDispose]());

const PAGE = { limit: "100", starting_after: "x_1" };
const WINDOW = { "created[gte]": "1788264000", "created[lt]": "1788267600" };

/** The status and the kind of object that it answers; our client sends the request. */
async function answer(path: string, query: NonNullable<HttpRequest["query"]>, version = VERSION): Promise<[number, unknown]> {
  const client = httpClient({
    source: "stripe",
    address: mock.address,
    headers: async () => ({ authorization: "Bearer sk_test_mock", "stripe-version": version }),
    buckets: {},
    budget: requestBudget(1),
    timer: systemTimer,
    random: () => 0.5,
  });
  const request = { name: `ask ${path}`, path: `v1/${path}`, query, accepts: [400, 401, 404], maxBytes: 1_000_000 };
  return client.request(request, async ({ status, body }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const { object } = JSON.parse(Buffer.concat(chunks).toString()) as { object?: string };
    return [status, object ?? null];
  });
}

describe("lists of the specification take a page of a window", () => {
  test.each([
    ["customers", {}],
    ["subscriptions", { status: "all" }],
    ["invoices", {}],
    ["invoice_payments", {}],
    ["charges", {}],
    ["refunds", {}],
    ["disputes", {}],
    ["credit_notes", {}],
    ["balance_transactions", {}],
    ["payouts", {}],
    ["events", { "types[]": ["invoice.paid", "charge.refunded"] }],
    ["invoiceitems", {}],
    ["payment_intents", {}],
    ["products", {}],
    ["prices", {}],
  ])("%s", async (list, query) => {
    expect(await answer(list, { ...query, ...PAGE, ...WINDOW })).toEqual([200, "list"]);
  });

  test.each([
    ["subscription_items", { subscription: "sub_1" }],
    ["invoices/in_1/lines", {}],
  ])("but not %s, which has pages and no `created`", async (list, query) => {
    expect(await answer(list, { ...query, ...PAGE })).toEqual([200, "list"]);
    expect(await answer(list, { ...query, ...PAGE, "created[gte]": "1788264000" })).toEqual([400, null]);
    expect(await answer(list, { ...query, ...PAGE, "created[lt]": "1788267600" })).toEqual([400, null]);
  });

  test("subscription_items only with their subscription", async () => {
    expect(await answer("subscription_items", PAGE)).toEqual([400, null]);
  });

  test("invoice_payments also of one invoice, and of one state", async () => {
    expect(await answer("invoice_payments", { ...PAGE, ...WINDOW, invoice: "in_1", status: "paid" })).toEqual([200, "list"]);
  });
});

describe("single objects are retrieved", () => {
  test.each([
    ["account", "account"],
    ["balance", "balance"],
    ["customers/cus_1", "customer"],
    ["subscriptions/sub_1", "subscription"],
    ["subscription_items/si_1", "subscription_item"],
    ["invoices/in_1", "invoice"],
    ["invoice_payments/inpay_1", "invoice_payment"],
    ["charges/ch_1", "charge"],
    ["refunds/re_1", "refund"],
    ["disputes/dp_1", "dispute"],
    ["credit_notes/cn_1", "credit_note"],
    ["balance_transactions/txn_1", "balance_transaction"],
    ["payouts/po_1", "payout"],
    ["events/evt_1", "event"],
  ])("%s", async (path, object) => {
    expect(await answer(path, {})).toEqual([200, object]);
  });
});

test("another version than the specification's is refused, and so are unknown parameters, values and paths", async () => {
  expect(await answer("customers", {}, "2026-10-28.endive")).toEqual([400, null]);
  expect(await answer("customers", { nonsense: "1" })).toEqual([400, null]);
  expect(await answer("subscriptions", { status: "none_of_these" })).toEqual([400, null]);
  expect(await answer("nothing", {})).toEqual([404, null]);
});
