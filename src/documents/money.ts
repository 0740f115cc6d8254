import { type JsonAmount, jsonAmount } from "../kernel/json.ts";

/** Minor units per currency. */
export type MinorByCurrency = ReadonlyMap<string, bigint>;

/** Minor units as a decimal in the currency's own digits, e.g. `1234.50 EUR`; unknown currencies stay minor units. */
export function formatMoney(minor: bigint, currency: string, currencies: Readonly<Record<string, number>>): string {
  const digits = currencies[currency];
  if (digits === undefined) return `${minor} minor units of ${currency}`;
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0n ? "-" : ""}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ""} ${currency}`;
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
