import { differing, rowDifferences, waitDifferences } from "../beside/differing.ts";
import type { Difference } from "../curated.ts";
import type { AccountState } from "./expectation.ts";
import { expectedPayments, sumsOf } from "./payments.ts";
import type { Published } from "./published.ts";

/** The warehouse's own sums against those of the expected rows, so that nothing hangs on how rows are read one by one. */
function sumDifferences(state: AccountState, { sums }: Published): Difference[] {
  const should = sumsOf(expectedPayments(state).values());
  return [...new Set([...should.keys(), ...sums.keys()])].flatMap((currency) => {
    const [expected, found] = [should.get(currency), sums.get(currency)];
    const columns = (["amount", "refunded"] as const).filter((name) => expected?.[name] !== found?.[name]);
    return columns.length === 0 ? [] : [{ feed: "sums of card_payment", key: currency, columns }];
  });
}

/** Everything in which the warehouse is not what the account says, row by row and in sums by currency. */
export function accountDifferences(state: AccountState, published: Published): Difference[] {
  const payments = published.payments.map((row) => [row["charge_id"] ?? "", row] as const);
  return [
    ...rowDifferences(state.rows, published),
    ...waitDifferences("stripe", state.waiting, published),
    ...differing("card_payment", expectedPayments(state), payments),
    ...sumDifferences(state, published),
  ];
}
