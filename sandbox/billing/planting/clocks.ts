import { newPayment } from "../new-rows.ts";
import type { WorldState } from "../state.ts";
import { keyOf } from "../tables.ts";
import type { Planter } from "./bad-rows.ts";

async function realClock(state: WorldState, offset: string): Promise<string> {
  const { rows } = await state.client.query<{ at: string }>("select (now() + $1::interval)::text as at", [offset]);
  return rows[0]?.at ?? "";
}

/** A payment from a machine whose clock is ahead: it is read again in each hour and must stay as it is. */
export const clockForward: Planter = async (state, tx) => {
  const row = newPayment(state, state.look("billing.invoices"), { kind: "payment", minor: state.random.int(100, 9000) });
  await tx.insert("billing.payments", [{ ...row, updated_at: await realClock(state, "3 hours") }]);
  state.plant("billing.payments", row, "clock_forward");
};

/** A payment from a machine whose clock is days behind: no increment can see it, the next full read does. */
export const clockBack: Planter = async (state, tx) => {
  const updated_at = await realClock(state, "-3 days");
  const known = state.random.chance(0.5) ? state.take("billing.payments") : null;
  if (known) {
    await tx.update("billing.payments", [{ ...known, description: "Settled by the branch office", updated_at }]);
    state.plant("billing.payments", known, "clock_back");
    return;
  }
  const row = newPayment(state, state.look("billing.invoices"), { kind: "payment", minor: state.random.int(100, 9000) });
  await tx.insert("billing.payments", [{ ...row, updated_at }]);
  state.plant("billing.payments", row, "clock_back");
};

const VANISHING = ["billing.payments", "billing.invoices", "billing.customers", "billing.subscriptions"] as const;

/** Hard deletes, which no increment can see: one row of one table an hour. */
export const hardDelete: Planter = async (state, tx) => {
  const feed = VANISHING[state.hour() % VANISHING.length] ?? "billing.payments";
  const row = state.take(feed);
  if (!row) return;
  await tx.remove(feed, [keyOf(row)]);
  state.plant(feed, row, "vanished_rows");
};
