import { type JsonObject, numberIn } from "../json.ts";
import { payable } from "../money.ts";
import { NotAllowed } from "../not-allowed.ts";
import { payoutShape } from "../shapes/balance.ts";
import type { When, Writing } from "../writing.ts";
import { type Written, written } from "./customers.ts";
import { move } from "./movements.ts";

/** A payout to be written, in the currency of the balance. Without an amount it is automatic: it takes what is available. */
export interface NewPayout {
  readonly amount?: number;
}

/** Payouts, with `payout.created`, `.updated`, `.paid`, `.failed`, `.canceled` and `.reconciliation_completed`. */
export interface PayoutBook {
  /** An automatic payout throws where nothing is available. */
  create(fields?: NewPayout, when?: When): Written;
  pay(id: string, when?: When): Written;
  fail(id: string, when?: When): Written;
  /** Stops one that has not left: the money is in the balance again. */
  cancel(id: string, when?: When): Written;
  /** Lets so much less leave than it is made of: payout and movement say so, and nothing says why. Throws where nothing would be left. */
  shorten(id: string, by: number, when?: When): Written;
}

/** Movements that an automatic payout can take along: available, of no payout yet. */
function waiting(writing: Writing, at: number) {
  return writing.store
    .between("balance_transaction", 0, at + 1)
    .filter(({ object, aside }) => !aside["payout"] && object["type"] !== "payout" && numberIn(object, "available_on") <= at);
}

/** The payouts of an account. */
export function payoutBook(writing: Writing): PayoutBook {
  const { settings, ids } = writing;
  const currency = settings.account.currency;
  const comesBack = (id: string, as: { status: string; type: string; why: JsonObject }, when: When) => {
    const occasion = writing.occasion(when);
    const payout = writing.the("payout", id);
    const amount = numberIn(payout.object, "amount");
    const back = move(writing, { source: id, amount, currency, type: as.type, category: "payout_reversal" }, occasion);
    const fields = { ...as.why, status: as.status, failure_balance_transaction: back.id };
    writing.change(payout, fields, { occasion, event: `payout.${as.status}` });
    return written(writing, id);
  };
  return {
    create: (fields = {}, when = {}) => {
      const occasion = writing.occasion(when);
      const taken = fields.amount === undefined ? waiting(writing, occasion.at) : [];
      const sum = fields.amount ?? taken.reduce((total, { object }) => total + numberIn(object, "net"), 0);
      const amount = payable(sum, currency);
      if (amount <= 0) throw new NotAllowed("nothing is available to be paid out");
      const shape = payoutShape({
        amount,
        currency,
        arrival: occasion.at + 86_400 - (occasion.at % 86_400),
        automatic: fields.amount === undefined,
        destination: ids.named("ba_1", 23),
      });
      const payout = writing.add("payout", shape, { occasion });
      const movement = { source: payout.id, amount: -amount, currency, type: "payout", description: "STRIPE PAYOUT" };
      const own = move(writing, movement, occasion);
      for (const one of [...taken, own]) one.aside = { ...one.aside, payout: payout.id };
      writing.change(payout, { balance_transaction: own.id }, { occasion });
      writing.tell("payout.created", payout, occasion);
      return written(writing, payout.id);
    },
    pay: (id, when = {}) => {
      const occasion = writing.occasion(when);
      const payout = writing.the("payout", id);
      const trace = { status: "supported", value: ids.named("", 15) };
      writing.change(payout, { status: "paid", trace_id: trace }, { occasion, event: "payout.updated" });
      writing.tell("payout.paid", payout, occasion);
      if (payout.object["automatic"] === true) {
        writing.change(payout, { reconciliation_status: "completed" }, { occasion });
        writing.tell("payout.reconciliation_completed", payout, occasion);
      }
      return written(writing, id);
    },
    fail: (id, when = {}) => {
      const why = { failure_code: "account_closed", failure_message: "The bank account has been closed." };
      return comesBack(id, { status: "failed", type: "payout_failure", why }, when);
    },
    cancel: (id, when = {}) => comesBack(id, { status: "canceled", type: "payout_cancel", why: {} }, when),
    shorten: (id, by, when = {}) => {
      const occasion = writing.occasion(when);
      const payout = writing.the("payout", id);
      const amount = numberIn(payout.object, "amount") - by;
      if (amount <= 0) throw new NotAllowed("a payout is more than nothing");
      const movement = writing.the("balance_transaction", String(payout.object["balance_transaction"]));
      writing.change(movement, { amount: -amount, net: -amount }, { occasion });
      writing.change(payout, { amount }, { occasion });
      return written(writing, id);
    },
  };
}
