import { expect, test } from "vitest";
import { faultOfTie, untied } from "../../sandbox/curated/ties.ts";
import type { Row } from "../../sandbox/feed.ts";

const staging = (rows: Readonly<Record<string, readonly Row[]>>) => (feed: string) => rows[feed] ?? [];

const at = (hour: string) => `2026-10-05 ${hour}:00:00`;

const payout = (id: string, amount: string, more: Row): Row => ({
  ...{ id, currency: "EUR", amount_minor: amount, automatic: "true", ...more },
});

const movement = (id: string, net: string, more: Row): Row => ({
  ...{ id, type: "charge", currency: "EUR", amount_minor: net, net_minor: net, created_at: "2026-10-03 00:00:00", ...more },
});

const taking = (of: string, amount: string, more: Row = {}) =>
  movement(`txn_${of}`, `-${amount}`, { type: "payout", source_id: of, available_at: at("00"), ...more });

/** Two payouts of euros, one of dollars between them, one that somebody made by hand; and what each took along. */
const PAYOUTS = [
  payout("po_1", "150", { created_at: at("06") }),
  payout("po_usd", "70", { created_at: at("07"), currency: "USD" }),
  payout("po_2", "40", { created_at: at("09") }),
  payout("by hand", "5", { created_at: at("10"), automatic: "false" }),
];
const MOVEMENTS = [
  movement("a", "200", { available_at: at("05") }),
  movement("refund", "-50", { created_at: at("06"), available_at: at("01") }),
  movement("dollars", "70", { available_at: at("01"), currency: "USD" }),
  movement("b", "40", { available_at: at("07") }),
  movement("waits", "999", { available_at: at("11") }),
  taking("po_1", "150"),
  taking("po_usd", "70", { currency: "USD" }),
  taking("po_2", "40"),
  taking("by hand", "5"),
];

const untiedOf = (payouts: readonly Row[], movements: readonly Row[]) =>
  untied(staging({ "stripe.payouts": payouts, "stripe.balance_transactions": movements }));

const without = (id: string) => MOVEMENTS.filter((one) => one["id"] !== id);

test("a payout is all that had become available in its currency since the one before", () => {
  expect(untiedOf(PAYOUTS, MOVEMENTS)).toEqual([]);
});

test("a payout that lacks something is not tied with what it was made of, though its movement says the same", () => {
  const short = PAYOUTS.map((one) => (one["id"] === "po_1" ? { ...one, amount_minor: "120" } : one));
  const agreed = [...without("txn_po_1"), taking("po_1", "120")];
  expect(untiedOf(short, agreed)).toEqual([{ of: "payout_contents", key: "po_1", class: "amount" }]);
  expect(untiedOf(short, MOVEMENTS).map(({ of, key }) => `${of} ${key}`)).toEqual([
    "payout_movements po_1",
    "payout_contents po_1",
  ]);
});

test("a payout of nothing that is known, and one that no movement took out, are missing on a side", () => {
  expect(untiedOf(PAYOUTS, without("b"))).toEqual([{ of: "payout_contents", key: "po_2", class: "missing_on_a_side" }]);
  expect(untiedOf(PAYOUTS, without("txn_by hand"))).toEqual([
    { of: "payout_movements", key: "by hand", class: "missing_on_a_side" },
  ]);
});

test("what is not tied is a payout that is short, or untied", () => {
  expect(
    ["payout_contents", "payout_movements", "stripe_refunds", "of another pipeline"].map((of) => faultOfTie({ of })),
  ).toEqual(["payout_short", "untied", "untied", "untied"]);
});
