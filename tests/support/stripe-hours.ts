import type { Hour, Row } from "./desk.ts";

const CREATED = "2026-11-01T00:00:00Z";

const movementOf = (id: string, source: string, amount: number): Row => ({
  ...{ id, source_id: source, type: "charge", reporting_category: "charge", currency: "EUR", created_at: CREATED },
  ...{ amount_minor: amount, fee_minor: 0, net_minor: amount },
});

const chargeOf = (id: string, movement: string, amount: number): Row => ({
  ...{ id, balance_transaction_id: movement, status: "succeeded", currency: "EUR", created_at: CREATED },
  ...{ amount_minor: amount, amount_captured_minor: amount, amount_refunded_minor: 0 },
  ...{ captured: "true", refunded: "false", disputed: "false" },
});

/** Two hours of charges and what they brought into the balance. */
export const STRIPE_HOURS: readonly Hour[] = [1, 2].map((n) => ({
  rows: {
    "stripe.charges": [chargeOf(`ch_${n}`, `txn_${n}`, n * 100)],
    "stripe.balance_transactions": [movementOf(`txn_${n}`, `ch_${n}`, n * 100)],
  },
}));
