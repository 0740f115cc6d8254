import { type JsonObject, numberIn, objectIn } from "../json.ts";
import { disputeShape } from "../shapes/payment.ts";
import type { Stored } from "../store.ts";
import type { Occasion, When, Writing } from "../writing.ts";
import { type Written, written } from "./customers.ts";
import { move } from "./movements.ts";

/** A dispute to be written; without an amount, the whole charge. */
export interface NewDispute {
  readonly charge: string;
  readonly amount?: number;
  readonly reason?: string;
  readonly metadata?: JsonObject;
}

/** Disputes, with `charge.dispute.created`, `.updated`, `.closed`, `.funds_withdrawn`, `.funds_reinstated`. */
export interface DisputeBook {
  create(fields: NewDispute, when?: When): Written;
  /** Changes the status, such as `under_review`; unknown ones too. */
  update(id: string, status: string, when?: When): Written;
  close(id: string, outcome: "won" | "lost", when?: When): Written;
}

/** What a dispute costs, in the balance's minor units. */
const FEE = 1500;

/** The disputes of an account. */
export function disputeBook(writing: Writing): DisputeBook {
  const takes = (dispute: Stored, more: { amount: number; fee: number; category: string; occasion: Occasion }) => {
    const currency = String(dispute.object["currency"]);
    const movement = {
      source: dispute.id,
      amount: more.amount,
      currency,
      type: "adjustment",
      category: more.category,
      fee: () => more.fee,
    };
    const { id } = move(
      writing,
      { ...movement, description: `Chargeback of ${String(dispute.object["charge"])}` },
      more.occasion,
    );
    dispute.aside = { ...dispute.aside, movements: { ...objectIn(dispute.aside, "movements"), [id]: true } };
  };
  return {
    create: (fields, when = {}) => {
      const occasion = writing.occasion(when);
      const charge = writing.the("charge", fields.charge);
      const amount = fields.amount ?? numberIn(charge.object, "amount");
      const { reason = "fraudulent", metadata = {} } = fields;
      const shape = disputeShape(charge.object, { amount, reason, metadata, at: occasion.at });
      const dispute = writing.add("dispute", shape, { occasion });
      takes(dispute, { amount: -amount, fee: FEE, category: "dispute", occasion });
      writing.change(charge, { disputed: true }, { occasion, event: "charge.updated" });
      writing.tell("charge.dispute.created", dispute, occasion);
      writing.tell("charge.dispute.funds_withdrawn", dispute, occasion);
      return written(writing, dispute.id);
    },
    update: (id, status, when = {}) => {
      const more = { occasion: writing.occasion(when), event: "charge.dispute.updated" };
      writing.change(writing.the("dispute", id), { status }, more);
      return written(writing, id);
    },
    close: (id, outcome, when = {}) => {
      const occasion = writing.occasion(when);
      const dispute = writing.the("dispute", id);
      const amount = numberIn(dispute.object, "amount");
      if (outcome === "won") takes(dispute, { amount, fee: -FEE, category: "dispute_reversal", occasion });
      writing.change(dispute, { status: outcome }, { occasion, event: "charge.dispute.closed" });
      if (outcome === "won") writing.tell("charge.dispute.funds_reinstated", dispute, occasion);
      return written(writing, id);
    },
  };
}
