import type { Company } from "../../cast/company.ts";
import type { Invoice, Member, Payment } from "../../cast/facts.ts";
import { newInvoice, newPayment, newSubscription, settling } from "../../cast/new-facts.ts";
import { isOlder, type Planter, plantChange, plantNew, type Slip } from "./corrections.ts";

function invoiceNow(company: Company): Member<"invoice"> {
  return { kind: "invoice", fact: newInvoice(company, company.look("subscription")) };
}

function paymentNow(company: Company, change: Partial<Payment> = {}): Member<"payment"> {
  const amount = company.random.int(100, 90_000);
  const payment = newPayment(company, settling(company.look("invoice")), { purpose: "payment", amount });
  return { kind: "payment", fact: { ...payment, ...change } };
}

const isOpen = ({ status, paid }: Invoice) => status === "open" && paid === 0;

export const nullCustomerId: Planter = async (state, tx) => {
  const { company } = state;
  const member: Member = company.random.chance(0.5)
    ? { kind: "subscription", fact: newSubscription(company, company.look("customer")) }
    : invoiceNow(company);
  await plantNew(state, tx, { member, slip: { customer_id: null }, fault: "null_customer_id" });
};

export const negativeAmount: Planter = async (state, tx) => {
  const { company } = state;
  const fault = "negative_amount";
  if (company.random.chance(0.4)) {
    const amount = company.random.int(100, 90_000);
    await plantNew(state, tx, { member: paymentNow(company, { amount }), slip: { amount_minor: `-${amount}` }, fault });
    return;
  }
  const slip = ({ due }: Invoice) => ({ subtotal_minor: `-${due + 1}`, tax_minor: "1", amount_due_minor: `-${due}` });
  await plantChange(state, tx, { kind: "invoice", accept: isOpen, slip, fault });
};

export const overpaid: Planter = (state, tx) =>
  plantChange(state, tx, {
    kind: "invoice",
    accept: isOpen,
    slip: ({ due }) => ({ status: "paid", amount_paid_minor: String(due + state.company.random.int(1, 5000)) }),
    fault: "overpaid",
  });

export const unknownStatus: Planter = async (state, tx) => {
  const { random } = state.company;
  const kind = random.pick(["subscription", "invoice", "payment"] as const);
  const slip = () => ({ status: random.pick(["zombie", "ACTIVE", "", "on_hold"]) });
  await plantChange(state, tx, { kind, slip, fault: "unknown_status" });
};

export const scaleError: Planter = async (state, tx) => {
  const { company } = state;
  const fault = "scale_error";
  if (company.random.chance(0.5)) {
    const amount = company.random.int(100, 90_000);
    await plantNew(state, tx, { member: paymentNow(company, { amount }), slip: { amount_minor: `${amount}.5` }, fault });
    return;
  }
  // Half a cent in subtotal and total alike: the sum still adds up, only the scale is wrong.
  const member = invoiceNow(company);
  const { subtotal, due } = member.fact;
  await plantNew(state, tx, { member, slip: { subtotal_minor: `${subtotal}.5`, amount_due_minor: `${due}.5` }, fault });
};

export const typeError: Planter = async (state, tx) => {
  const { company } = state;
  const column = company.random.pick(["amount_due_minor", "subtotal_minor", "tax_minor", "amount_minor"]);
  const member: Member = column === "amount_minor" ? paymentNow(company, { amount: 4200 }) : invoiceNow(company);
  await plantNew(state, tx, { member, slip: { [column]: "NaN" }, fault: "type_error" });
};

export const immutableChanged: Planter = async (state, tx) => {
  const { company } = state;
  const other = company.look("customer");
  const slips: readonly ((invoice: Invoice) => Slip)[] = [
    ({ currency }) => ({ currency: currency === "EUR" ? "USD" : "EUR" }),
    ({ customer }) => ({ customer_id: customer === other.id ? "cus_nobody" : other.id }),
    () => ({ issued_on: "2026-09-30" }),
  ];
  const accept = isOlder(state);
  await plantChange(state, tx, { kind: "invoice", accept, slip: company.random.pick(slips), fault: "immutable_changed" });
};
