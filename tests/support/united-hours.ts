import type { Hour, Row } from "./desk.ts";

const [CHARGES, TRANSFERS] = ["app.charges", "app.transfers"];

/** A row of `app.charges`. */
export const charge = (id: number, number: number, more: Row = {}): Row => ({
  id,
  number,
  amount: 100,
  currency: "USD",
  ...more,
});

/** A row of `app.transfers`. */
export const transfer = (id: number, [bank, number]: readonly [bank: string, number: string], more: Row = {}): Row => ({
  ...{ id, bank, number, amount: 250, currency: "USD" },
  ...more,
});

/** Three hours of the fixture `united`: rows of both feeds, one of them with the other's number; one has another number; one is gone. */
export const UNITED_HOURS: readonly Hour[] = [
  { rows: { [CHARGES]: [charge(1, 1), charge(2, 2)], [TRANSFERS]: [transfer(1, ["N", "1"])] } },
  { rows: { [CHARGES]: [charge(2, 3, { amount: 70 })], [TRANSFERS]: [transfer(2, ["N:1", "2"]), transfer(3, ["N", "1:2"])] } },
  { rows: { [CHARGES]: [], [TRANSFERS]: [] }, keys: { [TRANSFERS]: [{ id: 2 }, { id: 3 }] } },
];
