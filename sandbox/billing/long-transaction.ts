import type pg from "pg";
import type { Member } from "../cast/facts.ts";
import { newCustomer, newInvoice, newPayment, settling } from "../cast/new-facts.ts";
import type { BillingState } from "./state.ts";
import { beginTransaction } from "./transaction.ts";
import { customerRow, invoiceRow, paymentRow } from "./words.ts";

/** A transaction that stays open over one or more runs; what it wrote shows when it ends. */
export interface LongTransaction {
  readonly until: number;
  end(): Promise<void>;
}

const POSTED = { description: "Posted by the month-end job" };

/** Begins one: a few new rows, and late updates of rows that nobody else touches until it ends. */
export async function beginLong(state: BillingState, client: pg.ClientBase, until: number): Promise<LongTransaction> {
  const { company } = state;
  const tx = await beginTransaction(client, state.truth);
  const customers = [newCustomer(company), newCustomer(company)];
  const invoices = [newInvoice(company, company.look("subscription")), newInvoice(company, company.look("subscription"))];
  const payments = invoices.map((invoice) =>
    newPayment(company, settling(invoice), { purpose: "payment", amount: company.random.int(100, 9000) }),
  );
  state.tell(
    ...customers.map((fact): Member => ({ kind: "customer", fact })),
    ...invoices.map((fact): Member => ({ kind: "invoice", fact })),
    ...payments.map((fact): Member => ({ kind: "payment", fact })),
  );
  const [payment, invoice] = [state.take("payment"), state.take("invoice")];
  if (payment) company.leave("payment", payment.fact.ordinal);
  if (invoice) company.leave("invoice", invoice.fact.ordinal);
  await tx.insert("billing.customers", customers.map(customerRow));
  await tx.insert("billing.invoices", invoices.map(invoiceRow));
  await tx.insert("billing.payments", payments.map(paymentRow));
  if (payment) await tx.update("billing.payments", [{ ...payment.row, ...POSTED, updated_at: null }]);
  if (invoice) await tx.update("billing.invoices", [{ ...invoice.row, ...POSTED }]);
  return {
    until,
    end: async () => {
      await tx.commit();
      company.enter("customer", customers);
      company.enter("invoice", invoices);
      company.enter("payment", payments);
      if (payment) company.enter("payment", [{ ...payment.fact, ...POSTED }]);
      if (invoice) company.enter("invoice", [{ ...invoice.fact, ...POSTED }]);
    },
  };
}
