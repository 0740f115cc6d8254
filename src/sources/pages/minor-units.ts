/**
 * Digits by which amounts of Stripe's API have more (or, below zero, fewer) decimals than minor units of ISO 4217: version 1 of the
 * table, which is never changed, since published amounts were made by it. ISK and UGX have no minor unit and are sent in hundredths;
 * MGA has one and is sent in whole ariary. HUF and TWD are sent as ISO has them, though payouts are whole forints and dollars; the other
 * currencies agree. Source: https://docs.stripe.com/currencies
 */
const STRIPE_1: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: -2 };

const INTEGER = /^-?(?:0|[1-9]\d*)$/;

/**
 * An amount of Stripe's API, the text of an integer, in minor units of ISO 4217.
 * @param currency in upper-case letters.
 * @returns null where it is no integer, or none in that unit: nothing is rounded.
 */
export function minorOfStripe(amount: string, currency: string): string | null {
  if (!INTEGER.test(amount) || amount === "-0") return null;
  const digits = STRIPE_1[currency] ?? 0;
  if (digits === 0 || amount === "0") return amount;
  if (digits < 0) return amount + "0".repeat(-digits);
  const zeros = "0".repeat(digits);
  return amount.endsWith(zeros) && amount.length > digits ? amount.slice(0, -digits) : null;
}
