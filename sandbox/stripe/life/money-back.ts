import { numberIn } from "../json.ts";
import { payable } from "../money.ts";
import { type Act, drawn, type Received, taken } from "./living.ts";

const part = ({ amount, currency }: Received, share: number) => payable(amount * share, currency);

/** A payment goes back, whole or in part; some refunds take their time. */
export const refund: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  const received = taken(living, stage.received);
  if (!received) return;
  const amount = random.chance(0.5) ? received.amount : part(received, 0.4);
  if (amount <= 0) return;
  const isSlow = random.chance(0.3);
  const reason = random.pick(["requested_by_customer", "duplicate", null]);
  const more = { reason, ...(isSlow ? { status: "pending" as const } : {}) };
  const { id } = books.refunds.create({ charge: received.charge, amount, ...more }, { at });
  if (isSlow) stage.returning.push(id);
  tell("refund");
};

/** A slow refund arrives, or its bank sends it back. */
export const settleRefund: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  const id = taken(living, stage.returning);
  if (id === undefined) return;
  if (random.chance(0.8)) books.refunds.settle(id, { at });
  else books.refunds.fail(id, { at });
  tell("refund settled");
};

/** A part of an invoice is credited: of an open one, so that less is due, or of a paid one, so that money goes back. */
export const credit: Act = (living, at) => {
  const { books, store, random, stage, tell } = living;
  const open = random.chance(0.5) ? drawn(living, stage.open) : undefined;
  const paid = open === undefined ? taken(living, stage.received) : undefined;
  const invoice = store.find(open ?? paid?.invoice ?? "");
  if (!invoice) return;
  const left = paid?.amount ?? numberIn(invoice.object, "amount_remaining");
  const amount = payable(left * 0.3, String(invoice.object["currency"]));
  if (amount <= 0) return;
  const note = books.creditNotes.create({ invoice: invoice.id, amount, reason: "order_change", refund: !open }, { at });
  if (open !== undefined && random.chance(0.2)) books.creditNotes.void(note.id, { at });
  tell("credit note");
};

/** A cardholder disputes a payment. */
export const dispute: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  const received = taken(living, stage.received);
  if (!received) return;
  const reason = random.pick(["fraudulent", "product_not_received", "duplicate"]);
  const { id } = books.disputes.create({ charge: received.charge, reason }, { at });
  stage.disputed.push({ id, status: "needs_response" });
  tell("dispute");
};

/** A dispute goes its way: evidence is sent, then somebody wins. */
export const moveDispute: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  const disputed = taken(living, stage.disputed);
  if (!disputed) return;
  if (disputed.status === "needs_response") {
    books.disputes.update(disputed.id, "under_review", { at });
    stage.disputed.push({ ...disputed, status: "under_review" });
  } else books.disputes.close(disputed.id, random.pick(["won", "lost"]), { at });
  tell("dispute moved on");
};

/** What is available goes to the bank, and the payout of the day before arrives there or comes back. */
export const payOut: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  for (const id of stage.paidOut.splice(0)) {
    if (random.chance(0.95)) books.payouts.pay(id, { at });
    else books.payouts.fail(id, { at });
  }
  stage.paidOut.push(books.payouts.create({}, { at }).id);
  tell("payout");
};
