import { settle } from "../money.ts";
import { movementShape } from "../shapes/balance.ts";
import type { Stored } from "../store.ts";
import type { Occasion, Writing } from "../writing.ts";

/** Money that comes into the balance or leaves it, in the currency in which it was charged. */
export interface Movement {
  /** The object that it comes from; null for a fee of Stripe's own. */
  readonly source: string | null;
  /** Minor units; negative where money leaves. */
  readonly amount: number;
  readonly currency: string;
  readonly type: string;
  readonly category?: string;
  readonly description?: string | null;
  /** The fee in the balance's minor units, from the amount in them. */
  readonly fee?: (settled: number) => number;
}

/** Seconds until money that was charged can be paid out. */
const UNTIL_AVAILABLE = 2 * 86_400;

/** Writes a balance transaction. There are no events of them. */
export function move(writing: Writing, movement: Movement, occasion: Occasion): Stored {
  const { amount, currency, rate } = settle(movement.amount, movement.currency, writing.settings.account.currency);
  const shape = movementShape({
    amount,
    currency,
    rate,
    fee: movement.fee?.(amount) ?? 0,
    type: movement.type,
    category: movement.category ?? movement.type,
    source: movement.source,
    description: movement.description ?? null,
    availableOn: movement.amount > 0 ? occasion.at + UNTIL_AVAILABLE : occasion.at,
  });
  return writing.add("balance_transaction", shape, { occasion });
}
