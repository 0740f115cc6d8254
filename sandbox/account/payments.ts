import type { Row } from "../feed.ts";
import { type AccountState, rowsOf } from "./expectation.ts";

/** Columns of the curated table that this file speaks of. */
export const PAYMENT_COLUMNS = [
  "charge_id",
  "customer_id",
  "status",
  "currency",
  "amount_minor",
  "refunded_minor",
  "refunds",
  "disputed",
  "created_at",
] as const;

/** What came in and what went back in one currency, in minor units. */
export interface Sums {
  readonly amount: bigint;
  readonly refunded: bigint;
}

const NOTHING: Sums = { amount: 0n, refunded: 0n };

/** Refunds that have arrived, by their charge. */
function arrived(state: AccountState): ReadonlyMap<string, readonly bigint[]> {
  const byCharge = new Map<string, bigint[]>();
  for (const { cells, deleted } of rowsOf(state, "stripe.refunds").values()) {
    const charge = cells["charge_id"] ?? null;
    if (deleted || charge === null || cells["status"] !== "succeeded") continue;
    byCharge.set(charge, [...(byCharge.get(charge) ?? []), BigInt(cells["amount_minor"] ?? "0")]);
  }
  return byCharge;
}

/** The rows of `card_payment` that follow from what should be published, by charge. */
export function expectedPayments(state: AccountState): ReadonlyMap<string, Row> {
  const back = arrived(state);
  const live = [...rowsOf(state, "stripe.charges")].filter(([, { deleted }]) => !deleted);
  return new Map(
    live.map(([id, { cells }]) => {
      const refunds = back.get(id) ?? [];
      const own = {
        charge_id: id,
        refunded_minor: refunds.reduce((sum, amount) => sum + amount, 0n).toString(),
        refunds: String(refunds.length),
      };
      return [id, { ...Object.fromEntries(PAYMENT_COLUMNS.map((name) => [name, cells[name] ?? null])), ...own }];
    }),
  );
}

/** Sums of payments by currency. */
export function sumsOf(payments: Iterable<Row>): ReadonlyMap<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const row of payments) {
    const currency = row["currency"] ?? "";
    const { amount, refunded } = sums.get(currency) ?? NOTHING;
    sums.set(currency, {
      amount: amount + BigInt(row["amount_minor"] ?? "0"),
      refunded: refunded + BigInt(row["refunded_minor"] ?? "0"),
    });
  }
  return sums;
}
