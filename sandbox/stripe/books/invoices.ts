import { unixSeconds } from "../clock.ts";
import { type JsonObject, numberIn } from "../json.ts";
import { invoiceShape, type LineFields } from "../shapes/invoice.ts";
import type { Period } from "../shapes/subscription.ts";
import type { Stored } from "../store.ts";
import type { Occasion, When, Writing } from "../writing.ts";
import type { ChargeBook } from "./charges.ts";
import { type Written, written } from "./customers.ts";
import { writeLines } from "./invoice-lines.ts";
import { expectStatus, invoiceSteps, type Payment } from "./invoice-steps.ts";

/** A draft to be written. */
export interface NewInvoice {
  readonly customer: string;
  readonly currency: string;
  readonly lines?: readonly LineFields[];
  readonly subscription?: string;
  readonly reason?: string;
  readonly collection?: "charge_automatically" | "send_invoice";
  readonly dueDate?: Date;
  readonly description?: string | null;
  readonly metadata?: JsonObject;
}

/** Invoices and their payments, with `invoice.*` and `invoice_payment.paid`. A step that its status does not allow throws. */
export interface InvoiceBook {
  create(fields: NewInvoice, when?: When): Written;
  /** Further lines of a draft. */
  addLines(id: string, lines: readonly LineFields[], when?: When): Written;
  /** Changes fields by their names in the API. */
  update(id: string, fields: JsonObject, when?: When): Written;
  /** A draft becomes open, and paid where nothing is due. */
  finalize(id: string, when?: When): Written;
  /** Charges what is due, after finalizing a draft. Where the charge fails the invoice stays open. */
  pay(id: string, how?: Payment, when?: When): Written;
  void(id: string, when?: When): Written;
  markUncollectible(id: string, when?: When): Written;
  /** Takes a draft away. */
  remove(id: string, when?: When): void;
}

/** The period of the subscription's first item, or the instant. */
function periodOf(writing: Writing, subscription: string | undefined, at: number): Period {
  const item = subscription === undefined ? undefined : writing.store.parts(subscription, "subscription_item")[0];
  if (!item) return { start: at, end: at };
  return { start: numberIn(item.object, "current_period_start"), end: numberIn(item.object, "current_period_end") };
}

/** A draft without its lines. */
function draftOf(writing: Writing, fields: NewInvoice, occasion: Occasion): Stored {
  const { customer, currency, subscription, collection = "charge_automatically", description = null, metadata = {} } = fields;
  const shape = invoiceShape({
    customer: writing.the("customer", customer).object,
    currency,
    subscription: subscription ?? null,
    reason: fields.reason ?? (subscription ? "subscription_cycle" : "manual"),
    collection,
    period: periodOf(writing, subscription, occasion.at),
    dueDate: fields.dueDate ? unixSeconds(fields.dueDate) : null,
    description,
    metadata,
    account: writing.settings.account,
  });
  return writing.add("invoice", shape, { occasion });
}

/** The invoices of an account. */
export function invoiceBook(writing: Writing, charges: ChargeBook): InvoiceBook {
  const { finalize, pay, end } = invoiceSteps(writing, charges);
  const step = (id: string, when: When, todo: (invoice: Stored, occasion: Occasion) => void) => {
    todo(writing.the("invoice", id), writing.occasion(when));
    return written(writing, id);
  };
  return {
    create: (fields, when = {}) => {
      const occasion = writing.occasion(when);
      const invoice = draftOf(writing, fields, occasion);
      writeLines(writing, invoice, { lines: fields.lines ?? [], occasion });
      writing.tell("invoice.created", invoice, occasion);
      if (fields.subscription !== undefined) {
        const more = { occasion, event: "customer.subscription.updated" };
        writing.change(writing.the("subscription", fields.subscription), { latest_invoice: invoice.id }, more);
      }
      return written(writing, invoice.id);
    },
    addLines: (id, lines, when = {}) =>
      step(id, when, (invoice, occasion) => {
        expectStatus(invoice, "draft");
        writeLines(writing, invoice, { lines, occasion });
        writing.tell("invoice.updated", invoice, occasion);
      }),
    update: (id, fields, when = {}) =>
      step(id, when, (invoice, occasion) => writing.change(invoice, fields, { occasion, event: "invoice.updated" })),
    finalize: (id, when = {}) => step(id, when, finalize),
    pay: (id, how = {}, when = {}) => step(id, when, (invoice) => pay(invoice, how, when)),
    void: (id, when = {}) => step(id, when, (invoice, occasion) => end(invoice, "void", occasion)),
    markUncollectible: (id, when = {}) => step(id, when, (invoice, occasion) => end(invoice, "uncollectible", occasion)),
    remove: (id, when = {}) => {
      const invoice = writing.the("invoice", id);
      expectStatus(invoice, "draft");
      writing.remove(invoice, "invoice.deleted", writing.occasion(when));
    },
  };
}
