import { decimal } from "../expectation/hand-rules.ts";
import type { Row } from "../feed.ts";
import { cellIn, rowBy, rowsBy, type Staging, textIn } from "./staging.ts";

const ENDED: Readonly<Record<string, string>> = { succeeded: "succeeded", failed: "failed", canceled: "failed" };

const statusOf = (status: string) => ENDED[status] ?? "pending";

/** Banks that only ask take nothing, and what was won comes back. */
function statusOfDispute(status: string): string {
  return status === "won" || status === "prevented" || status.startsWith("warning") ? "failed" : "succeeded";
}

/** A movement of money at Stripe, before anybody asks whose it is. */
interface Moved {
  readonly object: Row;
  readonly charge: Row | undefined;
  readonly own: Row;
}

/** Money that is only authorised may come, unless it was released. */
function statusOfCharge(charge: Row): string {
  const [status, isCaptured, isReleased] = [
    textIn(charge, "status"),
    charge["captured"] === "true",
    charge["refunded"] === "true",
  ];
  if (status !== "succeeded" || isCaptured) return statusOf(status);
  return isReleased ? "failed" : "pending";
}

/** Stripe once took the whole of what was captured in part, and its refund of the rest is a movement too. */
function cameWhole(charge: Row, movement: Row | undefined): boolean {
  return movement?.["currency"] === charge["currency"] && movement?.["amount_minor"] === charge["amount_minor"];
}

/** The record of billing that an object names, and whether the object was given back whole. */
const claimOf = (object: Row) => ({
  payment_ref: cellIn(object, "payment_ref"),
  given_back: object["refunded"] === "true" ? "yes" : null,
});

function taken(charge: Row, movement: Row | undefined): Moved {
  const status = statusOfCharge(charge);
  const isPart = status === "succeeded" && !cameWhole(charge, movement);
  const amount = cellIn(charge, isPart ? "amount_captured_minor" : "amount_minor");
  return {
    object: charge,
    charge,
    own: { ...claimOf(charge), kind: "payment", status, amount_minor: amount, description: cellIn(charge, "description") },
  };
}

/** What releases money that was only held moves none. */
function statusOfRefund(status: string, charge: Row | undefined): string {
  return charge?.["status"] === "succeeded" && charge["captured"] !== "true" ? "failed" : statusOf(status);
}

function moved(staging: Staging, movements: ReadonlyMap<string, Row>): Moved[] {
  const charges = rowBy(staging("stripe.charges"), "id");
  const back = (kind: string, feed: string, outcome: (status: string, charge: Row | undefined) => string) =>
    staging(feed).map((object): Moved => {
      const charge = charges.get(textIn(object, "charge_id"));
      const amount = (-BigInt(object["amount_minor"] ?? "0")).toString();
      const own = {
        ...claimOf(object),
        kind,
        status: outcome(textIn(object, "status"), charge),
        amount_minor: amount,
        description: cellIn(object, "reason"),
      };
      return { object, charge, own };
    });
  return [
    ...staging("stripe.charges").map((charge) => taken(charge, movements.get(textIn(charge, "balance_transaction_id")))),
    ...back("refund", "stripe.refunds", statusOfRefund),
    ...back("dispute", "stripe.disputes", statusOfDispute),
  ];
}

/** How an object stands with the record of billing that it names, beside all of its kind that name it too. */
function billingLink(one: Row, claims: readonly Row[]): string {
  const moving = claims.filter(({ status }) => status !== "failed");
  const standing = moving.filter(({ given_back }) => given_back === null);
  if (!moving.includes(one)) return moving.length > 0 ? "superseded" : "linked";
  if (!standing.includes(one)) return standing.length > 0 ? "superseded" : "linked";
  return standing.length > 1 ? "conflict" : "linked";
}

function ofStripe(staging: Staging, links: readonly Row[]): Row[] {
  const guests = rowBy(
    links.filter((link) => link["system"] === "stripe"),
    "external_id",
  );
  const records = rowBy(staging("billing.payments"), "payment_id");
  const movements = rowBy(staging("stripe.balance_transactions"), "id");
  const all = moved(staging, movements);
  const claims = rowsBy(
    all.map(({ own }) => own),
    "payment_ref",
  );
  return all.map(({ object, charge, own }): Row => {
    const guest = guests.get(textIn(charge, "customer_id"));
    const named = records.get(textIn(own, "payment_ref"));
    const record = named?.["kind"] === own["kind"] ? named : undefined;
    const beside = claims.get(textIn(own, "payment_ref"))?.filter(({ kind }) => kind === own["kind"]) ?? [];
    const movement = movements.get(textIn(object, "balance_transaction_id"));
    return {
      ...own,
      payment_id: cellIn(object, "id"),
      source: "stripe",
      customer_id: cellIn(guest, "customer_id"),
      link_status: guest?.["status"] ?? "unlinked",
      billing_link: record ? billingLink(own, beside) : null,
      invoice_id: cellIn(record, "invoice_id"),
      billing_payment_id: cellIn(record, "payment_id"),
      billing_customer_id: cellIn(record, "customer_id"),
      billing_status: cellIn(record, "status"),
      billing_amount_minor: cellIn(record, "amount_minor"),
      billing_currency: cellIn(record, "currency"),
      method: "card",
      currency: cellIn(object, "currency"),
      charged_month: own["kind"] === "payment" || !charge ? null : textIn(charge, "created_at").slice(0, 7),
      fee_minor: cellIn(movement, "fee_minor"),
      fee_currency: cellIn(movement, "currency"),
      card_last4: cellIn(charge, "card_last4"),
      receipt_email: cellIn(record, "receipt_email"),
      received_at: cellIn(object, "created_at"),
      posted_on: textIn(object, "created_at").slice(0, 10),
    };
  });
}

/** Whether billing's record stands for itself: no object of Stripe of its kind names it, or all that do have failed where it has not. */
function standsAlone(payment: Row, named: readonly Row[]): boolean {
  const objects = named.filter(({ kind }) => kind === payment["kind"]);
  if (objects.length === 0) return true;
  return payment["status"] !== "failed" && objects.every(({ status }) => status === "failed");
}

/** What billing records and Stripe does not have. */
function ofBilling(staging: Staging, objects: readonly Row[]): Row[] {
  const named = rowsBy(objects, "payment_ref");
  return staging("billing.payments")
    .filter((payment) => standsAlone(payment, named.get(textIn(payment, "payment_id")) ?? []))
    .map((payment): Row => {
      const links = {
        billing_payment_id: cellIn(payment, "payment_id"),
        billing_customer_id: cellIn(payment, "customer_id"),
        billing_status: cellIn(payment, "status"),
        billing_amount_minor: cellIn(payment, "amount_minor"),
        billing_currency: cellIn(payment, "currency"),
      };
      return {
        ...payment,
        ...links,
        source: "billing",
        link_status: "linked",
        billing_link: "own",
        fee_currency: cellIn(payment, "currency"),
      };
    });
}

function ofPartners(staging: Staging): Row[] {
  return staging("partners.remittances").map(
    (remittance): Row => ({
      ...remittance,
      payment_id: cellIn(remittance, "remittance_id"),
      source: "partner",
      kind: "remittance",
      status: "succeeded",
      link_status: "linked",
      amount_minor: String(decimal(remittance["amount"])),
      description: cellIn(remittance, "note"),
      posted_on: cellIn(remittance, "paid_on"),
    }),
  );
}

/** All money that came in or went back, each once. */
export function payments(staging: Staging, links: readonly Row[]): Row[] {
  const stripe = ofStripe(staging, links);
  const all = [...stripe, ...ofBilling(staging, stripe), ...ofPartners(staging)];
  return all.map((payment) => ({ ...payment, month: textIn(payment, "posted_on").slice(0, 7) }));
}

/** Payments by month, currency and source, and their sums. */
export function revenue(all: readonly Row[]): Row[] {
  const cellOf = (payment: Row) => ["month", "currency", "source"].map((name) => textIn(payment, name)).join("|");
  const cells = rowsBy(
    all.map((payment) => ({ ...payment, cell: cellOf(payment) })),
    "cell",
  );
  const sum = (of: readonly Row[], status: string) =>
    of
      .filter((payment) => payment["status"] === status)
      .reduce((total, payment) => total + BigInt(payment["amount_minor"] ?? "0"), 0n)
      .toString();
  return [...cells].map(([name, of]) => {
    const [month = "", currency = "", source = ""] = name.split("|");
    const counts = { payments: String(of.length), amount_minor: sum(of, "succeeded"), pending_minor: sum(of, "pending") };
    return { month, currency, source, ...counts };
  });
}
