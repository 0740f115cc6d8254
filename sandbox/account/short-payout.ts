import { numberIn } from "../stripe/json.ts";
import type { Stripe } from "../stripe/start-stripe.ts";
import type { Stored } from "../stripe/store.ts";

const EVER = Number.POSITIVE_INFINITY;

type Kept = Pick<Stripe, "books" | "store">;

/** The fee of a movement that a payout has taken along, smaller than the payout. */
function feeIn({ store }: Kept, payout: Stored): number | undefined {
  const own = store.between("balance_transaction", 0, EVER).filter(({ aside }) => aside["payout"] === payout.id);
  return own.map(({ object }) => numberIn(object, "fee")).find((fee) => fee > 0 && fee < numberIn(payout.object, "amount"));
}

/**
 * The payout that is on its way lacks the fee of a charge that had been taken off already. Its movement lacks it too: Stripe agrees with
 * itself, and only what was available says that less has left.
 */
export function shortenPayout(account: Kept): void {
  const payout = account.store.between("payout", 0, EVER).findLast(({ object }) => object["status"] === "in_transit");
  const fee = payout && feeIn(account, payout);
  if (payout && fee !== undefined) account.books.payouts.shorten(payout.id, fee);
}
