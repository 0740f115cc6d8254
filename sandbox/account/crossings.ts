import type { Payment } from "../cast/facts.ts";
import { monthBegin } from "../cast/hours.ts";
import { chargeable } from "../stripe/money.ts";
import type { Desk } from "./desk.ts";

/** Of what a payment is at Stripe, what may be otherwise than billing has it. */
interface ChargeFields {
  readonly customer: string;
  readonly amount: number;
  readonly currency: string;
  readonly failure?: string;
}

/** A charge, or two of them, for one payment of billing's. */
export type Crossing = (fields: ChargeFields, payment: Payment, desk: Desk) => readonly ChargeFields[] | null;

const succeeds = ({ status }: Payment) => status === "succeeded";

/** Somebody keys in a cent more. */
const otherAmount: Crossing = (fields, payment) => {
  const amount = fields.amount + 1;
  return succeeds(payment) && chargeable(amount, fields.currency) === amount ? [{ ...fields, amount }] : null;
};

/** The form at the till was set to another currency. */
const otherCurrency: Crossing = (fields, payment) => {
  const currency = fields.currency === "eur" ? "usd" : "eur";
  return succeeds(payment) ? [{ ...fields, currency }] : null;
};

/** The card of somebody else is charged. */
const otherOwner: Crossing = (fields, payment, { customers, random }) => {
  const others = [...customers.values()].filter((id) => id !== fields.customer);
  return succeeds(payment) && others.length > 0 ? [{ ...fields, customer: random.pick(others) }] : null;
};

/** The button is pressed twice. */
const twice: Crossing = (fields, payment) => (succeeds(payment) ? [fields, fields] : null);

/** Billing was told that it had failed, and it had not. */
const paidAfterAll: Crossing = ({ failure, ...fields }) => (failure === undefined ? null : [fields]);

/** The hour of the day from which on the next payment that allows it is charged so. */
const CHARGES: readonly { readonly from: number; readonly crossing: Crossing }[] = [
  { from: 1, crossing: otherAmount },
  { from: 2, crossing: otherCurrency },
  { from: 3, crossing: otherOwner },
  { from: 4, crossing: paidAfterAll },
  { from: 5, crossing: twice },
];

const LATE_DISPUTE = 1;
const UNRECORDED_CHARGE = 4;
const UNRECORDED_REFUND = 7;
const UNSETTLED_INVOICE = 6;

/** What came twice goes back so many hours later. */
const TWICE_FOR = 3;

/** What somebody does at Stripe by hand, if there is something to do it to. */
type ByHand = (desk: Desk) => "done" | "not yet";

/** A charge of which billing never hears. */
const chargeByHand: ByHand = ({ books, customers, random, ...desk }) => {
  if (customers.size === 0) return "not yet";
  const customer = random.pick([...customers.values()]);
  const fields = { customer, amount: 100 * random.int(20, 90), currency: "eur", description: "by hand" };
  books.charges.create(fields, desk.at(desk.sometime(), customer));
  return "done";
};

/** A refund of which billing never hears. */
const refundByHand: ByHand = (desk) => {
  const from = [...desk.received.values()].flat().find(({ currency, left }) => left >= 200 && chargeable(100, currency) === 100);
  if (!from) return "not yet";
  from.left -= 100;
  desk.books.refunds.create({ charge: from.charge, amount: 100, status: "succeeded" }, desk.at(desk.sometime(), from.charge));
  return "done";
};

/** An invoice that is paid at Stripe, while billing waits on. */
const settleByHand: ByHand = ({ books, store, invoices, random, ...desk }) => {
  const open = [...invoices.values()].filter((one) => store.find(one)?.object["status"] === "open");
  const id = open.length === 0 ? undefined : random.pick(open);
  if (id === undefined) return "not yet";
  books.invoices.pay(id, { outOfBand: true }, desk.at(desk.sometime(), id));
  return "done";
};

/** A charge of the month before is disputed, when that month may be closed. */
const disputeByHand: ByHand = (desk) => {
  const { books, store, received, hour } = desk;
  const isOld = (id: string) => (store.find(id)?.created ?? Number.POSITIVE_INFINITY) * 1000 < monthBegin(hour());
  const from = [...received.values()].flat().find(({ charge, left }) => left > 0 && isOld(charge));
  if (!from) return "not yet";
  const [charge, amount] = [from.charge, from.left];
  from.left = 0;
  books.disputes.create({ charge, amount, reason: "fraudulent" }, desk.at(desk.sometime(), charge));
  return "done";
};

function asSoonAsPossible(desk: Desk, act: ByHand): void {
  if (act(desk) === "not yet") desk.later(1, (then) => asSoonAsPossible(then, act));
}

const BY_HAND: Readonly<Record<number, ByHand>> = {
  [LATE_DISPUTE]: disputeByHand,
  [UNRECORDED_CHARGE]: chargeByHand,
  [UNSETTLED_INVOICE]: settleByHand,
  [UNRECORDED_REFUND]: refundByHand,
};

/** Before an hour's life: how its charges may be otherwise than billing has them. */
export function crossHour(desk: Desk): void {
  for (const { from, crossing } of CHARGES) if (from === desk.hour() % 24) desk.crossings.add(crossing);
}

/** Behind it: what somebody does that billing is not told of. */
export function actByHand(desk: Desk): void {
  const act = BY_HAND[desk.hour() % 24];
  if (act) asSoonAsPossible(desk, act);
}

/** What is charged for a payment: what it says, unless it is its turn to be charged otherwise. */
export function crossed(
  desk: Desk,
  payment: Payment,
  fields: ChargeFields,
): { readonly charges: readonly ChargeFields[]; readonly isCrossed: boolean } {
  for (const crossing of desk.crossings) {
    const charges = crossing(fields, payment, desk);
    if (charges === null) continue;
    desk.crossings.delete(crossing);
    return { charges, isCrossed: true };
  }
  return { charges: [fields], isCrossed: false };
}

/** Gives back whole what was charged beyond the first time. */
export function undoLater(desk: Desk, [, ...surplus]: readonly { readonly id: string; readonly amount: number }[]): void {
  for (const { id, amount } of surplus)
    desk.later(TWICE_FOR, ({ books, ...then }) => {
      books.refunds.create({ charge: id, amount, status: "succeeded" }, then.at(then.sometime(), id));
    });
}
