import type { Row } from "../../feed.ts";
import { newCustomer, newInvoice, newPayment, newSubscription } from "../new-rows.ts";
import type { WorldState } from "../state.ts";
import { type BillingFeed, keyOf } from "../tables.ts";
import { correctLater, isOlder, type Planter } from "./bad-rows.ts";

function someInvoice(state: WorldState): Row {
  return newInvoice(state, state.look("billing.subscriptions"));
}

function towards(state: WorldState, invoice: Row): Row {
  return newPayment(state, invoice, { kind: "payment", minor: state.random.int(100, 50_000) });
}

/** One physical row twice. It is not planted while a long transaction would make the reader fetch both copies again. */
export const duplicateCopy: Planter = async (state, tx) => {
  const [feed, row]: [BillingFeed, Row] = state.random.pick([
    () => ["billing.invoices", someInvoice(state)] as [BillingFeed, Row],
    () => ["billing.subscriptions", newSubscription(state, state.look("billing.customers"))] as [BillingFeed, Row],
    () => ["billing.customers", newCustomer(state)] as [BillingFeed, Row],
  ])();
  await tx.insert(feed, [row, row]);
  state.plant(feed, row, "duplicate_copy");
};

/** Two rows claim one new invoice id in the same hour; now and then one of them is renamed later, and both may enter. */
export const duplicateContender: Planter = async (state, tx) => {
  const [first, second] = [someInvoice(state), someInvoice(state)];
  const rival = { ...second, invoice_id: first["invoice_id"] ?? null };
  await tx.insert("billing.invoices", [first, rival]);
  for (const row of [first, rival]) state.plant("billing.invoices", row, "duplicate_contender");
  if (state.random.chance(0.5)) {
    correctLater(state, { feed: "billing.invoices", id: keyOf(rival) }, (row) => ({
      ...row,
      invoice_id: second["invoice_id"] ?? null,
    }));
  }
};

/** A new row claims the id of a published invoice. */
export const duplicateAcrossHours: Planter = async (state, tx) => {
  const holder = state.take("billing.invoices", isOlder(state));
  if (!holder) return;
  const row = { ...someInvoice(state), invoice_id: holder["invoice_id"] ?? null };
  await tx.insert("billing.invoices", [row]);
  state.plant("billing.invoices", row, "duplicate_across_hours");
};

/** A child comes first and its parent one to three hours later; a grandchild waits with it. */
export const orphanHeals: Planter = async (state, tx) => {
  const { random } = state;
  const customer = newCustomer(state);
  const subscription = newSubscription(state, customer);
  const invoice = newInvoice(state, { ...subscription, subscription_id: null });
  const payment = towards(state, invoice);
  const children: [BillingFeed, Row][] = [
    ["billing.invoices", invoice],
    ["billing.payments", payment],
  ];
  const parent: [BillingFeed, Row] = random.chance(0.5)
    ? ["billing.customers", customer]
    : ["billing.invoices", { ...invoice, customer_id: state.look("billing.customers")["customer_id"] ?? null }];
  const early = parent[0] === "billing.customers" ? children : children.slice(1);
  for (const [feed, row] of early) {
    await tx.insert(feed, [row]);
    state.plant(feed, row, feed === "billing.payments" && early.length === 2 ? "child_of_quarantined" : "orphan_heals");
  }
  state.later(random.int(1, 3), async (then, later) => {
    await later.insert(parent[0], [parent[1]]);
    then.join(parent[0], [parent[1]]);
    for (const [feed, row] of early) then.join(feed, [row]);
  });
};

/** A child whose parent never comes; some of them are deleted again. */
export const orphanForever: Planter = async (state, tx) => {
  const { random } = state;
  const lost = random.code(8);
  const invoice = { ...someInvoice(state), customer_id: `cus_lost${lost}`, subscription_id: null };
  const payment = towards(state, { ...someInvoice(state), invoice_id: `in_lost${lost}` });
  const [feed, row]: [BillingFeed, Row] = random.chance(0.5) ? ["billing.invoices", invoice] : ["billing.payments", payment];
  await tx.insert(feed, [row]);
  state.plant(feed, row, "orphan_forever");
  if (random.chance(0.3))
    state.later(5, (then, later) =>
      then.truth.find(feed, keyOf(row)).length > 0 ? later.remove(feed, [keyOf(row)]) : Promise.resolve(),
    );
};

/** A payment for an invoice that is itself quarantined; it follows when the invoice is corrected. */
export const childOfQuarantined: Planter = async (state, tx) => {
  const invoice = someInvoice(state);
  const payment = towards(state, invoice);
  await tx.insert("billing.invoices", [{ ...invoice, status: "zombie" }]);
  await tx.insert("billing.payments", [payment]);
  state.plant("billing.invoices", invoice, "unknown_status");
  state.plant("billing.payments", payment, "child_of_quarantined");
  if (state.random.chance(0.6)) {
    correctLater(state, { feed: "billing.invoices", id: keyOf(invoice) }, (row) => ({ ...row, status: "draft" }));
  }
};
