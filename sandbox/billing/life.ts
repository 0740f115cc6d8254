import type { Row } from "../feed.ts";
import { DAY_MS, instant } from "./instants.ts";
import { amountIn, newCustomer, newInvoice, newPayment, newSubscription } from "./new-rows.ts";
import { PRELUDE_HOURS, type WorldState } from "./state.ts";
import type { BillingFeed } from "./tables.ts";
import type { WorldTransaction } from "./transaction.ts";

/** `count` at scale 1, at least 1. */
export function scaled(state: WorldState, count: number): number {
  return Math.max(1, Math.round(count * state.scale));
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

function taken(state: WorldState, feed: BillingFeed, options: { count: number; accept?: (row: Row) => boolean }): Row[] {
  return times(options.count, () => state.take(feed, options.accept)).filter((row) => row !== null);
}

async function enter(
  state: WorldState,
  tx: WorldTransaction,
  written: { feed: BillingFeed; rows: readonly Row[] },
): Promise<void> {
  await tx.insert(written.feed, written.rows);
  state.join(written.feed, written.rows);
}

async function customersMove(state: WorldState, tx: WorldTransaction): Promise<void> {
  const { random } = state;
  const changed = taken(state, "billing.customers", { count: scaled(state, random.int(6, 14)) }).map((row) => ({
    ...row,
    balance_minor: String(amountIn(random, row["currency"] ?? "USD", [-50, 500])),
    phone: random.chance(0.3) ? `+${random.int(1, 99)} ${random.int(100_000, 999_999)}` : (row["phone"] ?? null),
    delinquent: random.chance(0.05) ? "t" : "f",
    row_version: String(Number(row["row_version"]) + 1),
    updated_at: instant(state.now()),
  }));
  await tx.update("billing.customers", changed);
}

function subscriptionStep(state: WorldState, row: Row): Row {
  const { random } = state;
  const now = state.now();
  const at = { updated_at: instant(now) };
  if (random.chance(0.3)) {
    return {
      ...row,
      ...at,
      plan_id: `team_${random.int(2024, 2026)}`,
      amount_minor: String(amountIn(random, row["currency"] ?? "USD", [5, 900])),
    };
  }
  switch (row["status"]) {
    case "trialing":
      return { ...row, ...at, status: "active", trial_end: instant(now) };
    case "active":
      return random.chance(0.7)
        ? { ...row, ...at, period_start: instant(now), period_end: instant(now + 30 * DAY_MS) }
        : { ...row, ...at, status: "past_due" };
    case "past_due":
      return random.chance(0.5)
        ? { ...row, ...at, status: "active" }
        : { ...row, ...at, status: "canceled", canceled_at: instant(now) };
    default:
      return { ...row, ...at, quantity: String(random.int(1, 40)) };
  }
}

async function subscriptionsMove(state: WorldState, tx: WorldTransaction): Promise<void> {
  const changed = taken(state, "billing.subscriptions", { count: scaled(state, state.random.int(8, 18)) });
  await tx.update(
    "billing.subscriptions",
    changed.map((row) => subscriptionStep(state, row)),
  );
}

/** The next state of an invoice and the payments that come with it. */
function invoiceStep(state: WorldState, row: Row): { invoice: Row; payments: Row[] } {
  const { random } = state;
  const at = { updated_at: instant(state.now()) };
  const due = Number(row["amount_due_minor"]);
  const paid = Number(row["amount_paid_minor"]);
  if (row["status"] === "draft") return { invoice: { ...row, ...at, status: "open" }, payments: [] };
  if (row["status"] !== "open" || due <= paid)
    return { invoice: { ...row, ...at, description: "Corrected wording" }, payments: [] };
  if (random.chance(0.06)) return { invoice: { ...row, ...at, status: random.pick(["void", "uncollectible"]) }, payments: [] };
  const part = random.chance(0.25) ? Math.max(1, Math.floor((due - paid) / 2)) : due - paid;
  const status = paid + part === due ? "paid" : "open";
  return {
    invoice: { ...row, ...at, status, amount_paid_minor: String(paid + part) },
    payments: [newPayment(state, row, { kind: "payment", minor: part })],
  };
}

/** Invoices go their way, and money comes in for them. */
async function invoicesMove(state: WorldState, tx: WorldTransaction, count: number): Promise<void> {
  const rows = taken(state, "billing.invoices", { count: scaled(state, count) });
  const steps = rows.map((row) => invoiceStep(state, row));
  await tx.update(
    "billing.invoices",
    steps.map((s) => s.invoice),
  );
  await enter(state, tx, { feed: "billing.payments", rows: steps.flatMap((s) => s.payments) });
}

/** Refunds and disputes of earlier payments, and payments that settle late. */
async function paymentsMove(state: WorldState, tx: WorldTransaction): Promise<void> {
  const { random } = state;
  const settled = taken(state, "billing.payments", { count: scaled(state, random.int(4, 10)) }).map((row) => ({
    ...row,
    status: "succeeded",
    updated_at: null,
  }));
  await tx.update("billing.payments", settled);
  const returned = taken(state, "billing.payments", { count: random.int(1, 4), accept: (row) => row["kind"] === "payment" });
  const back = returned.map((row) =>
    newPayment(state, row, {
      kind: random.pick(["refund", "refund", "dispute"]),
      minor: Math.ceil(Number(row["amount_minor"]) / random.int(1, 3)),
    }),
  );
  await enter(state, tx, { feed: "billing.payments", rows: back });
}

/** The rows that the company has when the story begins. */
export async function populate(state: WorldState): Promise<void> {
  await state.inTransaction((tx) =>
    enter(state, tx, { feed: "billing.customers", rows: times(scaled(state, 400), () => newCustomer(state)) }),
  );
  await state.inTransaction((tx) =>
    enter(state, tx, {
      feed: "billing.subscriptions",
      rows: times(scaled(state, 600), () => newSubscription(state, state.look("billing.customers"))),
    }),
  );
  await state.inTransaction((tx) =>
    enter(state, tx, {
      feed: "billing.invoices",
      rows: times(scaled(state, 700), () => newInvoice(state, state.look("billing.subscriptions"))),
    }),
  );
  for (let hour = 0; hour < PRELUDE_HOURS; hour += 1) {
    state.advance();
    await state.inTransaction((tx) => invoicesMove(state, tx, 180));
  }
}

/** One ordinary hour. */
export async function liveOneHour(state: WorldState): Promise<void> {
  const { random } = state;
  await state.inTransaction(async (tx) => {
    await customersMove(state, tx);
    await enter(state, tx, { feed: "billing.customers", rows: times(scaled(state, random.int(3, 7)), () => newCustomer(state)) });
  });
  await state.inTransaction(async (tx) => {
    await subscriptionsMove(state, tx);
    const rows = times(scaled(state, random.int(5, 10)), () => newSubscription(state, state.look("billing.customers")));
    await enter(state, tx, { feed: "billing.subscriptions", rows });
  });
  await state.inTransaction((tx) => invoicesMove(state, tx, random.int(35, 70)));
  await state.inTransaction(async (tx) => {
    const rows = times(scaled(state, random.int(20, 40)), () => newInvoice(state, state.look("billing.subscriptions")));
    await enter(state, tx, { feed: "billing.invoices", rows });
  });
  await state.inTransaction((tx) => paymentsMove(state, tx));
}
