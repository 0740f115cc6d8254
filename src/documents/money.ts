import { formatMoney } from "../config/money-text.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";

/** Minor units per currency. */
export type MinorByCurrency = ReadonlyMap<string, bigint>;

/** The money of some lines by currency, each by itself. */
export function sumByCurrency(lines: readonly { readonly currency: string; readonly minor: bigint }[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, minor } of lines) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  return sums;
}

/** A list for people; feeds without amounts count under currency `-` and show nothing. */
export function formatMoneyList(money: MinorByCurrency, currencies: Readonly<Record<string, number>>): string {
  const shown = [...money].filter(([currency, minor]) => currency !== "-" || minor !== 0n);
  return shown.map(([currency, minor]) => formatMoney(minor, currency, currencies)).join(", ");
}

/** The same as JSON. */
export function moneyDocument(money: MinorByCurrency): { currency: string; minor: JsonAmount }[] {
  return [...money].map(([currency, minor]) => ({ currency, minor: jsonAmount(minor) }));
}
