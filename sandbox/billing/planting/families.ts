import type { Company } from "../../cast/company.ts";
import type { Invoice, Member, Payment } from "../../cast/facts.ts";
import { newCustomer, newInvoice, newPayment, newSubscription, settling } from "../../cast/new-facts.ts";
import type { Row } from "../../feed.ts";
import { FEED_OF, invoiceRow, paymentRow, rowId, rowOf } from "../words.ts";
import { correctLater, isOlder, type Planter } from "./corrections.ts";

function someInvoice(company: Company): Invoice {
  return newInvoice(company, company.look("subscription"));
}

function towards(company: Company, invoice: Invoice): Payment {
  return newPayment(company, settling(invoice), { purpose: "payment", amount: company.random.int(100, 50_000) });
}

/** One physical row twice. It is not planted while a long transaction would make the reader fetch both copies again. */
export const duplicateCopy: Planter = async (state, tx) => {
  const { company } = state;
  const makers: readonly (() => Member)[] = [
    () => ({ kind: "invoice", fact: someInvoice(company) }),
    () => ({ kind: "subscription", fact: newSubscription(company, company.look("customer")) }),
    () => ({ kind: "customer", fact: newCustomer(company) }),
  ];
  const member = company.random.pick(makers)();
  await tx.insert(FEED_OF[member.kind], [rowOf(member), rowOf(member)]);
  state.tell(member);
  state.plant(member, "duplicate_copy");
};

/** Two rows claim one new invoice id in the same hour; now and then one of them is renamed later, and both may enter. */
export const duplicateContender: Planter = async (state, tx) => {
  const { company } = state;
  const [first, rival] = [someInvoice(company), someInvoice(company)];
  await tx.insert("billing.invoices", [invoiceRow(first), { ...invoiceRow(rival), invoice_id: first.id }]);
  for (const fact of [first, rival]) {
    state.tell({ kind: "invoice", fact });
    state.plant({ kind: "invoice", fact }, "duplicate_contender");
  }
  if (company.random.chance(0.5)) correctLater(state, { kind: "invoice", fact: rival }, ["invoice_id"]);
};

/** A new row claims the id of a published invoice. */
export const duplicateAcrossHours: Planter = async (state, tx) => {
  const holder = state.take("invoice", isOlder(state));
  if (!holder) return;
  const fact = someInvoice(state.company);
  await tx.insert("billing.invoices", [{ ...invoiceRow(fact), invoice_id: holder.fact.id }]);
  state.tell({ kind: "invoice", fact });
  state.plant({ kind: "invoice", fact }, "duplicate_across_hours");
};

/** A child comes first and its parent one to three hours later; a grandchild waits with it. */
export const orphanHeals: Planter = async (state, tx) => {
  const { company } = state;
  const { random } = company;
  const customer: Member<"customer"> = { kind: "customer", fact: newCustomer(company) };
  const invoice = { ...newInvoice(company, newSubscription(company, customer.fact)), subscription: null };
  const payment: Member = { kind: "payment", fact: towards(company, invoice) };
  const lacksCustomer = random.chance(0.5);
  const parent: Member = lacksCustomer
    ? customer
    : { kind: "invoice", fact: { ...invoice, customer: company.look("customer").id } };
  const early: readonly Member[] = lacksCustomer ? [{ kind: "invoice", fact: invoice }, payment] : [payment];
  for (const member of early) {
    await tx.insert(FEED_OF[member.kind], [rowOf(member)]);
    state.plant(member, member === payment && lacksCustomer ? "child_of_quarantined" : "orphan_heals");
  }
  // Who pays another's invoice is a customer too, though this database never hears of it.
  state.tell(customer, ...(lacksCustomer ? [] : [parent]), ...early);
  state.later(random.int(1, 3), async (_, later) => {
    await later.insert(FEED_OF[parent.kind], [rowOf(parent)]);
    for (const { kind, fact } of [parent, ...early]) company.enter(kind, [fact]);
  });
};

/** A child whose parent never comes; some of them are deleted again. Nothing of it happened, so no other book hears of it. */
export const orphanForever: Planter = async (state, tx) => {
  const { company } = state;
  const lost = company.random.code(8);
  const invoice = someInvoice(company);
  const payment = towards(company, someInvoice(company));
  const [member, row]: [Member, Row] = company.random.chance(0.5)
    ? [
        { kind: "invoice", fact: invoice },
        { ...invoiceRow(invoice), customer_id: `cus_lost${lost}`, subscription_id: null },
      ]
    : [
        { kind: "payment", fact: payment },
        { ...paymentRow(payment), invoice_id: `in_lost${lost}` },
      ];
  const feed = FEED_OF[member.kind];
  await tx.insert(feed, [row]);
  state.plant(member, "orphan_forever");
  if (!company.random.chance(0.3)) return;
  state.later(5, (then, later) => (then.rowOf(member) ? later.remove(feed, [rowId(member.fact)]) : Promise.resolve()));
};

/** A payment for an invoice that is itself quarantined; it follows when the invoice is corrected. */
export const childOfQuarantined: Planter = async (state, tx) => {
  const { company } = state;
  const invoice: Member<"invoice"> = { kind: "invoice", fact: someInvoice(company) };
  const payment: Member<"payment"> = { kind: "payment", fact: towards(company, invoice.fact) };
  await tx.insert("billing.invoices", [{ ...rowOf(invoice), status: "zombie" }]);
  await tx.insert("billing.payments", [rowOf(payment)]);
  state.tell(invoice, payment);
  state.plant(invoice, "unknown_status");
  state.plant(payment, "child_of_quarantined");
  if (company.random.chance(0.6)) correctLater(state, invoice, ["status"]);
};
