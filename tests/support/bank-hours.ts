import type { Hour, Row } from "./desk.ts";

/** An order of a desk. */
export function orderOf(order: {
  no: number;
  amount?: number;
  currency?: string;
  moved?: string;
  returned?: string;
  v?: number;
}): Row {
  const { no, amount = 100, currency = "EUR", moved = null, returned = null, v = 1 } = order;
  return { desk: "A|1\\", order_no: no, v, amount, currency, moved_by: moved, returned_by: returned };
}

/** A movement of the account; without an order it is the bank's own. */
export function movementOf(movement: { id: string; no?: number; amount?: number; currency?: string; v?: number }): Row {
  const { id, no = null, amount = 100, currency = "EUR", v = 1 } = movement;
  return { id, v, desk: no === null ? null : "A|1\\", order_no: no, amount, currency };
}

/** An hour in which orders and movements are read. */
export function bankHour(orders: readonly Row[], movements: readonly Row[]): Hour {
  return { rows: { "bank.orders": orders, "bank.movements": movements } };
}

/** Movements before their orders, orders that wait, and what was returned. */
export const BANK_HOURS: readonly Hour[] = [
  bankHour([orderOf({ no: 1, moved: "m1" })], [movementOf({ id: "m1", no: 1 }), movementOf({ id: "m2", no: 2 })]),
  bankHour([orderOf({ no: 1, moved: "m1", returned: "m3", v: 2 })], [movementOf({ id: "m3", no: 1, amount: -100 })]),
];
