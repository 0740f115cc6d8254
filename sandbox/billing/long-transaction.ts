import type pg from "pg";
import type { Row } from "../feed.ts";
import { newCustomer, newInvoice, newPayment } from "./new-rows.ts";
import type { WorldState } from "./state.ts";
import type { BillingFeed } from "./tables.ts";
import { beginTransaction } from "./transaction.ts";

/** A transaction that stays open over one or more runs; what it wrote shows when it ends. */
export interface LongTransaction {
  readonly until: number;
  end(): Promise<void>;
}

/** Begins one: a few new rows, and late updates of rows that nobody else touches until it ends. */
export async function beginLong(state: WorldState, client: pg.ClientBase, until: number): Promise<LongTransaction> {
  const tx = await beginTransaction(client, state.truth);
  const customers = [newCustomer(state), newCustomer(state)];
  const invoices = [
    newInvoice(state, state.look("billing.subscriptions")),
    newInvoice(state, state.look("billing.subscriptions")),
  ];
  const payments = invoices.map((invoice) => newPayment(state, invoice, { kind: "payment", minor: state.random.int(100, 9000) }));
  const late: [BillingFeed, Row][] = [];
  for (const feed of ["billing.payments", "billing.invoices"] as const) {
    const row = state.take(feed);
    if (!row) continue;
    state.leave(feed, row["id"] ?? "");
    const changed = { ...row, description: "Posted by the month-end job" };
    late.push([feed, feed === "billing.payments" ? { ...changed, updated_at: null } : changed]);
  }
  const written: [BillingFeed, Row[]][] = [
    ["billing.customers", customers],
    ["billing.invoices", invoices],
    ["billing.payments", payments],
  ];
  for (const [feed, rows] of written) await tx.insert(feed, rows);
  for (const [feed, row] of late) await tx.update(feed, [row]);
  return {
    until,
    end: async () => {
      await tx.commit();
      for (const [feed, rows] of written) state.join(feed, rows);
      for (const [feed, row] of late) state.join(feed, [row]);
    },
  };
}
