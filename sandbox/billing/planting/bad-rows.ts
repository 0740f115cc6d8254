import type { Fault } from "../../faults.ts";
import type { Row } from "../../feed.ts";
import { instant } from "../instants.ts";
import { newInvoice, newPayment, newSubscription } from "../new-rows.ts";
import type { WorldState } from "../state.ts";
import { type BillingFeed, keyOf } from "../tables.ts";
import type { WorldTransaction } from "../transaction.ts";

/** Plants one fault in the current hour, and puts what follows from it on the agenda. */
export type Planter = (state: WorldState, tx: WorldTransaction) => Promise<void>;

/** What the team does about a bad row: half of them are corrected at the source some hours later. */
export type Correction = (row: Row, state: WorldState) => Row;

/** The row with a new `updated_at`; payments leave it to the database. */
export function stamped(state: WorldState, feed: BillingFeed, row: Row): Row {
  return { ...row, updated_at: feed === "billing.payments" ? null : instant(state.now()) };
}

/** Corrects a planted row after some hours; from then on it is as good as any other. */
export function correctLater(state: WorldState, at: { feed: BillingFeed; id: string }, correction: Correction): void {
  state.later(state.random.int(2, 4), async (then, tx) => {
    const row = then.truth.find(at.feed, at.id)[0]?.cells;
    if (!row) return;
    await tx.update(at.feed, [stamped(then, at.feed, correction(row, then))]);
    then.join(at.feed, [row]);
  });
}

async function plantNew(
  state: WorldState,
  tx: WorldTransaction,
  planted: { feed: BillingFeed; row: Row; fault: Fault; correction?: Correction },
): Promise<void> {
  await tx.insert(planted.feed, [planted.row]);
  state.plant(planted.feed, planted.row, planted.fault);
  const { correction } = planted;
  if (correction && state.random.chance(0.5)) correctLater(state, { feed: planted.feed, id: keyOf(planted.row) }, correction);
}

/** Breaks a published row; its published version goes stale until the row is put right. */
async function plantChange(
  state: WorldState,
  tx: WorldTransaction,
  planted: { feed: BillingFeed; accept?: (row: Row) => boolean; change: (row: Row) => Row; fault: Fault; back?: boolean },
): Promise<void> {
  const { feed } = planted;
  const row = state.take(feed, planted.accept);
  if (!row) return;
  const changed = stamped(state, feed, planted.change(row));
  await tx.update(feed, [changed]);
  state.plant(feed, row, planted.fault);
  const broken = Object.keys(row).filter((name) => name !== "updated_at" && row[name] !== changed[name]);
  const original = Object.fromEntries(broken.map((name) => [name, row[name] ?? null]));
  if (planted.back !== false && state.random.chance(0.5)) {
    correctLater(state, { feed, id: keyOf(row) }, (now) => ({ ...now, ...original }));
  }
}

function invoiceNow(state: WorldState, change: (row: Row) => Partial<Row> = () => ({})): Row {
  const row = newInvoice(state, state.look("billing.subscriptions"));
  return { ...row, ...change(row) } as Row;
}

function paymentNow(state: WorldState, change: Partial<Row> = {}): Row {
  const minor = state.random.int(100, 90_000);
  return { ...newPayment(state, state.look("billing.invoices"), { kind: "payment", minor }), ...change } as Row;
}

const OPEN = (row: Row) => row["status"] === "open" && row["amount_paid_minor"] === "0";

export const nullCustomerId: Planter = async (state, tx) => {
  const fault = "null_customer_id";
  if (state.random.chance(0.5)) {
    const customer = state.look("billing.customers");
    const row = { ...newSubscription(state, customer), customer_id: null };
    const correction: Correction = (now) => ({ ...now, customer_id: customer["customer_id"] ?? null });
    await plantNew(state, tx, { feed: "billing.subscriptions", row, fault, correction });
    return;
  }
  const good = invoiceNow(state);
  const correction: Correction = (now) => ({ ...now, customer_id: good["customer_id"] ?? null });
  await plantNew(state, tx, { feed: "billing.invoices", row: { ...good, customer_id: null }, fault, correction });
};

export const negativeAmount: Planter = async (state, tx) => {
  const fault = "negative_amount";
  if (state.random.chance(0.4)) {
    const row = paymentNow(state, { amount_minor: `-${state.random.int(100, 90_000)}` });
    const correction: Correction = (now) => ({ ...now, amount_minor: (now["amount_minor"] ?? "").replace("-", "") });
    await plantNew(state, tx, { feed: "billing.payments", row, fault, correction });
    return;
  }
  const change = (row: Row) => ({
    ...row,
    subtotal_minor: `-${Number(row["amount_due_minor"]) + 1}`,
    tax_minor: "1",
    amount_due_minor: `-${row["amount_due_minor"]}`,
  });
  await plantChange(state, tx, { feed: "billing.invoices", accept: OPEN, change, fault });
};

export const overpaid: Planter = (state, tx) =>
  plantChange(state, tx, {
    feed: "billing.invoices",
    accept: OPEN,
    change: (row) => ({
      ...row,
      status: "paid",
      amount_paid_minor: String(Number(row["amount_due_minor"]) + state.random.int(1, 5000)),
    }),
    fault: "overpaid",
  });

export const unknownStatus: Planter = async (state, tx) => {
  const feed = state.random.pick(["billing.subscriptions", "billing.invoices", "billing.payments"] as const);
  const change = (row: Row) => ({ ...row, status: state.random.pick(["zombie", "ACTIVE", "", "on_hold"]) });
  await plantChange(state, tx, { feed, change, fault: "unknown_status" });
};

export const scaleError: Planter = async (state, tx) => {
  const fault = "scale_error";
  if (state.random.chance(0.5)) {
    const row = paymentNow(state, { amount_minor: `${state.random.int(100, 90_000)}.5` });
    const correction: Correction = (now) => ({ ...now, amount_minor: (now["amount_minor"] ?? "").replace(".5", "") });
    await plantNew(state, tx, { feed: "billing.payments", row, fault, correction });
    return;
  }
  // Half a cent in subtotal and total alike: the sum still adds up, only the scale is wrong.
  const row = invoiceNow(state, (good) => ({
    subtotal_minor: `${good["subtotal_minor"]}.5`,
    amount_due_minor: `${good["amount_due_minor"]}.5`,
  }));
  const correction: Correction = (now) => ({
    ...now,
    subtotal_minor: (now["subtotal_minor"] ?? "").replace(".5", ""),
    amount_due_minor: (now["amount_due_minor"] ?? "").replace(".5", ""),
  });
  await plantNew(state, tx, { feed: "billing.invoices", row, fault, correction });
};

export const typeError: Planter = async (state, tx) => {
  const fault = "type_error";
  const column = state.random.pick(["amount_due_minor", "subtotal_minor", "tax_minor", "amount_minor"]);
  if (column === "amount_minor") {
    const correction: Correction = (now) => ({ ...now, amount_minor: "4200" });
    await plantNew(state, tx, { feed: "billing.payments", row: paymentNow(state, { amount_minor: "NaN" }), fault, correction });
    return;
  }
  const good = invoiceNow(state);
  const correction: Correction = (now) => ({ ...now, [column]: good[column] ?? null });
  await plantNew(state, tx, { feed: "billing.invoices", row: { ...good, [column]: "NaN" }, fault, correction });
};

export const immutableChanged: Planter = async (state, tx) => {
  const { random } = state;
  const other = state.look("billing.customers");
  const changes: readonly ((row: Row) => Row)[] = [
    (row) => ({ ...row, currency: row["currency"] === "EUR" ? "USD" : "EUR" }),
    (row) => ({
      ...row,
      customer_id: row["customer_id"] === other["customer_id"] ? "cus_nobody" : (other["customer_id"] ?? null),
    }),
    (row) => ({ ...row, issued_on: "2026-09-30" }),
  ];
  await plantChange(state, tx, {
    feed: "billing.invoices",
    accept: isOlder(state),
    change: random.pick(changes),
    fault: "immutable_changed",
  });
};

/** True for rows that earlier hours created: they are published, unless a run was blocked meanwhile. */
export function isOlder(state: WorldState): (row: Row) => boolean {
  const today = instant(state.now()).slice(0, 13);
  return (row) => (row["created_at"] ?? "").slice(0, 13) < today;
}
