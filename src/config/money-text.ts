/** Minor units as a decimal in the currency's own digits, e.g. `1234.50 EUR`; unknown currencies stay minor units. */
export function formatMoney(minor: bigint, currency: string, currencies: Readonly<Record<string, number>>): string {
  const digits = currencies[currency];
  if (digits === undefined) return `${minor} minor units of ${currency}`;
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return `${minor < 0n ? "-" : ""}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ""} ${currency}`;
}
