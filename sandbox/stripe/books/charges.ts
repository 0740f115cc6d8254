import type { JsonObject } from "../json.ts";
import { numberIn } from "../json.ts";
import { feeOf } from "../money.ts";
import { NotAllowed } from "../not-allowed.ts";
import { chargeShape, type RefundFields, refundShape } from "../shapes/payment.ts";
import type { Stored } from "../store.ts";
import type { Occasion, When, Writing } from "../writing.ts";
import { type Written, written } from "./customers.ts";
import { move } from "./movements.ts";

/** A charge to be written. The amount is in minor units. */
export interface NewCharge {
  readonly amount: number;
  readonly currency: string;
  readonly customer?: string | null;
  readonly description?: string | null;
  readonly metadata?: JsonObject;
  readonly paymentIntent?: string;
  readonly invoice?: string;
  /** The code of the card's bank, such as `card_declined`: the charge fails. */
  readonly failure?: string;
  /** The money is held on the card until it is captured; nothing is in the balance yet. */
  readonly held?: boolean;
  /** Paid from a bank account: a movement of type `payment`, which may fail days later. */
  readonly delayed?: boolean;
}

/** Charges, with `charge.succeeded`, `.captured`, `.failed`, `.updated`, and what they bring into the balance. */
export interface ChargeBook {
  create(fields: NewCharge, when?: When): Written;
  /** Takes what is held on the card, or a part of it; the rest is let go. */
  capture(id: string, amount?: number, when?: When): Written;
  /** A delayed payment fails after all: what came in goes out again. */
  failLate(id: string, when?: When): Written;
  /** Changes fields by their names in the API. */
  update(id: string, fields: JsonObject, when?: When): Written;
}

function shapeOf({ ids }: Writing, fields: NewCharge): JsonObject {
  return chargeShape({
    amount: fields.amount,
    currency: fields.currency,
    customer: fields.customer ?? null,
    paymentIntent: fields.paymentIntent ?? ids.named("pi_3", 23),
    paymentMethod: ids.named("pm_1", 23),
    description: fields.description ?? null,
    metadata: fields.metadata ?? {},
    failure: fields.failure ?? null,
    captured: fields.held !== true,
  });
}

/** The charges of an account. */
export function chargeBook(writing: Writing): ChargeBook {
  /** What a charge brings into the balance, and the name of it in the charge. */
  const bring = (charge: Stored, amount: number, more: { type: string; occasion: Occasion }) => {
    const { description, currency } = charge.object;
    const text = typeof description === "string" ? description : null;
    const paid = {
      source: charge.id,
      amount,
      currency: String(currency),
      type: more.type,
      category: "charge",
      description: text,
      fee: feeOf,
    };
    writing.change(charge, { balance_transaction: move(writing, paid, more.occasion).id }, { occasion: more.occasion });
  };
  return {
    create: (fields, when = {}) => {
      const occasion = writing.occasion(when);
      const shape = shapeOf(writing, fields);
      const charge = writing.add("charge", shape, { occasion, aside: { invoice: fields.invoice ?? null } });
      const type = fields.delayed === true ? "payment" : "charge";
      const fails = fields.failure !== undefined;
      if (!fails && fields.held !== true) bring(charge, fields.amount, { type, occasion });
      writing.tell(fails ? "charge.failed" : "charge.succeeded", charge, occasion);
      return written(writing, charge.id);
    },
    capture: (id, amount, when = {}) => {
      const occasion = writing.occasion(when);
      const charge = writing.the("charge", id);
      const held = numberIn(charge.object, "amount");
      const taken = amount ?? held;
      if (charge.object["captured"] === true || charge.object["paid"] !== true) throw new NotAllowed("nothing of it is held");
      if (taken <= 0 || taken > held) throw new NotAllowed(`a capture of ${taken} where ${held} is held`);
      bring(charge, taken, { type: "charge", occasion });
      writing.change(charge, { captured: true, amount_captured: taken }, { occasion, event: "charge.captured" });
      return written(writing, id);
    },
    failLate: (id, when = {}) => {
      const occasion = writing.occasion(when);
      const charge = writing.the("charge", id);
      if (charge.object["paid"] !== true) throw new NotAllowed("it was not paid");
      const [amount, currency] = [-numberIn(charge.object, "amount_captured"), String(charge.object["currency"])];
      const back = move(
        writing,
        { source: id, amount, currency, type: "payment_failure_refund", category: "charge_failure" },
        occasion,
      );
      const failed = { status: "failed", paid: false, failure_code: "insufficient_funds", failure_balance_transaction: back.id };
      writing.change(charge, failed, { occasion, event: "charge.failed" });
      return written(writing, id);
    },
    update: (id, fields, when = {}) => {
      const stored = writing.the("charge", id);
      writing.change(stored, fields, { occasion: writing.occasion(when), event: "charge.updated" });
      return written(writing, id);
    },
  };
}

/** A refund to be written; without an amount, what is left of the charge. */
export interface NewRefund {
  readonly charge: string;
  readonly amount?: number;
  readonly reason?: string | null;
  readonly status?: RefundFields["status"];
  readonly metadata?: JsonObject;
}

/** Refunds, with `refund.created`, `.updated`, `.failed`, `charge.refunded` and `charge.refund.updated`. */
export interface RefundBook {
  /** Throws for more than is left of the charge. */
  create(fields: NewRefund, when?: When): Written;
  /** A pending refund arrives. */
  settle(id: string, when?: When): Written;
  /** The bank sends it back: the money is in the balance again. */
  fail(id: string, when?: When): Written;
}

/** The refunds of an account. */
export function refundBook(writing: Writing): RefundBook {
  const taken = (charge: string, amount: number) => {
    const { object } = writing.the("charge", charge);
    const refunded = numberIn(object, "amount_refunded") + amount;
    return { amount_refunded: refunded, refunded: refunded === numberIn(object, "amount_captured") };
  };
  return {
    create: (fields, when = {}) => {
      const occasion = writing.occasion(when);
      const charge = writing.the("charge", fields.charge);
      const left = numberIn(charge.object, "amount_captured") - numberIn(charge.object, "amount_refunded");
      const amount = fields.amount ?? left;
      if (amount <= 0 || amount > left) throw new NotAllowed(`a refund of ${amount} where ${left} is left of the charge`);
      const { reason = null, status = "succeeded", metadata = {} } = fields;
      const refund = writing.add("refund", refundShape({ amount, reason, status, metadata }, charge.object), { occasion });
      const currency = String(charge.object["currency"]);
      const movement = move(writing, { source: refund.id, amount: -amount, currency, type: "refund" }, occasion);
      writing.change(refund, { balance_transaction: movement.id }, { occasion });
      writing.tell("refund.created", refund, occasion);
      writing.change(charge, taken(charge.id, amount), { occasion, event: "charge.refunded" });
      return written(writing, refund.id);
    },
    settle: (id, when = {}) => {
      const occasion = writing.occasion(when);
      const refund = writing.the("refund", id);
      const { pending_reason: _, ...arrived } = refund.object;
      refund.object = arrived;
      writing.change(refund, { status: "succeeded" }, { occasion, event: "refund.updated" });
      writing.tell("charge.refund.updated", refund, occasion);
      return written(writing, id);
    },
    fail: (id, when = {}) => {
      const occasion = writing.occasion(when);
      const refund = writing.the("refund", id);
      const amount = numberIn(refund.object, "amount");
      const currency = String(refund.object["currency"]);
      const back = move(writing, { source: id, amount, currency, type: "refund_failure" }, occasion);
      const fields = { status: "failed", failure_reason: "expired_or_canceled_card", failure_balance_transaction: back.id };
      writing.change(refund, fields, { occasion, event: "refund.failed" });
      writing.tell("refund.updated", refund, occasion);
      const charge = String(refund.object["charge"]);
      writing.change(writing.the("charge", charge), taken(charge, -amount), { occasion, event: "charge.updated" });
      return written(writing, id);
    },
  };
}
