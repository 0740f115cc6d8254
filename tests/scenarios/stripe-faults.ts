import type { FaultName } from "../../sandbox/stripe/faults.ts";
import type { StripeHouse } from "../support/stripe-house.ts";

/** A fault of the API and how it is switched on, over an account whose customers, invoices and events are read. */
export interface FaultCase {
  readonly fault: FaultName;
  /** What happens, for the page. */
  readonly says: string;
  on(of: StripeHouse): void;
}

const everywhere = (fault: FaultName, says: string, options: object): FaultCase => ({
  fault,
  says,
  on: ({ stripe }) => void stripe.faults.on(fault, options),
});

/** Every fault of the API that a run may meet. */
export const FAULTS: readonly FaultCase[] = [
  everywhere("rate_limited_burst", "429 without Retry-After, five answers", { times: 5 }),
  everywhere("rate_limited_burst", "429 with Retry-After: 3", { times: 2, retryAfter: 3 }),
  everywhere("lock_timeout", "429 since an object is locked", { times: 2 }),
  everywhere("conflict", "409", { times: 2 }),
  everywhere("server_error", "500, three answers of a list", { times: 3, match: "/v1/invoices" }),
  everywhere("server_error", "500 for ever", { times: 10_000, match: "/v1/invoices" }),
  everywhere("unavailable", "503 without Retry-After", { times: 3 }),
  everywhere("unavailable_retry_after", "503 with Retry-After", { times: 3 }),
  everywhere("timeout", "no answer", { times: 1, match: "/v1/customers" }),
  everywhere("connection_reset", "the connection breaks", { times: 2 }),
  everywhere("cut_body", "the body ends early, by its length", { times: 2, framing: "length" }),
  everywhere("cut_body", "the body ends early, in chunks", { times: 2, framing: "chunked" }),
  everywhere("slow_body", "the body comes slowly", { times: 2, pieces: 4, pauseMs: 20 }),
  everywhere("html_answer", "200 with a page of a proxy", { times: 10_000, match: "/v1/invoices" }),
  everywhere("duplicate_page", "a page comes twice", { times: 2, match: "/v1/customers" }),
  everywhere("page_changed", "an object changes behind its page", { times: 3 }),
  everywhere("vanished_cursor", "the object that a page begins behind is gone", { times: 2, match: "/v1/customers" }),
  everywhere("vanished_cursor", "the same, for ever", { times: 10_000, match: "/v1/customers" }),
  everywhere("expired_key", "401, the key is expired", { times: 10_000, match: "/v1/charges" }),
  everywhere("wrong_count", "the first page lacks an object", { times: 1, match: "/v1/customers" }),
  everywhere("clock_skew", "Date is an hour ahead", { times: 10_000, seconds: 3_600 }),
  everywhere("clock_skew", "Date is an hour behind", { times: 10_000, seconds: -3_600 }),
  everywhere("field_added", "objects have a member more", { times: 10_000, field: "novelty", value: { a: 1 } }),
  everywhere("field_removed", "customers lack created", { times: 10_000, field: "created", object: "customer" }),
  everywhere("field_removed", "invoices lack an amount", { times: 10_000, field: "total", object: "invoice" }),
  everywhere("field_retyped", "an amount is a text", { times: 10_000, field: "total", object: "invoice" }),
  everywhere("field_retyped", "a text is an object", { times: 10_000, field: "name", object: "customer" }),
  everywhere("object_forbidden", "403 on one object", { times: 1 }),
  everywhere("not_found_then_back", "404 on one object, then it is back", { times: 1 }),
];
