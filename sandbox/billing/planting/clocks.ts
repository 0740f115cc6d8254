import type { Company } from "../../cast/company.ts";
import type { Kind, Payment } from "../../cast/facts.ts";
import { newPayment, settling } from "../../cast/new-facts.ts";
import type { BillingState } from "../state.ts";
import { FEED_OF, paymentRow, rowId } from "../words.ts";
import type { Planter } from "./corrections.ts";

async function realClock(state: BillingState, offset: string): Promise<string> {
  const { rows } = await state.client.query<{ at: string }>("select (now() + $1::interval)::text as at", [offset]);
  return rows[0]?.at ?? "";
}

function somePayment(company: Company): Payment {
  const invoice = company.look("invoice");
  return newPayment(company, settling(invoice), { purpose: "payment", amount: company.random.int(100, 9000) });
}

/** A payment from a machine whose clock is ahead: it is read again in each hour and must stay as it is. */
export const clockForward: Planter = async (state, tx) => {
  const fact = somePayment(state.company);
  await tx.insert("billing.payments", [{ ...paymentRow(fact), updated_at: await realClock(state, "3 hours") }]);
  state.tell({ kind: "payment", fact });
  state.plant({ kind: "payment", fact }, "clock_forward");
};

/** A payment from a machine whose clock is days behind: no increment can see it, the next full read does. */
export const clockBack: Planter = async (state, tx) => {
  const updated_at = await realClock(state, "-3 days");
  const known = state.company.random.chance(0.5) ? state.take("payment") : null;
  if (known) {
    await tx.update("billing.payments", [{ ...known.row, description: "Settled by the branch office", updated_at }]);
    state.plant({ kind: "payment", fact: known.fact }, "clock_back");
    return;
  }
  const fact = somePayment(state.company);
  await tx.insert("billing.payments", [{ ...paymentRow(fact), updated_at }]);
  state.tell({ kind: "payment", fact });
  state.plant({ kind: "payment", fact }, "clock_back");
};

const VANISHING: readonly Kind[] = ["payment", "invoice", "customer", "subscription"];

/** Hard deletes, which no increment can see: one row of one table an hour. */
export const hardDelete: Planter = async (state, tx) => {
  const kind = VANISHING[state.company.hour() % VANISHING.length] ?? "payment";
  const taken = state.take(kind);
  if (!taken) return;
  await tx.remove(FEED_OF[kind], [rowId(taken.fact)]);
  state.plant({ kind, fact: taken.fact }, "vanished_rows");
};
