import { type JsonObject, numberIn, objectIn } from "../json.ts";
import { NotAllowed } from "../not-allowed.ts";
import { invoicePaymentShape } from "../shapes/payment.ts";
import type { Stored } from "../store.ts";
import type { Occasion, When, Writing } from "../writing.ts";
import type { ChargeBook } from "./charges.ts";

/** How an invoice is paid: with `failure` the charge fails; `outOfBand` needs no charge. */
export interface Payment {
  readonly failure?: string;
  readonly outOfBand?: boolean;
}

/** The ways in which an invoice ends unpaid. */
export type Ending = "void" | "uncollectible";

/** What becomes of an invoice after it was a draft. */
export interface InvoiceSteps {
  finalize(invoice: Stored, occasion: Occasion): void;
  pay(invoice: Stored, how: Payment, when: When): void;
  end(invoice: Stored, how: Ending, occasion: Occasion): void;
}

/** Throws where the invoice's status is not one of those. */
export function expectStatus(invoice: Stored, ...allowed: string[]): void {
  const status = String(invoice.object["status"]);
  if (!allowed.includes(status))
    throw new NotAllowed(`an invoice that is ${status} cannot do this, only one that is ${allowed.join(" or ")}`);
}

const instant = (invoice: Stored, field: string, at: number): JsonObject => ({
  status_transitions: { ...objectIn(invoice.object, "status_transitions"), [field]: at },
});

const ENDINGS = {
  void: { field: "voided_at", event: "invoice.voided" },
  uncollectible: { field: "marked_uncollectible_at", event: "invoice.marked_uncollectible" },
} as const;

/** The number of the next invoice of a customer; it is counted on. */
function nextNumber(writing: Writing, customer: string): string {
  const stored = writing.the("customer", customer);
  const sequence = Number(stored.aside["invoices"] ?? 0) + 1;
  stored.aside = { ...stored.aside, invoices: sequence };
  return `${String(stored.object["invoice_prefix"])}-${String(sequence).padStart(4, "0")}`;
}

/** The payment that an open invoice waits for. */
function paymentOf(writing: Writing, invoice: Stored): Stored | undefined {
  return writing.store.parts(invoice.id, "invoice_payment")[0];
}

function closePayment(writing: Writing, invoice: Stored, more: { fields: JsonObject; occasion: Occasion }): void {
  const payment = paymentOf(writing, invoice);
  if (payment?.object["status"] !== "open") return;
  const { fields, occasion } = more;
  const paid = fields["status"] === "paid";
  const transitions = { canceled_at: paid ? null : occasion.at, paid_at: paid ? occasion.at : null };
  writing.change(payment, { ...fields, status_transitions: transitions }, { occasion });
  if (paid) writing.tell("invoice_payment.paid", payment, occasion);
}

function settled(writing: Writing, invoice: Stored, { fields, occasion }: { fields: JsonObject; occasion: Occasion }): void {
  const due = numberIn(invoice.object, "amount_due");
  const paid = { status: "paid", amount_paid: due, amount_remaining: 0, attempted: true, auto_advance: false };
  const all = { ...fields, ...paid, ...instant(invoice, "paid_at", occasion.at) };
  writing.change(invoice, all, { occasion, event: "invoice.updated" });
  writing.tell("invoice.paid", invoice, occasion);
  writing.tell("invoice.payment_succeeded", invoice, occasion);
}

/** What becomes of the invoices of an account. */
export function invoiceSteps(writing: Writing, charges: ChargeBook): InvoiceSteps {
  const finalize = (invoice: Stored, occasion: Occasion) => {
    expectStatus(invoice, "draft");
    const number = nextNumber(writing, String(invoice.object["customer"]));
    const due = numberIn(invoice.object, "amount_due");
    const page = `https://invoice.stripe.com/i/${writing.settings.account.id}/${invoice.id}`;
    const paymentIntent = due > 0 ? writing.ids.named("pi_3", 23) : null;
    invoice.aside = { ...invoice.aside, payment_intent: paymentIntent };
    const fields = { number, status: "open", effective_at: occasion.at, hosted_invoice_url: page, invoice_pdf: `${page}/pdf` };
    writing.change(invoice, { ...fields, ...instant(invoice, "finalized_at", occasion.at) }, { occasion });
    if (paymentIntent !== null) {
      const currency = String(invoice.object["currency"]);
      const payment = invoicePaymentShape({ invoice: invoice.id, amount: due, currency, paymentIntent });
      writing.add("invoice_payment", payment, { occasion, parent: invoice.id });
    }
    writing.tell("invoice.finalized", invoice, occasion);
    if (due === 0) settled(writing, invoice, { fields: {}, occasion });
  };

  const charged = (invoice: Stored, failure: string | undefined, when: When) => {
    const { customer, currency, description = null } = invoice.object;
    const payment = paymentOf(writing, invoice);
    const fields = {
      amount: numberIn(invoice.object, "amount_remaining"),
      currency: String(currency),
      customer: String(customer),
      description: description as string | null,
      invoice: invoice.id,
      ...(payment ? { paymentIntent: String(objectIn(payment.object, "payment")["payment_intent"]) } : {}),
      ...(failure === undefined ? {} : { failure }),
    };
    return charges.create(fields, when);
  };

  const pay = (invoice: Stored, how: Payment, when: When) => {
    const occasion = writing.occasion(when);
    if (invoice.object["status"] === "draft") finalize(invoice, occasion);
    if (invoice.object["status"] === "paid") return;
    expectStatus(invoice, "open", "uncollectible");
    const attempts = { attempt_count: numberIn(invoice.object, "attempt_count") + 1, attempted: true };
    if (how.outOfBand) {
      invoice.aside = { ...invoice.aside, paid_out_of_band: true };
      closePayment(writing, invoice, { fields: { status: "canceled" }, occasion });
      const fields = { amount_paid_off_stripe: numberIn(invoice.object, "amount_remaining") };
      settled(writing, invoice, { fields, occasion });
      return;
    }
    const { id, amount } = charged(invoice, how.failure, when);
    invoice.aside = { ...invoice.aside, charge: id };
    if (how.failure !== undefined) {
      writing.change(invoice, attempts, { occasion, event: "invoice.updated" });
      writing.tell("invoice.payment_failed", invoice, occasion);
      return;
    }
    closePayment(writing, invoice, { fields: { status: "paid", amount_paid: amount ?? 0 }, occasion });
    settled(writing, invoice, { fields: attempts, occasion });
  };

  return {
    finalize,
    pay,
    end: (invoice, how, occasion) => {
      expectStatus(invoice, "open", "uncollectible");
      if (how === "void") closePayment(writing, invoice, { fields: { status: "canceled" }, occasion });
      const { field, event } = ENDINGS[how];
      writing.change(invoice, { status: how, ...instant(invoice, field, occasion.at) }, { occasion });
      writing.tell(event, invoice, occasion);
    },
  };
}
