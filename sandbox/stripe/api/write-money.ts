import { type JsonObject, objectIn } from "../json.ts";
import type { LineFields } from "../shapes/invoice.ts";
import type { Asked, Route } from "./asked.ts";
import { stub, theObject } from "./reads.ts";
import { given, type Sent, sentFields } from "./sent.ts";
import { answerWith, collectionOf, declined, isDeclined, theLiving, whenOf } from "./written.ts";

type Answer = Route["answer"];

const post = (path: string, answer: Answer): Route => ({ method: "POST", path, shape: "other", answer });

/** Description and metadata, the fields that may be changed of most objects. */
function edited(asked: Asked, object: JsonObject): JsonObject {
  const sent = sentFields(asked.params, ["description", "metadata", "expand"]);
  return given({ description: sent.text("description"), metadata: sent.metadata(objectIn(object, "metadata")) });
}

const LINE = ["amount", "description", "quantity", "unit_amount_decimal", "metadata"];

function lineOf(sent: Sent): LineFields {
  const amount = sent.number("amount") ?? 0;
  return {
    amount,
    ...given({
      description: sent.text("description"),
      quantity: sent.number("quantity"),
      unitAmountDecimal: sent.text("unit_amount_decimal") ?? undefined,
      metadata: sent.metadata(),
    }),
  };
}

function createInvoice(asked: Asked): JsonObject {
  const known = ["customer", "currency", "collection_method", "description", "metadata", "days_until_due", "auto_advance"];
  const sent = sentFields(asked.params, [...known, "expand"]);
  const { id: customer, object } = theLiving(asked, { kind: "customer", id: sent.needed("customer"), param: "customer" });
  const collection = collectionOf(sent);
  const currency = sent.text("currency") ?? String(object["currency"] ?? asked.account.settings.account.currency);
  const days = sent.number("days_until_due");
  const fields = {
    customer,
    currency,
    collection,
    ...given({
      description: sent.text("description"),
      metadata: sent.metadata(),
      dueDate: days === undefined ? undefined : new Date((asked.view.now + days * 86_400) * 1000),
    }),
  };
  return answerWith(asked, asked.account.books.invoices.create(fields, whenOf(asked)).id);
}

function payInvoice(asked: Asked, id: string): JsonObject {
  const sent = sentFields(asked.params, ["paid_out_of_band", "payment_method", "source", "expand"]);
  const failed = isDeclined(sent.text("payment_method") ?? sent.text("source"));
  const how = { outOfBand: sent.flag("paid_out_of_band"), ...(failed ? { failure: "card_declined" } : {}) };
  asked.account.books.invoices.pay(id, how, whenOf(asked));
  if (failed) throw declined(String(theObject(asked, "invoice", id).aside["charge"]));
  return answerWith(asked, id);
}

/** An act upon an invoice that is there. */
const onInvoice = (path: string, act: Answer): Route =>
  post(path, (asked, id) => {
    theLiving(asked, { kind: "invoice", id: id });
    return act(asked, id);
  });

const invoices: readonly Route[] = [
  post("invoices", createInvoice),
  onInvoice("invoices/:id", (asked, id) => {
    const fields = edited(asked, theObject(asked, "invoice", id).object);
    return answerWith(asked, asked.account.books.invoices.update(id, fields, whenOf(asked)).id);
  }),
  onInvoice("invoices/:id/add_lines", (asked, id) => {
    const lines = sentFields(asked.params, ["lines", "expand"]).list("lines", LINE).map(lineOf);
    return answerWith(asked, asked.account.books.invoices.addLines(id, lines, whenOf(asked)).id);
  }),
  onInvoice("invoices/:id/finalize", (asked, id) => {
    sentFields(asked.params, ["auto_advance", "expand"]);
    return answerWith(asked, asked.account.books.invoices.finalize(id, whenOf(asked)).id);
  }),
  onInvoice("invoices/:id/pay", payInvoice),
  onInvoice("invoices/:id/void", (asked, id) => answerWith(asked, asked.account.books.invoices.void(id, whenOf(asked)).id)),
  onInvoice("invoices/:id/mark_uncollectible", (asked, id) =>
    answerWith(asked, asked.account.books.invoices.markUncollectible(id, whenOf(asked)).id),
  ),
  {
    method: "DELETE",
    path: "invoices/:id",
    shape: "other",
    answer: (asked, id) => {
      theLiving(asked, { kind: "invoice", id: id });
      asked.account.books.invoices.remove(id, whenOf(asked));
      return stub(theObject(asked, "invoice", id));
    },
  },
];

function createCharge(asked: Asked): JsonObject {
  const sent = sentFields(asked.params, ["amount", "currency", "customer", "description", "metadata", "source", "expand"]);
  const failed = isDeclined(sent.text("source"));
  sent.needed("amount");
  const customer = sent.text("customer") ?? null;
  if (customer !== null) theLiving(asked, { kind: "customer", id: customer, param: "customer" });
  const fields = {
    amount: sent.number("amount") ?? 0,
    currency: sent.needed("currency"),
    customer,
    ...given({ description: sent.text("description"), metadata: sent.metadata() }),
    ...(failed ? { failure: "card_declined" } : {}),
  };
  const { id } = asked.account.books.charges.create(fields, whenOf(asked));
  if (failed) throw declined(id);
  return answerWith(asked, id);
}

function createRefund(asked: Asked): JsonObject {
  const sent = sentFields(asked.params, ["charge", "amount", "reason", "metadata", "expand"]);
  const charge = theLiving(asked, { kind: "charge", id: sent.needed("charge"), param: "charge" }).id;
  const more = given({ amount: sent.number("amount"), reason: sent.text("reason"), metadata: sent.metadata() });
  return answerWith(asked, asked.account.books.refunds.create({ charge, ...more }, whenOf(asked)).id);
}

function createCreditNote(asked: Asked): JsonObject {
  const sent = sentFields(asked.params, ["invoice", "amount", "reason", "memo", "expand"]);
  const invoice = theLiving(asked, { kind: "invoice", id: sent.needed("invoice"), param: "invoice" }).id;
  const more = given({ amount: sent.number("amount"), reason: sent.text("reason"), memo: sent.text("memo") });
  return answerWith(asked, asked.account.books.creditNotes.create({ invoice, ...more }, whenOf(asked)).id);
}

/** What can be written of invoices, charges, refunds, credit notes and disputes. */
export const WRITE_MONEY: readonly Route[] = [
  ...invoices,
  post("charges", createCharge),
  post("charges/:id", (asked, id) => {
    const fields = edited(asked, theObject(asked, "charge", id).object);
    return answerWith(asked, asked.account.books.charges.update(id, fields, whenOf(asked)).id);
  }),
  post("refunds", createRefund),
  post("credit_notes", createCreditNote),
  post("credit_notes/:id/void", (asked, id) => {
    theObject(asked, "credit_note", id);
    return answerWith(asked, asked.account.books.creditNotes.void(id, whenOf(asked)).id);
  }),
  post("disputes/:id/close", (asked, id) => {
    theObject(asked, "dispute", id);
    return answerWith(asked, asked.account.books.disputes.close(id, "lost", whenOf(asked)).id);
  }),
];
