import { numberIn } from "../json.ts";
import { type CreditLineFields, creditLineShape, creditNoteShape } from "../shapes/credit-note.ts";
import type { When, Writing } from "../writing.ts";
import type { RefundBook } from "./charges.ts";
import { type Written, written } from "./customers.ts";

/** A credit note to be written: its amount is the sum of its lines, or one line of the amount. */
export interface NewCreditNote {
  readonly invoice: string;
  readonly amount?: number;
  readonly lines?: readonly CreditLineFields[];
  readonly reason?: string | null;
  readonly memo?: string | null;
  /** Gives the money of a paid invoice back to the card. */
  readonly refund?: boolean;
}

/** Credit notes, with `credit_note.created`, `.voided`, and what they change in their invoice. */
export interface CreditNoteBook {
  create(fields: NewCreditNote, when?: When): Written;
  void(id: string, when?: When): Written;
}

/** The credit notes of an account. */
export function creditNoteBook(writing: Writing, refunds: RefundBook): CreditNoteBook {
  const numberOf = (invoice: string) => {
    const before = writing.store
      .between("credit_note", 0, Number.POSITIVE_INFINITY)
      .filter(({ object }) => object["invoice"] === invoice);
    return `${String(writing.the("invoice", invoice).object["number"])}-CN-${String(before.length + 1).padStart(2, "0")}`;
  };

  /** What the invoice's amounts are with a note of the amount; a negative one takes it back. */
  const credit = (id: string, amount: number, more: { afterPayment: boolean; when: When }) => {
    const invoice = writing.the("invoice", id);
    const field = more.afterPayment ? "post_payment_credit_notes_amount" : "pre_payment_credit_notes_amount";
    const less = (name: string) => numberIn(invoice.object, name) - amount;
    const due = more.afterPayment ? {} : { amount_due: less("amount_due"), amount_remaining: less("amount_remaining") };
    const fields = { [field]: numberIn(invoice.object, field) + amount, ...due };
    writing.change(invoice, fields, { occasion: writing.occasion(more.when), event: "invoice.updated" });
  };

  return {
    create: (fields, when = {}) => {
      const occasion = writing.occasion(when);
      const invoice = writing.the("invoice", fields.invoice);
      const lines = fields.lines ?? [{ amount: fields.amount ?? numberIn(invoice.object, "total") }];
      const amount = lines.reduce((sum, line) => sum + line.amount, 0);
      const afterPayment = invoice.object["status"] === "paid";
      const charge = invoice.aside["charge"];
      const refund = fields.refund && typeof charge === "string" ? refunds.create({ charge, amount }, when).id : undefined;
      const id = writing.ids.of("credit_note");
      const shape = creditNoteShape(invoice.object, {
        id,
        amount,
        number: numberOf(invoice.id),
        reason: fields.reason ?? null,
        memo: fields.memo ?? null,
        afterPayment,
        refunds: refund === undefined ? [] : [{ refund, amount }],
        at: occasion.at,
        account: writing.settings.account.id,
      });
      const note = writing.add("credit_note", shape, { occasion, id });
      for (const line of lines) {
        const part = creditLineShape(line, writing.settings.livemode);
        writing.add("credit_note_line_item", part, { occasion, parent: id });
      }
      writing.tell("credit_note.created", note, occasion);
      credit(invoice.id, amount, { afterPayment, when });
      return written(writing, id);
    },
    void: (id, when = {}) => {
      const occasion = writing.occasion(when);
      const note = writing.the("credit_note", id);
      writing.change(note, { status: "void", voided_at: occasion.at }, { occasion });
      writing.tell("credit_note.voided", note, occasion);
      const afterPayment = note.object["type"] === "post_payment";
      credit(String(note.object["invoice"]), -numberIn(note.object, "amount"), { afterPayment, when });
      return written(writing, id);
    },
  };
}
